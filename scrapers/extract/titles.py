"""Title, issuer, signature and first sentence of a report, in its normalised text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.extract.dates import years_in

_HEAD_LINES = 40
_HEAD_CHARACTERS = 4000
MAX_TITLE = 90
_MAX_LINE = 45  # lines that may be parts of one title
_MAX_AGENCY = 50
YEAR = r"(?:20\d\d|二[一二三四五六七八九〇○零OoО0]{3})"


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
            rf"[^。;,:!?\n、()《》“”]{{0,40}}{YEAR}[^。;,:!?\n《》“”]{{0,40}}?(?:{subject})"
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


_YEAR_AT_END = re.compile(rf"{YEAR}\s?(?:年度|年|度)?$")
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
    if len(bare) > MAX_TITLE or re.search(r"[。;!?]", bare):
        return False
    ends = [match.end() for match in words.genre_end.finditer(bare)]
    if not ends or ends[-1] != len(bare) or not words.subject.search(bare):
        return False
    return bool(years_in(bare)) or "年度" in bare or "年报" in bare


def report_title_lines(text: str) -> list[str]:
    """All lines of a normalised text that read as titles of annual reports (a list page has many)."""
    return [line.strip() for line in text.split("\n") if len(line) <= MAX_TITLE and is_report_title(line)]


def _title_line(text: str, preface_end: int, gaps: Sequence[int]) -> Title | None:
    lines = lines_of(text, min(preface_end, _HEAD_CHARACTERS))[:_HEAD_LINES]
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
    bare = re.sub(rf"{YEAR}|年度|年|度|\s", "", line)
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
    for match in title_words().genre_end.finditer(line[: MAX_TITLE + 4]):
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
        year = re.search(YEAR, name)
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


def agency_of_title(title: str) -> str | None:
    """The words of a title that say whose report it is: without year, subject and genre; None where nothing is left."""
    bare = re.sub(r"^关于(?:公布|发布|印发)?", "", title)
    bare = re.sub(rf"{YEAR}\s?(?:年度|年|度)?", "|", bare)
    subject = title_words().subject.search(bare)
    head = bare[: subject.start()] if subject else bare
    parts = [part.strip(" |的()-") for part in head.split("|")]
    name = max(parts, key=len) if parts else ""
    return name if len(name) >= 2 else None


def lines_of(text: str, limit: int) -> list[tuple[int, str]]:
    """(start, line) of the lines before ``limit`` that hold something."""
    found = []
    position = 0
    for line in text[:limit].split("\n"):
        bare = line.strip(" |\t")
        if bare:
            found.append((position + line.index(bare), bare))
        position += len(line) + 1
    return found
