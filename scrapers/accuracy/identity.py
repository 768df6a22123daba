"""Title, place, time and contacts of a reading against the answer, and the flags that say what a page is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from scrapers.accuracy.answers import Answer
from scrapers.document import Reading

IDENTITY = (
    "title", "agency_name", "scope", "report_year", "period_start", "period_end", "published_on", "phone", "fax",
    "email", "postcode", "address",
)  # fmt: skip
PLACE = {
    "jurisdiction_id": "id", "jurisdiction_code": "code", "jurisdiction_name": "name", "jurisdiction_level": "level",
    "parent_code": "parent_code",
}  # fmt: skip
_PLAIN = str.maketrans("（）：，　", "():, ")


@dataclass(frozen=True, slots=True)
class IdentityVerdict:
    """One identity field. ``absent``: the page does not say it, and the reader gives nothing."""

    name: str
    found: Any
    wanted: Any
    verdict: Literal["right", "absent", "wrong", "missed", "invented"]


@dataclass(frozen=True, slots=True)
class FlagVerdict:
    """Whether a page has a mark (hijacked, mirror, not_a_report, duplicate …) by the answer, and by the reading."""

    name: str
    wanted: bool
    raised: bool


def identity_verdicts(answer: Answer, reading: Reading) -> Iterator[IdentityVerdict]:
    """A verdict on each identity field of a report; all are missed where the page was not taken for a report."""
    found = _found(reading)
    for name in (*IDENTITY, *PLACE, "candidate_codes", "report_format"):
        wanted = getattr(answer, name)
        if name == "candidate_codes":
            wanted = sorted(wanted)
            if not wanted:
                continue
        yield IdentityVerdict(name, found.get(name), wanted, _verdict(found.get(name), wanted, answer.accept.get(name)))


def _found(reading: Reading) -> dict[str, Any]:
    identity = reading.identity
    if identity is None:
        return {}
    found = {name: getattr(identity, name) for name in IDENTITY}
    found |= {name: getattr(identity.jurisdiction, attribute) for name, attribute in PLACE.items()}
    found["candidate_codes"] = sorted(identity.jurisdiction.candidate_codes)
    found["report_format"] = reading.report_format
    return found


def _verdict(
    found: Any, wanted: Any, accept: list[Any] | None
) -> Literal["right", "absent", "wrong", "missed", "invented"]:
    accepted = [wanted, *(accept or [])]
    if found in accepted or _plain(found) in [_plain(one) for one in accepted]:
        return "absent" if found is None else "right"
    if found is None or found == []:
        return "missed"
    return "invented" if wanted is None else "wrong"


def _plain(value: Any) -> Any:
    """Brackets and blanks in full or half width are the same to a reader."""
    return value.translate(_PLAIN).replace(" ", "") if isinstance(value, str) else value


def flag_verdicts(answer: Answer, reading: Reading) -> Iterator[FlagVerdict]:
    """The marks that one page decides. A mark that the answer allows without asking for it is left out."""
    codes = {issue.code for issue in reading.issues}
    yield FlagVerdict("not_a_report", not answer.is_report, reading.document_kind == "not_a_report")
    if not answer.is_report:
        return
    yield FlagVerdict("annex", answer.document_kind == "annex", reading.document_kind == "annex")
    for name in ("hijacked", "tables_lost", "jurisdiction_undecided"):
        if name in answer.issues or name not in answer.accept_issues:
            yield FlagVerdict(name, name in answer.issues, name in codes)
    mirror = _is_mirror(answer)
    if mirror is not None:
        trust = reading.identity.trust if reading.identity else None
        yield FlagVerdict("mirror", mirror, trust == "mirror")


def _is_mirror(answer: Answer) -> bool | None:
    """None where both answers are right."""
    if "mirror" in (*answer.accept.get("trust", []), *answer.accept.get("trust_at_gov_host", [])):
        return None
    if answer.trust is not None:
        return answer.trust == "mirror"
    # An address of its own beside the place on the official host: a page that was copied to a foreign host.
    return answer.url is not None and "mirror" in (*answer.issues, *answer.accept_issues)
