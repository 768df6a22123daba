"""The settings of the fetcher; the defaults are those of a guest."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

ROBOTS_NAME = "gongkai"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Limits and manners of one crawl. Times in seconds, sizes in decompressed bytes.

    ``proxy`` is http://… or https://…, with user name and password where it asks for them. Sources that may ask
    private networks (``allow_private``) never go through it. The environment's HTTP_PROXY is not read.

    What a proxy costs: it looks names up itself, so the address that was checked here need not be the one that it
    dials. Names are looked up here too, where that is possible, and those that lead into private networks are refused;
    a proxy for crawls should refuse them as well. Names that cannot be looked up here are left to the proxy, and only
    the gate of the host holds for them.
    """

    contact: str | None = None  # an address at which a site's keeper reaches the researcher
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    connect_timeout: float = 15.0
    read_timeout: float = 30.0  # between two pieces of an answer
    total_timeout: float = 120.0  # one request with its whole answer
    max_bytes_html: int = 20_000_000
    max_bytes_pdf: int = 50_000_000
    max_bytes_list: int = 5_000_000
    max_bytes_robots: int = 512_000  # RFC 9309 asks for at least 500 KiB
    max_bytes_refusal: int = 65_536  # of answers that are not 200: enough to see what they are
    max_redirects: int = 5
    tries: int = 3
    backoff_initial: float = 1.0
    backoff_max: float = 30.0
    backoff_jitter: float = 1.0
    retry_after_max: float = 120.0  # a longer wish gives the host up for this run
    crawl_delay_max: float = 60.0
    give_up_after: int = 20  # addresses in a row that a host could not give; the rest of it is left for the next run
    names_kept: float = 300.0  # a looked up name

    def __post_init__(self) -> None:
        """Raises ValueError where contact or proxy cannot be used; the message never holds the proxy's password."""
        if self.contact and not (self.contact.isascii() and self.contact.isprintable()):
            raise ValueError("the contact is sent in a header: write it in plain ASCII, such as an e-mail address")
        self.http_proxy()

    def http_proxy(self) -> httpx.Proxy | None:
        """The proxy as httpx takes it. Raises ValueError."""
        if not self.proxy:
            return None
        try:
            proxy = httpx.Proxy(self.proxy)
        except (ValueError, httpx.InvalidURL):
            raise ValueError("the proxy is not an address such as http://host:port") from None
        if proxy.url.scheme not in ("http", "https") or not proxy.url.host:
            raise ValueError("the proxy must be an address of http or https, such as http://host:port")
        return proxy

    @property
    def user_agent(self) -> str:
        """The User-Agent header, with the contact where one is set."""
        return f"{ROBOTS_NAME}/0.1 ({self.contact or 'research on government information disclosure reports'})"
