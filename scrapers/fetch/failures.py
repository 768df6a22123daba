"""What goes wrong on the network, as outcomes with reasons for people."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from scrapers.fetch.addresses import NameNotFound, PrivateAddress
from scrapers.fetch.outcomes import Outcome

# what a request may raise; anything else is a fault of this program
NETWORK_ERRORS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, PrivateAddress, NameNotFound, OSError)

# ends that say something about the host, not about the page
HOST_FAILURES = frozenset(
    {Outcome.timeout, Outcome.connection_error, Outcome.server_error, Outcome.tls_error, Outcome.waf_challenge}
)


class Failed(Exception):
    """The end of an attempt without a page. ``again`` says whether another try may help, ``wait`` when (seconds)."""

    def __init__(
        self, outcome: Outcome, reason: str, *, again: bool = False, wait: float | None = None,
        status: int | None = None, content_type: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.again = again
        self.wait = wait
        self.status = status
        self.content_type = content_type


def network_failure(error: Exception) -> Failed:
    """The end that an error of the network means."""
    said = str(error) or type(error).__name__
    if isinstance(error, PrivateAddress):
        return Failed(Outcome.private_address, said)
    if isinstance(error, NameNotFound):
        return Failed(Outcome.connection_error, said, again=True)
    if isinstance(error, httpx.TimeoutException):
        kind = "no connection in time" if isinstance(error, httpx.ConnectTimeout) else "no answer in time"
        return Failed(Outcome.timeout, kind, again=True)
    if _is_tls(error):
        return Failed(Outcome.tls_error, said)
    if _header_too_long(error):
        return Failed(Outcome.too_large, "the header of the answer is longer than 100 kB")
    if isinstance(error, httpx.ProxyError):
        return Failed(Outcome.connection_error, f"the proxy refuses: {said}", again=True)
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.InvalidURL)):
        return Failed(Outcome.bad_url, said)
    return Failed(Outcome.connection_error, said, again=True)


def _is_tls(error: BaseException) -> bool:
    """Whether an error of TLS stands behind ``error``."""
    return any(isinstance(cause, ssl.SSLError) for cause in _causes(error))


def _header_too_long(error: BaseException) -> bool:
    """Whether h11 gave up on the header of an answer (it says so with the status that a server would send: 431)."""
    return any(getattr(cause, "error_status_hint", None) == 431 for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what lies behind it, the nearest ten."""
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def seconds_to_wait(retry_after: str | None) -> float | None:
    """The wait that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), None where it says nothing."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
