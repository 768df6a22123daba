"""Which traps a page has: those its spec names, and those whose sign its text shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "traps.yaml"


@cache
def known() -> dict[str, Mapping[str, Any]]:
    """Every trap by its name."""
    sections = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {name: trap for section in sections.values() for name, trap in section.items()}


def traps_of(named: Iterable[str], title: str | None, text: str, is_report: bool) -> list[str]:
    """The traps of a page in the order of traps.yaml; ValueError for a name that traps.yaml does not have.

    Signs are looked for in the text before its script is damaged and after; pages that are no reports have those
    that their spec names, and no others.
    """
    named = set(named)
    if wrong := named - set(known()):
        raise ValueError(f"no such traps: {sorted(wrong)}")
    if is_report:
        named |= {name for name, trap in known().items() if "sign" in trap and _shows(trap, title or "", text)}
    return [name for name in known() if name in named]


def _shows(trap: Mapping[str, Any], title: str, text: str) -> bool:
    return re.search(trap["sign"], title if trap.get("where") == "title" else text, re.MULTILINE) is not None
