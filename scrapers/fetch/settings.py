"""The settings of the fetcher; the defaults are those of a guest."""

from __future__ import annotations

from dataclasses import dataclass

ROBOTS_NAME = "gongkai"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Limits and manners of one crawl. Times in seconds, sizes in decompressed bytes."""

    contact: str | None = None  # an address at which a site's keeper reaches the researcher
    connect_timeout: float = 15.0
    read_timeout: float = 30.0  # between two pieces of an answer
    total_timeout: float = 120.0  # one request with its whole answer
    max_bytes_html: int = 20_000_000
    max_bytes_pdf: int = 50_000_000
    max_bytes_list: int = 5_000_000
    max_bytes_robots: int = 512_000  # RFC 9309 asks for at least 500 KiB
    max_redirects: int = 5
    tries: int = 3
    backoff_initial: float = 1.0
    backoff_max: float = 30.0
    backoff_jitter: float = 1.0
    retry_after_max: float = 120.0  # a longer wish gives the host up for this run
    crawl_delay_max: float = 60.0

    @property
    def user_agent(self) -> str:
        """The User-Agent header, with the contact where one is set."""
        return f"{ROBOTS_NAME}/0.1 ({self.contact or 'research on government information disclosure reports'})"
