"""Where a heading ends and what it is about: the vocabulary of catalogue/chapters.yaml applied to one numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.document import Document

_MAX_HEADING = 45  # characters; longer first sentences are text
_MAX_SECOND_LINE = 20
_MAX_LABEL = 15  # a colon so early ends the heading even where a full stop follows
_FAR = 1000  # characters in which a heading and the line behind it are looked at
_SENTENCE_END = re.compile(r"[。;!?]")
_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.])")
_TEXT_START = re.compile(
    r"\s?(?:\d|无|未|没有|本|我|全|截[至止]|今年|一年来|根据|按照|为|在|二[〇○零O]|[一二三四五六七八九十]{1,2}、|\()"
)
_MIN_TEXT = 4
_MIN_STEM = 6
_STRONG_ENDINGS = ("情况", "措施", "事项", "概述")  # a heading of some length ends here whatever follows
_MISTYPED = 0.8  # likeness from which a heading counts as a mistyped usual one


class ChapterRule(BaseModel):
    """One rule of chapters.yaml: headings that match a pattern have this kind."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    patterns: list[str]
    labels: list[str]


class ChapterVocabulary(BaseModel):
    """The file chapters.yaml."""

    model_config = ConfigDict(extra="forbid")
    rules: list[ChapterRule]
    endings: list[str]
    continuations: list[str]
    not_headings: list[str]
    annex_lines: list[str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """chapters.yaml as compiled patterns; ``labels`` gives the kind of a usual heading."""

    rules: tuple[tuple[str, re.Pattern[str]], ...]
    labels: dict[str, str]
    ending: re.Pattern[str]
    form_row: re.Pattern[str]
    annex_line: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading behind its numbering. ``end`` is where its text ends in the normalised text, the full stop excluded."""

    text: str
    end: int
    complete: bool = True  # it ends at a line end, a full stop or one of the usual last words
    alone: bool = False  # nothing else stands on its line
    listed: bool = False  # a comma or the like follows: an item of a list in a sentence
    raw: str = ""  # as it stands in the normalised text, line breaks included


@lru_cache(maxsize=1)
def chapter_vocabulary() -> Compiled:
    """The compiled catalogue file. Raises CatalogueError where the file is faulty."""
    file = load_yaml("chapters.yaml", ChapterVocabulary)
    endings = "|".join(sorted(map(re.escape, file.endings), key=len, reverse=True))
    continuations = "|".join(sorted(map(re.escape, file.continuations), key=len, reverse=True))
    return Compiled(
        rules=tuple((rule.kind, re.compile("|".join(rule.patterns))) for rule in file.rules),
        labels={label: rule.kind for rule in file.rules for label in rule.labels},
        ending=re.compile(f"(?:{endings})(?!{continuations})"),
        form_row=re.compile("|".join(file.not_headings)),
        annex_line=re.compile("|".join(file.annex_lines)),
    )


def chapter_kind(heading: str) -> str:
    """The kind of a normalised heading by the first rule that fits, else "other"."""
    squeezed = "".join(heading.split())
    for kind, pattern in chapter_vocabulary().rules:
        if pattern.search(squeezed):
            return kind
    return "other"


def nearest_label(heading: str) -> str:
    """The kind of the usual heading this one is a mistyping of, else "other"."""
    best, likeness = "other", _MISTYPED
    for label, kind in chapter_vocabulary().labels.items():
        if abs(len(label) - len(heading)) > 2 or len(label) < 4:
            continue
        ratio = SequenceMatcher(None, label, heading, autojunk=False).ratio()
        if ratio >= likeness:
            best, likeness = kind, ratio
    return best


def is_form_row(text: str) -> bool:
    """Whether the text behind a numbering is a row of a statistical form."""
    return bool(chapter_vocabulary().form_row.search(text.split("\n", 1)[0].strip()))


def is_annex_line(line: str) -> bool:
    """Whether a line opens the annex of tables."""
    return bool(chapter_vocabulary().annex_line.search(line))


def read_heading(document: Document, start: int, limit: int, at_line_start: bool) -> Heading:
    """The heading that begins at ``start`` of the normalised text, at most up to ``limit``."""
    text = document.normal.text
    limit = min(limit, start + _FAR)
    line_end = text.find("\n", start, limit)
    line_end = limit if line_end < 0 else line_end
    body_start = start
    if not text[start:line_end].strip(" |\t"):  # the numbering stands on a line of its own
        body_start = min(line_end + 1, limit)
        line_end = text.find("\n", body_start, limit)
        line_end = limit if line_end < 0 else line_end
    line = text[body_start:line_end].rstrip(" |\t")
    if at_line_start and _is_whole(line):
        joined = _with_second_line(text, body_start, line, line_end, limit)
        return joined or _heading(text, start, body_start + len(line.rstrip("。:;. ")), True, alone=True)
    return _glued(document, start, body_start, line)


def _is_whole(line: str) -> bool:
    """A short line without a sentence in it; its last word is not followed by more text."""
    bare = line.rstrip("。:;. ")
    if len(bare) > _MAX_HEADING or _SENTENCE_END.search(bare) or ":" in bare:
        return False
    ending = chapter_vocabulary().ending.search(bare)
    rest = bare[ending.end() :] if ending else ""
    stem = bare[: len(bare) - len(rest)]
    told = _starts_text(rest) or (line.endswith("。") and len(rest) >= _MIN_TEXT and stem.endswith(_STRONG_ENDINGS))
    return not (rest and told and chapter_kind(stem) != "other")


def _starts_text(rest: str) -> bool:
    """Whether the text after a complete heading is a statement rather than the heading's own tail."""
    return bool(_TEXT_START.match(rest))


def _with_second_line(text: str, start: int, line: str, line_end: int, limit: int) -> Heading | None:
    """The heading over two lines, where the first ends without an ending and both together end with one."""
    if line.endswith(("。", ":", ";")) or _ends_well(line) or line_end >= limit:
        return None
    after = text.find("\n", line_end + 1, limit)
    after = limit if after < 0 else after
    second = text[line_end + 1 : after].rstrip(" |\t")
    if not 0 < len(second) <= _MAX_SECOND_LINE or _NUMBERED.match(second) or len(line) + len(second) > _MAX_HEADING:
        return None
    bare = second.rstrip("。:")
    if not _ends_well(bare) or _SENTENCE_END.search(bare) or chapter_kind(line + bare) == "other":
        return None
    return _heading(text, start, line_end + 1 + len(bare), True, alone=True)


def _ends_well(line: str) -> bool:
    bare = line.rstrip("。:;. ")
    return any(match.end() == len(bare) for match in chapter_vocabulary().ending.finditer(bare))


def _glued(document: Document, start: int, body_start: int, line: str) -> Heading:
    """A heading with text behind it on its line: up to a usual last word, a full stop, a colon or a comma."""
    text = document.normal.text
    window = line[: _MAX_HEADING + 1]
    for ending in chapter_vocabulary().ending.finditer(window):
        stem, rest = window[: ending.end()], line[ending.end() :]
        if _SENTENCE_END.search(stem) or "," in stem[:-1]:
            break
        if chapter_kind(stem) == "other":
            continue
        if not rest or rest[0] in "。:;. |(" or _is_break(document, body_start, stem, rest):
            return _heading(text, start, body_start + len(stem), True, listed=_is_listed(rest))
    colon = window.find(":")
    if 0 < colon <= _MAX_LABEL:
        return _heading(text, start, body_start + colon, True)
    stop = _SENTENCE_END.search(window)
    if stop:
        return _heading(text, start, body_start + stop.start(), True, listed=stop[0] == ";")
    if colon > 0:
        return _heading(text, start, body_start + colon, True)
    if len(line) <= _MAX_HEADING:
        bare = line.rstrip("、,; ")
        return _heading(text, start, body_start + len(bare), bool(_ends_well(bare)), alone=True)
    comma = window.find(",")
    length = comma if 0 < comma <= 30 else 30
    return _heading(text, start, body_start + length, False, listed=True)


def _is_break(document: Document, start: int, stem: str, rest: str) -> bool:
    """Whether text begins right behind the stem: a statement, or a blank in the published text."""
    position = start + len(stem)
    gap = document.text[document.normal.ends[position - 1] : document.normal.starts[position]]
    strong = len(stem) >= _MIN_STEM and stem.endswith(_STRONG_ENDINGS)
    return strong or _starts_text(rest) or rest[0].isspace() or (bool(gap) and gap.isspace())


def _is_listed(rest: str) -> bool:
    return rest.lstrip()[:1] in {",", "、", ";"}


def _heading(text: str, start: int, end: int, complete: bool, alone: bool = False, listed: bool = False) -> Heading:
    raw = text[start:end]
    return Heading("".join(raw.split()).strip("|"), end, complete, alone, listed, raw)
