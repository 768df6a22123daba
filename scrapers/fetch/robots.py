"""What a site's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from scrapers.fetch.outcomes import Outcome
from scrapers.fetch.settings import ROBOTS_NAME


@dataclass(frozen=True)
class RobotsRules:
    """The rules of one origin. ``fault`` is set where they could not be got, so that the site is left alone."""

    parser: Protego | None = None
    fault: tuple[Outcome, str] | None = None

    def allows(self, url: str) -> bool:
        """Whether ``url`` may be fetched."""
        return self.parser is None or bool(self.parser.can_fetch(url, ROBOTS_NAME))

    def crawl_delay(self, most: float) -> float:
        """Seconds between requests that the site asks for, at most ``most``; 0 where it asks for none."""
        delay = self.parser.crawl_delay(ROBOTS_NAME) if self.parser else None
        return min(max(float(delay), 0.0), most) if delay is not None else 0.0


NO_RULES = RobotsRules()
# ends that mean that there is no such file
_NO_FILE = frozenset(
    {Outcome.gone, Outcome.soft_404, Outcome.empty, Outcome.refused, Outcome.too_many_redirects,
     Outcome.redirected_off_site, Outcome.off_site_link, Outcome.not_html, Outcome.login_page}
)  # fmt: skip


def rules_from(content: bytes | None, outcome: Outcome, reason: str | None, status: int | None) -> RobotsRules:
    """The rules that the attempt to get robots.txt leads to.

    RFC 9309, 2.3.1: a client error (no such file, forbidden) means no rules; a server that fails or cannot be reached
    means that nothing may be fetched. A file over the limit of size counts as failed, and so does the challenge of a
    firewall unless it comes as a client error.
    """
    if content is not None:
        return RobotsRules(parser=Protego.parse(content.decode("utf-8-sig", errors="replace")))
    if status == 429:
        return RobotsRules(fault=(outcome, f"robots.txt could not be got: {reason}"))
    if outcome is Outcome.waf_challenge and status is not None and 400 <= status < 500:
        return NO_RULES
    if outcome in _NO_FILE:
        return NO_RULES
    if outcome is Outcome.server_error:
        outcome = Outcome.blocked_by_robots
    return RobotsRules(fault=(outcome, f"robots.txt could not be got: {reason}"))
