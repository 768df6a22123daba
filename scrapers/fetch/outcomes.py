"""How an attempt to get a page can end, and what the room hands on.

Every address asked for and every file found ends as exactly one ``Fetched``; nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scrapers.document import Page


class Outcome(StrEnum):
    """The end of one attempt. Only ``ok`` has a page; ``not_modified`` means that the landed copy is still current."""

    ok = "ok"
    not_modified = "not_modified"
    gone = "gone"
    blocked_by_robots = "blocked_by_robots"
    refused = "refused"
    server_error = "server_error"
    timeout = "timeout"
    too_large = "too_large"
    tls_error = "tls_error"
    not_html = "not_html"
    soft_404 = "soft_404"
    login_page = "login_page"
    waf_challenge = "waf_challenge"
    redirected_off_site = "redirected_off_site"
    too_many_redirects = "too_many_redirects"
    private_address = "private_address"
    bad_url = "bad_url"
    connection_error = "connection_error"
    empty = "empty"
    off_site_link = "off_site_link"
    over_limit = "over_limit"
    links_not_read = "links_not_read"
    unsupported_file = "unsupported_file"
    unreadable_file = "unreadable_file"
    missing_file = "missing_file"
    bad_manifest_row = "bad_manifest_row"


OUTCOME_TEXTS: dict[Outcome, str] = {
    Outcome.ok: "the page was got",
    Outcome.not_modified: "the page has not changed since it was last got",
    Outcome.gone: "the site says that the page is not there (404 or 410)",
    Outcome.blocked_by_robots: "the site's robots.txt asks not to fetch it",
    Outcome.refused: "the site refuses to give the page (401, 403, 429 and the like)",
    Outcome.server_error: "the site answers with an error of its own or with an answer that makes no sense",
    Outcome.timeout: "the site did not answer in time",
    Outcome.too_large: "the page is over the limit of size",
    Outcome.tls_error: "the site's certificate or encryption cannot be trusted",
    Outcome.not_html: "the answer is neither a page nor a document",
    Outcome.soft_404: "the site answers 200 with a page that says that the page is not there",
    Outcome.login_page: "the site answers with a page that asks to log in",
    Outcome.waf_challenge: "the site's firewall answers with a challenge for browsers in place of the page",
    Outcome.redirected_off_site: "the site sends on to a host that is not the publisher's",
    Outcome.too_many_redirects: "the site sends on again and again",
    Outcome.private_address: "the address leads into a private network, which is never asked",
    Outcome.bad_url: "the address cannot be used",
    Outcome.connection_error: "the connection failed or broke off",
    Outcome.empty: "the answer holds no bytes",
    Outcome.off_site_link: "a link to a host that is not the publisher's, not followed",
    Outcome.links_not_read: "the page was got, but its links could not be read, so what it names was not asked for",
    Outcome.over_limit: "a limit of the crawl was reached, the rest was not asked for",
    Outcome.unsupported_file: "the kind of file cannot be read",
    Outcome.unreadable_file: "the file cannot be opened",
    Outcome.missing_file: "the manifest names a file that is not in the folder",
    Outcome.bad_manifest_row: "a row of the manifest cannot be used",
}


class Role(StrEnum):
    """What a page is to its source. Only report and attachment pages are documents for the reader."""

    list_page = "list_page"
    report = "report"
    attachment = "attachment"  # an annex page or a file linked from a report page
    file = "file"  # a local copy
    manifest = "manifest"  # a remark on manifest.csv; the file it is about has a row of its own


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to get one page."""

    source_id: str
    source_file: str | None  # path inside the pages folder, with "/"
    source_url: str | None  # as asked for, before redirects
    outcome: Outcome
    reason: str | None  # for people; None where the outcome is ok
    attempted_at: datetime  # the clock of the run, UTC
    http_status: int | None = None
    content_type: str | None = None  # the header as sent
    byte_count: int | None = None  # decompressed
    content_sha256: str | None = None  # of the known copy where the outcome is not_modified
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime | None = None  # UTC; of a local copy what the manifest says, else None
    final_url: str | None = None  # where redirects led, None where there were none
    role: Role = Role.report
    found_on: str | None = None  # the page whose link led here
    link_text: str | None = None  # the words of that link
    link_date: str | None = None  # the ISO date printed beside that link
    tls_exception: str | None = None  # what the source's file excepts from strict TLS, and why; None where strict


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as they went over the wire, for the archive.

    ``body`` is the answer's body as sent: still packed where ``Content-Encoding`` says so, with the framing of HTTP
    (chunks, frames) undone. Header names and values are bytes as sent, in their order.
    """

    url: str  # of this hop: where redirects led, the last
    request_line: str  # GET /path HTTP/1.1
    request_headers: tuple[tuple[bytes, bytes], ...]
    status_line: str  # HTTP/1.1 200 OK
    response_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    ip_address: str | None
    sent_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Fetched:
    """The end of one attempt, with the page where there is one and the exchange that it came from."""

    page: Page | None
    attempt: Attempt
    exchange: Exchange | None = None  # of pages got over HTTP


@dataclass(frozen=True, slots=True)
class Known:
    """What was landed from an address before, for a conditional request.

    ``content`` gives the landed bytes again, so that the links of an unchanged page can still be followed. Where it is
    None or gives None, the crawl asks for the page without conditions.
    """

    etag: str | None = None
    last_modified: str | None = None
    content_sha256: str | None = None
    content: Callable[[], bytes | None] | None = None
    role: Role | None = None  # what it was; known reports and attachments are asked again where no list names them
    final_url: str | None = None  # where redirects led when it was landed; its links are relative to that
