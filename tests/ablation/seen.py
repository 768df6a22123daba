"""What a reading of a page and its answer see differently, as names that a trap may be about."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from scrapers.accuracy.answers import Answer
from scrapers.accuracy.compare import differences
from scrapers.accuracy.identity import flag_verdicts
from scrapers.document import Reading

# How answers name what a page is in place of a report → the reader's codes for it.
_REASONS = {
    "guide": ("guide",), "notice": ("notice",), "blank form": ("blank_form",), "list page": ("list_page",),
    "list page of many agencies": ("list_page", "several_reports"), "assessment result": ("assessment",),
    "news": ("news_item",), "error page": ("error_page",), "login page": ("login_page",),
}  # fmt: skip


def faults(answer: Answer, reading: Reading) -> dict[str, str]:
    """Name → sentence of every difference: ``words.<metric>.<attribute>``, ``cells.<field>.<applicant>.<attribute>``,
    ``identity.<field>.value``, ``missing.<metric>.presence``, ``issues.<code>.presence``, ``kind.document_kind.value``,
    ``kind.reason.value``, ``flags.<mark>``, ``trust``."""
    found: dict[str, str] = {}
    for one in differences(answer, reading):
        found.setdefault(f"{one.part}.{one.name}.{one.attribute}", str(one))
    return found | dict(_marks(answer, reading))


def _marks(answer: Answer, reading: Reading) -> Iterator[tuple[str, str]]:
    for flag in flag_verdicts(answer, reading):
        if flag.wanted != flag.raised:
            yield f"flags.{flag.name}", f"{flag.name}: {flag.raised}, answer {flag.wanted}"
    codes = _REASONS.get(answer.reason or "")
    if codes and reading.reason_code not in codes:
        yield "kind.reason.value", f"reason: {reading.reason_code}, answer {answer.reason}"
    trust = reading.identity.trust if reading.identity else None
    wanted = (answer.trust, *answer.accept.get("trust", []))
    if answer.trust is not None and answer.is_report and trust not in wanted and not _unregistered(answer, trust):
        yield "trust", f"trust: {trust}, answer {answer.trust}"


def _unregistered(answer: Answer, trust: str | None) -> bool:
    """Without a registry of sources a reader cannot know that a host is official."""
    return answer.trust == "official" and trust == "unknown"


def concerning(found: dict[str, str], names: list[str]) -> dict[str, str]:
    """The differences that one of the names (with * for any part) is about."""
    return {name: said for name, said in found.items() if any(fnmatchcase(name, wanted) for wanted in names)}
