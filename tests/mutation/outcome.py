"""What must stay when a page is rewritten: kind, form, identity, figures with value, unit, qualifier and state."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from zhconv_rs_opencc import zhconv

from scrapers.accuracy.identity import IDENTITY, PLACE
from scrapers.document import Figure, Reading

FLAGS = frozenset({"hijacked", "jurisdiction_undecided", "tables_lost"})
Key = tuple[str, str, str | None, str]


def changes(before: Reading, after: Reading, lossy: str | None = None) -> list[str]:
    """Every change of meaning between two readings, in words; evidence must be exact but may be other words.

    ``lossy``: the basis (table, narrative) of figures that the rewriting may lose; none may change or appear.
    """
    found = list(_misquoted(after))
    if before.document_kind != after.document_kind:
        return [*found, f"kind: {before.document_kind} → {after.document_kind} ({after.reason})"]
    if before.document_kind == "not_a_report":
        return [*found, *(["a page that is no report has figures"] if after.figures else [])]
    found += _figures(before, after, lossy)
    if before.report_format != after.report_format and lossy != "table":
        found.append(f"form: {before.report_format} → {after.report_format}")
    found += _identity(before, after)
    flags = {issue.code for issue in before.issues} & FLAGS, {issue.code for issue in after.issues} & FLAGS
    if flags[0] != flags[1] and lossy != "table":
        found.append(f"flags: {sorted(flags[0])} → {sorted(flags[1])}")
    return found


def _misquoted(reading: Reading) -> Iterator[str]:
    text = reading.document.text if reading.document else ""
    for one in reading.figures:
        if text[one.evidence_start : one.evidence_end] != one.evidence:
            yield f"{one.field_id}: the evidence is not the text at its place"


def figures(reading: Reading) -> dict[Key, Figure]:
    """The first figure of each field, kind of applicant and basis."""
    found: dict[Key, Figure] = {}
    for one in reading.figures:
        found.setdefault((one.metric_id, one.field_id, one.applicant_type, one.basis), one)
    return found


def _figures(before: Reading, after: Reading, lossy: str | None) -> Iterator[str]:
    old, new = figures(before), figures(after)
    for key in sorted(old.keys() | new.keys(), key=str):
        name = " ".join(part for part in (key[0], key[2], key[3]) if part)
        if key not in new:
            if key[3] != lossy:
                yield f"{name}: {old[key].value:g} is lost (“{old[key].evidence}”)"
        elif key not in old:
            yield f"{name}: {new[key].value:g} has come from “{new[key].evidence}”"
        else:
            shown = [(one.value, one.unit, one.qualifier, one.value_state) for one in (old[key], new[key])]
            if shown[0] != shown[1]:
                yield f"{name}: {shown[0]} → {shown[1]} (“{old[key].evidence}” → “{new[key].evidence}”)"


def _identity(before: Reading, after: Reading) -> Iterator[str]:
    one, other = before.identity, after.identity
    if one is None or other is None:
        if one is not other:
            yield "identity: is lost or has come"
        return
    pairs = [(name, getattr(one, name), getattr(other, name)) for name in (*IDENTITY, "trust", "issuer", "website")]
    pairs += [(name, getattr(one.jurisdiction, key), getattr(other.jurisdiction, key)) for name, key in PLACE.items()]
    for name, old, new in pairs:
        if plain(old) != plain(new):
            yield f"{name}: {old!r} → {new!r}"


def plain(value: Any) -> Any:
    """A text without what is only its dress: width, script, blanks, invisible characters."""
    if not isinstance(value, str):
        return value
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]", "", zhconv(unicodedata.normalize("NFKC", value), "zh-hans"))
