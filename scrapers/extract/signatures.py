"""Who issued a report: its first sentence, the signature at its end, the issuer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from scrapers.extract.dates import find_dates
from scrapers.extract.titles import MAX_TITLE, YEAR, Title, agency_of_title, lines_of, title_words

_TAIL_CHARACTERS = 1500
_MAX_AGENCY = 50


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued a report. ``basis``: compiled (由X编制), signature, title, or contact (the office to ask)."""

    name: str
    basis: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The block at the end: who signed and when. ``start`` is its place in the normalised text."""

    name: str | None
    day: date | None
    start: int


def first_sentence(text: str, title: Title | None, preface_end: int) -> str | None:
    """The first sentence behind the title, at most 400 characters; None where chapters begin at once."""
    start = title.end if title and title.end is not None and title.basis == "text" else 0
    for line_start, line in lines_of(text[: max(preface_end, 0)], max(preface_end, 0)):
        if line_start < start and line_start + len(line) <= start:
            continue
        rest = line[max(0, start - line_start) :].strip(" |")
        if len(rest) < 15 or title_words().debris.search(rest) or ("。" not in rest and len(rest) < 40):
            continue
        return rest.split("。", 1)[0][:400]
    return None


def find_signature(text: str) -> Signature | None:
    """Name and day of the block at the end of a normalised text; footers behind it are passed over."""
    offset = max(0, len(text) - _TAIL_CHARACTERS)
    lines = [(offset + start, line) for start, line in lines_of(text[offset:], len(text))]
    lines = [(start, line) for start, line in lines if not title_words().debris.search(line.strip(" |\t"))]
    for index in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        start, line = lines[index]
        dated = _dated(line)
        if dated is None:
            continue
        name, day, at = dated
        if name is None and index > 0 and len(_signer(lines[index - 1][1])) <= _MAX_AGENCY:
            before_start, before = lines[index - 1]
            if _signs(before):
                return Signature(_signer(before), day, before_start)
        if name is None and index + 1 < len(lines) and _signs(lines[index + 1][1]):
            name = _signer(lines[index + 1][1])
        return Signature(name, day, start + at)
    for start, line in lines[-2:][::-1]:
        if _signs(line):
            return Signature(_signer(line), None, start)
        if not _MONTH_ONLY.fullmatch(line.strip(" |()")):  # 2017年3月 without a day
            break
    return None


_CONTACT_AT_END = re.compile(r"\([^()]{0,60}(?:电话|地址|邮编|\d号)[^()]{0,40}\)$")
_MONTH_ONLY = re.compile(rf"{YEAR}年[\d一二三四五六七八九十]{{1,2}}月")


def _signer(line: str) -> str:
    """The name on a line of the signature, without a mark of the seal."""
    bare = re.sub(r"\((?:盖章|公章|章|印章?)\)$", "", line.strip(" |"))
    return _CONTACT_AT_END.sub("", bare).strip("()")


def _signs(line: str) -> bool:
    bare = _signer(line)
    return bool(re.match(r"[一-鿿]", bare)) and bool(title_words().agency_line.fullmatch(bare))


def _dated(line: str) -> tuple[str | None, date, int] | None:
    """(name or None, day, where the block begins in the line) of a line that ends with a date and says little else."""
    found = max(find_dates(line), default=None)
    if found is None or line[found[1] :].strip(" |()。"):
        return None
    before = line[: found[0]].rstrip(" |(:")
    sentence = max(before.rfind(mark) for mark in "。;!?") + 1
    name = before[sentence:].strip(" |")
    if not name or (sentence == 0 and title_words().genre_end.search(name) and len(name) <= MAX_TITLE):
        return None, found[2], sentence if sentence else 0
    if sentence == 0 and len(name) > _MAX_AGENCY:
        return None
    return (name, found[2], sentence) if _signs(name) else None


_COMPILED_BY = re.compile(r"由([^。;,:由\n]{2,40}?)(?:负责)?(?:编制|编写|汇总编制|组织编制|编撰|制定并公布)")
_CONTACT_OFFICE = re.compile(
    r"(?:[与和向]|请联系:?|联系(?:单位|部门|机构):)([^。;,:由()\n]{2,40}?)(?:\(|联系|,?(?:联系)?电话|咨询|,地址|$)"
)


def find_issuer(preface: str, title: str | None, signature: Signature | None) -> Issuer | None:
    """Who issued the report: 由X编制, else the signature, else the agency in the title, else the office to contact."""
    compiled = _COMPILED_BY.search(preface)
    if compiled and title_words().agency_end.search(compiled[1]):
        return Issuer(_bare_agency(compiled[1]), "compiled")
    if signature and signature.name:
        return Issuer(signature.name, "signature")
    titled = agency_of_title(title) if title else None
    if titled and title_words().agency_end.search(titled):
        return Issuer(titled, "title")
    for match in _CONTACT_OFFICE.finditer(preface):
        if title_words().agency_end.search(match[1]):
            return Issuer(_bare_agency(match[1]), "contact")
    return Issuer(titled, "title") if titled else None


def _bare_agency(name: str) -> str:
    return re.sub(r"^(?:本报告|本年报|是|系|本)+", "", name).strip()
