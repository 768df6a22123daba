"""What the reader is compared with: bare HTML parsers, and the usual assembly of packages for text and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import lxml.html
import opencc
import trafilatura
import turbohtml
from resiliparse.parse.html import HTMLTree
from ruamel.yaml import YAML
from selectolax.lexbor import LexborHTMLParser

PACKAGES = ("turbohtml", "selectolax", "resiliparse", "lxml", "trafilatura", "opencc")

# Each makes a whole tree of a page in UTF-8 and does nothing with it; from bytes where that is the faster way.
PARSERS: Mapping[str, Callable[[bytes], object]] = {
    "turbohtml.parse": lambda page: turbohtml.parse(page.decode()),
    "selectolax (lexbor)": LexborHTMLParser,
    "resiliparse": lambda page: HTMLTree.parse(page.decode()),
    "lxml.html": lxml.html.fromstring,
}


def assembly(page: bytes) -> int:
    """trafilatura (its defaults), OpenCC, then every pattern over the text, one by one; the number of matches."""
    text = _converter().convert(trafilatura.extract(page) or "")
    return sum(1 for pattern in patterns() for _ in pattern.finditer(text))


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """The patterns of peer_patterns.yaml, compiled once."""
    file = YAML(typ="safe").load(Path(__file__).with_name("peer_patterns.yaml").read_text(encoding="utf-8"))
    return tuple(re.compile(entry["pattern"].replace("<number>", file["number"])) for entry in file["patterns"])


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
