"""Title, issuer, signature and first sentence of a report, in its normalised text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.extract.dates import find_dates, years_in

_HEAD_LINES = 40
_HEAD_CHARACTERS = 4000
_TAIL_CHARACTERS = 1500
_MAX_TITLE = 90
_MAX_LINE = 45  # lines that may be parts of one title
_MAX_AGENCY = 50
_YEAR = r"(?:20\d\d|二[一二三四五六七八九〇○零OoО0]{3})"


class TitleWords(BaseModel):
    """The file titles.yaml."""

    model_config = ConfigDict(extra="forbid")
    subjects: list[str]
    genres: list[str]
    agency_endings: list[str]
    debris: list[str]
    title_labels: list[str]
    title_leads: list[str]
    site_separators: list[str]
    meta_titles: list[str]


@dataclass(frozen=True, slots=True)
class _Words:
    subject: re.Pattern[str]
    genre_end: re.Pattern[str]
    agency_end: re.Pattern[str]
    agency_line: re.Pattern[str]
    debris: re.Pattern[str]
    title_label: re.Pattern[str]
    lead: re.Pattern[str]
    lead_anywhere: re.Pattern[str]
    separator: re.Pattern[str]
    named: re.Pattern[str]
    meta_titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its place in the normalised text (None where it comes from the meta data)."""

    text: str
    basis: str  # text, meta, first_sentence
    start: int | None = None
    end: int | None = None


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


_PLACE_AT_END = re.compile(r"[一-鿿]{2,12}[省市县区镇乡旗州府局]")


