"""What of a page is the report and what is the site around it: catalogue/debris.yaml applied to blocks in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.clean.layout import Block, TableBlock, TextBlock
from scrapers.clean.normalise import INVISIBLE

_SPACES = re.compile(f"[\\s{INVISIBLE}]+")
_CJK = re.compile("[\u4e00-\u9fff]")
_CJK_RUN = re.compile("[\u4e00-\u9fff]+")
_LINKS = 0.5  # from this share of link text on a line is a link
_SENTENCE = 50  # characters from which a line without a full stop counts as a sentence
_SHORT_LINE = 40  # characters of a line that may stand on many pages
_NEAR = 6  # lines before the report's first line that are kept though nothing says what they are
_MENU = 5  # link lines in a row that make a menu
_MAX_LOSS = 0.4  # share of plain text whose loss would mean that the report was not understood
_ATTACHMENT = re.compile(r"附件|附表|\.(?:docx?|xlsx?|pdf|wps|zip|rar)$", re.IGNORECASE)


class Debris(BaseModel):
    """The schema of catalogue/debris.yaml; the file itself says what each part means."""

    model_config = ConfigDict(extra="forbid")

    controls: list[str]
    buttons: list[str]
    trail: list[str]
    records: list[str]
    after: list[str]
    footer: list[str]
    footer_unless_sentence: list[str]
    footer_max_length: int
    wanted: list[str]
    title: str
    title_max_length: int
    bare_title: str
    heading: str
    phrases: list[str]
    form_labels: list[str]
    containers: list[str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    buttons: re.Pattern[str]
    trail: re.Pattern[str]
    records: re.Pattern[str]
    after: re.Pattern[str]
    footer: re.Pattern[str]
    footer_unless_sentence: re.Pattern[str]
    footer_max_length: int
    wanted: re.Pattern[str]
    title: re.Pattern[str]
    title_max_length: int
    bare_title: re.Pattern[str]
    heading: re.Pattern[str]
    phrases: re.Pattern[str]
    form_labels: re.Pattern[str]
    containers: frozenset[str]


@cache
def patterns() -> _Patterns:
    """The catalogue file, read once and compiled."""
    facts = load_yaml("debris.yaml", Debris)
    return _Patterns(
        buttons=_any_of([*facts.buttons, _only(facts.controls)]),
        trail=_any_of(facts.trail),
        records=_any_of(facts.records),
        after=_any_of(facts.after),
        footer=re.compile("|".join(map(re.escape, facts.footer))),
        footer_unless_sentence=re.compile("|".join(map(re.escape, facts.footer_unless_sentence))),
        footer_max_length=facts.footer_max_length,
        wanted=_any_of(facts.wanted),
        title=re.compile(facts.title),
        title_max_length=facts.title_max_length,
        bare_title=re.compile(facts.bare_title),
        heading=re.compile(facts.heading),
        phrases=re.compile("|".join(map(re.escape, facts.phrases))),
        form_labels=re.compile("|".join(map(re.escape, sorted(set(facts.form_labels))))),
        containers=frozenset(facts.containers),
    )


def _only(words: Sequence[str]) -> str:
    """A line of nothing but ``words``, not of one character, which may be a cell.

    Longest first and without going back, so that no line takes long.
    """
    return f"(?!.$)(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})++[。.!]?"


def _any_of(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts))


@dataclass(slots=True)
class _Judged:
    """A block and what its line says about it."""

    block: Block
    key: str  # the line in NFKC without spaces
    link: bool
    strong: bool  # an anchor of a report: its title, a heading, its own phrases, a form
    core: bool  # strong, or a sentence
    title: bool  # core only because it reads like the title of a report
    button: bool
    footer: bool
    ends: bool
    dropped_at_edge: bool


def trim(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` without the site around the report.

    Inside the report only controls and menus go; before its first and after its last line of text also trails, records,
    link lines and the footer. A page without any line of a report keeps all but its controls and links.
    """
    judged = [_judge(block) for block in blocks]
    core = [number for number, item in enumerate(judged) if item.core]
    if not core:
        kept = [item for item in judged if not _of_site(item)]
        return [item.block for item in kept or judged]
    strong = [number for number, item in enumerate(judged) if item.strong]
    first = (strong or core)[0]
    last = _last(judged, core)
    kept = _before(judged[:first]) + _inside(judged[first : last + 1]) + _after(judged[last + 1 :])
    if _lost_too_much(judged, kept):
        kept = [item for item in judged if not _of_site(item)]
    return [item.block for item in kept]


