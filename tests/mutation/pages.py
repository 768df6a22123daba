"""The golden HTML pages of the sample site and of the corpus, as the mutators take them: decoded once, by declaration."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from scrapers.document import Page

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
SITE = ROOT / "scrapers" / "sources" / "sample_site"
_ENDINGS = {".html", ".htm", ".shtml"}
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Golden:
    """One golden page: its source as text and what the reader is told about it."""

    name: str
    source: str
    url: str | None
    file: str
    official: bool

    def page(self, content: bytes | None = None, content_type: str | None = None) -> Page:
        """The page with other bytes, at the same address."""
        body = self.source.encode("utf-8") if content is None else content
        return Page(body, file_name=self.file, url=self.url, content_type=content_type, official=self.official)


@cache
def golden_pages() -> tuple[Golden, ...]:
    """All golden HTML pages, sample first, in the order of their numbers."""
    return (*_folder(GOLDEN / "sample", SITE, True), *_folder(GOLDEN / "corpus", GOLDEN / "corpus" / "pages", False))


def _folder(answers: Path, files: Path, official: bool) -> list[Golden]:
    found = []
    for path in sorted(answers.glob("[0-9]*.yaml")):
        answer = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        file = files / answer["file"]
        if file.suffix in _ENDINGS:
            url = "http://sample.invalid" + answer["url_path"] if official else answer["url"]
            found.append(Golden(path.stem, decoded(file.read_bytes()), url, answer["file"], official))
    return found


def decoded(content: bytes) -> str:
    """The text of a golden page: these are written in UTF-8, UTF-16 with a mark, GB18030 or Big5, whatever they declare."""
    for mark, name in _WIDE.items():
        if content.startswith(mark):
            return content.decode(name).lstrip("\ufeff")
    for name in ("utf-8-sig", "gb18030", "big5hkscs"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name != "gb18030" or "信息" in text:
            return text
    raise ValueError("a golden page in an unknown encoding")