@lru_cache(maxsize=1)
def title_words() -> _Words:
    """The compiled titles.yaml. Raises CatalogueError where the file is faulty."""
    file = load_yaml("titles.yaml", TitleWords)
    subject, genre = _any(file.subjects), _any(file.genres)
    agency = _any(file.agency_endings)
    return _Words(
        subject=re.compile(subject),
        genre_end=re.compile(genre),
        agency_end=re.compile(rf"(?:{agency})(?:\([^()]{{1,20}}\))?$"),
        agency_line=re.compile(rf"[^\n。;,:!?|]{{2,{_MAX_AGENCY}}}?(?:{agency})(?:\([^()]{{1,20}}\))?$"),
        debris=re.compile("|".join(file.debris)),
        title_label=re.compile(rf"^(?:{_any(file.title_labels)})\s?[:|\]】]\s?"),
        lead=re.compile(rf"^(?:{_any(file.title_leads)})+"),
        lead_anywhere=re.compile(_any(file.title_leads)),
        separator=re.compile(rf"\s*(?:{_any(file.site_separators)})+\s*"),
        named=re.compile(
            rf"[^。;,:!?\n、()《》“”]{{0,40}}{_YEAR}[^。;,:!?\n《》“”]{{0,40}}?(?:{subject})"
            rf"[^。;,:!?\n《》“”]{{0,12}}?(?:{genre})"
        ),
        meta_titles=tuple(file.meta_titles),
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NOTE_AT_END = re.compile(r"\s*[(\[][^()\[\]]{0,24}[)\]]\s*$")
# What may follow a title on its line: a blank, a note or a date in brackets, the first words of a report.
_BEHIND_TITLE = re.compile(
    r"\s|\([一-鿿]{1,8}\)|\(?(?:本|根据|按照|为了?|依据|一、|20\d\d[-年./]\d)"
    r"|发布(?:日期|时间|机构|单位|者|人)|来源|时间:|日期:|作者|浏览|字[体号]|[【\[]|$"
)


# --- title ---------------------------------------------------------------------------------------------------------


_YEAR_AT_END = re.compile(rf"{_YEAR}\s?(?:年度|年|度)?$")
_UNIT_AT_END = re.compile(r"[省市县区旗州盟镇乡]$")
_LABEL_LEFT = re.compile(r"名?称[:|]\s*")  # of 名称:… in a table of record, where a date stood glued before it


def find_title(text: str, preface_end: int, meta: Mapping[str, str], gaps: Sequence[int] = ()) -> Title | None:
    """The report's title: lines before the first chapter, else the page's meta data, else the first sentence.

    ``gaps``: places in the normalised text before which the published text has blanks (for pages that are one line).
    """
    found = _title_line(text, preface_end, gaps) or _meta_title(meta)
    if found:
        label = _LABEL_LEFT.match(found.text)
        if label is None:
            return found
        start = None if found.start is None else found.start + label.end()
        return replace(found, text=found.text[label.end() :], start=start)
    named = _named_title(text[:preface_end])
    return _without_lead(named, gaps) if named else None


def is_report_title(line: str) -> bool:
    """Whether a normalised line reads as the title of an annual report: subject, genre at its end, a year or 年度."""
    words = title_words()
    if not words.genre_end.search(line):
        return False
    bare = _NOTE_AT_END.sub("", line.strip().strip("《》")).strip("《》")
    if len(bare) > _MAX_TITLE or re.search(r"[。;!?]", bare):
        return False
    ends = [match.end() for match in words.genre_end.finditer(bare)]
    if not ends or ends[-1] != len(bare) or not words.subject.search(bare):
        return False
    return bool(years_in(bare)) or "年度" in bare or "年报" in bare


def report_title_lines(text: str) -> list[str]:
    """All lines of a normalised text that read as titles of annual reports (a list page has many)."""
    return [line.strip() for line in text.split("\n") if len(line) <= _MAX_TITLE and is_report_title(line)]


def _title_line(text: str, preface_end: int, gaps: Sequence[int]) -> Title | None:
    lines = _lines(text, min(preface_end, _HEAD_CHARACTERS))[:_HEAD_LINES]
    best: tuple[float, Title] | None = None
    for index, (start, line) in enumerate(lines):
        for count in (1, 2, 3):
            group = lines[index : index + count]
            if len(group) < count or (count > 1 and any(len(part) > _MAX_LINE for _, part in group)):
                break
            if any(title_words().debris.search(part) for _, part in group):
                break
            candidate = _as_title(group)
            if candidate is None:
                continue
            candidate = _without_lead(candidate, gaps) if count == 1 else candidate
            score = _title_score(candidate.text) - 0.3 * (count - 1) - 0.02 * index
            if best is None or score > best[0]:
                best = (score, candidate)
        if best is None and len(line) <= _HEAD_CHARACTERS:
            begun = _title_at_line_start(start, line)
            begun = _without_lead(begun, gaps) if begun else None
            if begun and not title_words().debris.search(begun.text):
                best = (_title_score(begun.text) - 0.02 * index, begun)
    return best[1] if best else None


def _as_title(group: list[tuple[int, str]]) -> Title | None:
    first_start, first = group[0]
    label = title_words().title_label.match(first)
    offset = label.end() if label else 0
    joined = first[offset:].strip() + "".join(part.strip() for _, part in group[1:])
    if not is_report_title(joined):
        return None
    if len(group) > 1:
        if is_report_title(group[-1][1]) and len(group) == 2 and not _begins(first, group[-1][1]):
            return None
        if len(group) == 3 and is_report_title("".join(part for _, part in group[1:])) and not _is_agency(first):
            return None
        if _is_agency(first) and names_place(group[-1][1]):
            return None
        if any(is_report_title(part) for _, part in group[:-1]):
            return None
    joined = re.sub(r"\s*\((?=20\d\d(?:年\d|[.-]))[^()]{0,16}\)$", "", joined).strip("《》")
    return Title(joined, "text", first_start + offset, group[-1][0] + len(group[-1][1]))


def _begins(line: str, title: str) -> bool:
    """Whether the line before a whole title belongs to it: an agency, or one with the year that the title lacks."""
    year = _YEAR_AT_END.search(line)
    bare = line[: year.start()].strip() if year and not years_in(title) else line
    return _is_agency(bare) or (year is not None and bare != line and _UNIT_AT_END.search(bare) is not None)


def names_place(line: str) -> bool:
    """Whether a title line says whose report it is: a word before the year and the subject."""
    bare = re.sub(rf"{_YEAR}|年度|年|度|\s", "", line)
    subject = title_words().subject.search(bare)
    return subject is not None and subject.start() >= 2


def _is_agency(line: str) -> bool:
    return bool(title_words().agency_line.fullmatch(line.strip())) and not title_words().subject.match(line)


def _title_score(title: str) -> float:
    score = 1.0 if years_in(title) else 0.0
    score += 1.0 if names_place(title) else 0.0
    return score + (0.5 if "年度报告" in title or "年报" in title else 0.0)


def _title_at_line_start(start: int, line: str) -> Title | None:
    """A title with the text behind it on the same line (pages that are one line)."""
    for match in title_words().genre_end.finditer(line[: _MAX_TITLE + 4]):
        head, rest = line[: match.end()], line[match.end() :]
        if _BEHIND_TITLE.match(rest) and is_report_title(head):
            if not years_in(head) or title_words().lead.match(head):
                return None
            note = re.match(r"\((?!20\d\d)[一-鿿]{1,8}\)", rest)  # (修订)
            end = match.end() + (note.end() if note else 0)
            return Title(line[:end].strip(), "text", start, start + end)
    return None


def meta_title(meta: Mapping[str, str]) -> str | None:
    """The page's own title from its meta data, the name of the site cut off; None where there is none."""
    words = title_words()
    fallback = None
    for name in words.meta_titles:
        value = (meta.get(name) or "").strip()
        if not value:
            continue
        parts = [part.strip() for part in words.separator.split(value) if part.strip()]
        report = [part for part in parts if is_report_title(part)]
        if report:
            return max(report, key=_title_score)
        if is_report_title(value):
            return value
        fallback = fallback or (max(parts, key=len) if parts else None)
    return fallback


def _meta_title(meta: Mapping[str, str]) -> Title | None:
    title = meta_title(meta)
    return Title(title, "meta") if title and is_report_title(title) else None


def _named_title(preface: str) -> Title | None:
    """The name the report calls itself by in its first sentences (汇总2018年度…年度报告编制而成)."""
    words = title_words()
    for match in words.named.finditer(preface[:_HEAD_CHARACTERS]):
        name = match[0]
        year = re.search(_YEAR, name)
        leads = words.lead_anywhere.finditer(name[: year.start()] if year else "")
        name = name[max((lead.end() for lead in leads), default=0) :].strip()
        if is_report_title(name) and "关于" not in name and (years_in(name) or names_place(name)):
            start = match.end() - len(name)
            return Title(name, "first_sentence", start, match.end())
    return None


def _without_lead(title: Title, gaps: Sequence[int]) -> Title:
    """The title without what a blank separates from it: the last piece that has a place and a year begins it."""
    start = title.start or 0
    inner = [gap - start for gap in gaps if start < gap < start + len(title.text)]
    for number in range(len(inner) - 1, -1, -1):
        cut = inner[number]
        rest = title.text[cut:]
        if not (is_report_title(rest) and years_in(rest) and names_place(rest)):
            continue
        before = title.text[inner[number - 1] if number else 0 : cut]
        if number and _PLACE_AT_END.fullmatch(before):
            cut = inner[number - 1]
        return Title(title.text[cut:], title.basis, start + cut, title.end)
    return title


# --- sentences, signature, issuer ----------------------------------------------------------------------------------


def first_sentence(text: str, title: Title | None, preface_end: int) -> str | None:
    """The first sentence behind the title, at most 400 characters; None where chapters begin at once."""
    start = title.end if title and title.end is not None and title.basis == "text" else 0
    for line_start, line in _lines(text[: max(preface_end, 0)], max(preface_end, 0)):
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
    lines = [(offset + start, line) for start, line in _lines(text[offset:], len(text))]
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
_MONTH_ONLY = re.compile(rf"{_YEAR}年[\d一二三四五六七八九十]{{1,2}}月")


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
    if not name or (sentence == 0 and title_words().genre_end.search(name) and len(name) <= _MAX_TITLE):
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


def agency_of_title(title: str) -> str | None:
    """The words of a title that say whose report it is: without year, subject and genre; None where nothing is left."""
    bare = re.sub(r"^关于(?:公布|发布|印发)?", "", title)
    bare = re.sub(rf"{_YEAR}\s?(?:年度|年|度)?", "|", bare)
    subject = title_words().subject.search(bare)
    head = bare[: subject.start()] if subject else bare
    parts = [part.strip(" |的()-") for part in head.split("|")]
    name = max(parts, key=len) if parts else ""
    return name if len(name) >= 2 else None


def _lines(text: str, limit: int) -> list[tuple[int, str]]:
    """(start, line) of the lines before ``limit`` that hold something."""
    found = []
    position = 0
    for line in text[:limit].split("\n"):
        bare = line.strip(" |\t")
        if bare:
            found.append((position + line.index(bare), bare))
        position += len(line) + 1
    return found