def _lost_too_much(judged: list[_Judged], kept: list[_Judged]) -> bool:
    """Whether more of the text that is none of the site is left out than a report can do without."""
    own = [item for item in judged if not _of_site(item)]
    if len(own) <= len(kept) and {id(item) for item in own} <= {id(item) for item in kept}:
        return False
    return sum(_weight(item) for item in kept if not item.link) < sum(map(_weight, own)) * (1 - _MAX_LOSS)


def _last(judged: list[_Judged], core: list[int]) -> int:
    """The last line of the report. Titles of other reports that follow a line such as 上一条 are none of its own."""
    ends = [number for number, item in enumerate(judged) if item.ends and number > core[0]]
    for end in ends:
        if all(judged[number].title for number in core if number > end):
            return max(number for number in core if number < end)
    return core[-1]


def _weight(item: _Judged) -> int:
    return sum(map(len, _CJK_RUN.findall(item.key)))


def key_of(text: str) -> str:
    """``text`` as the patterns of the catalogue see it: NFKC, no spaces, nothing invisible, bounded."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text[:2000]))


def _judge(block: Block) -> _Judged:
    if isinstance(block, TableBlock):
        key = key_of(" ".join(cell.text for row in block.rows for cell in row))
        form = is_form(block)
        return _Judged(block, key, False, form, form or not block.chrome, False, False, False, False, False)
    key = key_of(block.text)
    link = block.links > _LINKS
    judge = _known_line if len(key) <= _SHORT_LINE else _line
    return _Judged(block, key, link, *judge(key, link, block.chrome, block.cell))


def _line(key: str, link: bool, chrome: bool, cell: bool) -> tuple[bool, bool, bool, bool, bool, bool, bool]:
    """What a line says: strong, core, title, button, footer, ends, dropped_at_edge (see _Judged)."""
    known = patterns()
    short = len(key) <= known.footer_max_length
    sentence = ("。" in key or len(key) >= _SENTENCE) and _CJK.search(key) is not None
    heading = known.heading.match(key) is not None
    button = short and not cell and known.buttons.fullmatch(key) is not None
    footer = short and (
        known.footer.search(key) is not None
        or not (sentence or heading or known.footer_unless_sentence.search(key) is None)
    )
    ends = short and known.after.fullmatch(key) is not None
    edge = short and (known.trail.fullmatch(key) is not None or known.records.fullmatch(key) is not None)
    own = not (link or button or footer or ends or edge)
    title = len(key) <= known.title_max_length and known.title.search(key) is not None
    title = title and known.bare_title.fullmatch(key) is None
    strong = own and (title or heading or (sentence and known.phrases.search(key) is not None))
    core = strong or (own and sentence and not chrome)
    return strong, core, title and not sentence, button, footer, ends, edge


_known_line = lru_cache(maxsize=10_000)(_line)  # the menus and footers of a site are the same on all its pages


def is_form(block: TableBlock) -> bool:
    """Whether a table has labels of the official forms: at least two different ones."""
    labels: set[str] = set()
    for row in block.rows:
        for cell in row:
            if len(cell.text) < 400:
                labels.update(patterns().form_labels.findall(key_of(cell.text)))
        if len(labels) > 1:
            return True
    return False


def _before(items: list[_Judged]) -> list[_Judged]:
    kept = []
    for distance, item in zip(range(len(items), 0, -1), items, strict=True):
        near = distance <= _NEAR and not (_of_site(item) or _chrome(item))
        if near or item.core or patterns().wanted.fullmatch(item.key):
            kept.append(item)
    return kept


def _inside(items: list[_Judged]) -> list[_Judged]:
    kept: list[_Judged] = []
    menu: list[_Judged] = []
    body_end = max((number for number, item in enumerate(items) if item.strong), default=len(items))
    for number, item in enumerate(items):
        if item.link and len(item.key) < _SENTENCE and not patterns().heading.match(item.key):
            menu.append(item)
            continue
        kept += menu if len(menu) < _MENU else []
        menu = []
        site = item.button or (item.footer and number > body_end) or (_chrome(item) and not item.core)
        if not site:
            kept.append(item)
    return kept + (menu if len(menu) < _MENU else [])


def _after(items: list[_Judged]) -> list[_Judged]:
    kept = []
    for item in items:
        if item.ends or item.footer:
            break
        attachment = item.link and _ATTACHMENT.search(item.key)
        if attachment or not (item.link or item.button or item.dropped_at_edge or _chrome(item)):
            kept.append(item)
    return kept


def _of_site(item: _Judged) -> bool:
    """Whether the line by itself says that it belongs to the site."""
    return item.link or item.button or item.footer or item.ends or item.dropped_at_edge


def _chrome(item: _Judged) -> bool:
    return isinstance(item.block, TextBlock) and item.block.chrome
