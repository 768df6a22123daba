"""Paragraphs with draws and marks: `{a:3-9}` draws a number, `{a+b}` prints one, `[[metric unit value options|words]]` marks.

Options: z stated zero, i implied, > at least, ~ about, t tolerated only; tolerate=metric names a second right metric.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DRAW = re.compile(r"\b([a-z]\w*):(\d+)-(\d+)")
MARK = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")
BRACE = re.compile(r"\{([^{}]+)\}")
NUMERALS = "零一二三四五六七八九十"


@dataclass
class Block:
    kind: str
    tags: set[str]
    text: str
    uses: int = 0

    def metrics(self, tolerated: bool = False) -> set[str]:
        out = set()
        for head, _ in MARK.findall(self.text):
            for one in head.split(";"):
                parts = one.split()
                if ("t" in parts[3:]) == tolerated:
                    out.add(parts[0])
        return out


@dataclass
class Said:
    """What a page states in words, in the order of its text."""

    figures: list[list[Any]] = field(default_factory=list)
    tolerated: set[str] = field(default_factory=set)


def load(*names: str) -> list[Block]:
    blocks = []
    for name in names:
        raw = (Path(__file__).parent / name).read_text(encoding="utf-8")
        for part in raw.split("@@ ")[1:]:
            head, _, text = part.partition("\n")
            kind, *tags = head.split()
            blocks.append(Block(kind, set(tags), text.strip()))
    return blocks


def numeral(n: int) -> str:
    return "两" if n == 2 else NUMERALS[n]


def wide(n: Any) -> str:
    return str(n).translate({48 + i: 0xFF10 + i for i in range(10)})


def filled(text: str, env: dict[str, Any], rng: random.Random, said: Said, style: str = "") -> str:
    """The paragraph as printed; figures are added to `said` with their evidence as printed."""
    scope = {**env, "cn": numeral, "fw": wide}
    for name, low, high in DRAW.findall(text):
        scope[name] = rng.randint(int(low), int(high))
    text = DRAW.sub(r"\1", text)

    def brace(match: re.Match[str]) -> str:
        expression = match[1]
        comma = expression.endswith(",")
        value = eval(expression.rstrip(","), {"__builtins__": {}}, scope)
        if comma:
            return f"{value:,}"
        if (
            style == "wide"
            and isinstance(value, int)
            and value > 999
            and value not in (env["Y"], env["Y"] + 1, env["Y"] - 1)
        ):
            return wide(value)
        return str(value)

    def mark(match: re.Match[str]) -> str:
        words = BRACE.sub(brace, match[2])
        for one in match[1].split(";"):
            metric, unit, expression, *options = one.split()
            if "t" in options:
                said.tolerated.add(metric)
                continue
            value = eval(expression, {"__builtins__": {}}, scope)
            more: dict[str, Any] = {}
            if ">" in options:
                more["q"] = "at_least"
            if "~" in options:
                more["q"] = "about"
            if "z" in options:
                more["s"] = "stated_zero"
                if "0" in words and not re.search("未|没有|无|不", words):
                    more["s"] = "reported"
                    more["accept_state"] = "stated_zero"
            if "i" in options:
                more["s"] = "implied"
            for option in options:
                if option.startswith("tolerate="):
                    more["tolerate"] = [option[9:]]
            if any(figure[0] == metric for figure in said.figures):
                raise ValueError(f"{metric} twice")
            said.figures.append([metric, value, unit, words, more])
        return words

    return BRACE.sub(brace, MARK.sub(mark, text))
