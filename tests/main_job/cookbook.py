"""The queries of docs/cookbook.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[2] / "docs" / "cookbook.md"
_CHAPTER = re.compile(r"^## (\d+)\. ([^\n]+)\n(.+?)\n\n```sql\n(.+?)```\nRead: (.+?)(?=\n\n|\Z)", re.M | re.S)


class Question(NamedTuple):
    """One question with its reason, its query and how to read the answer."""

    number: int
    title: str
    why: str
    sql: str
    reading: str


def questions() -> dict[int, Question]:
    """All questions by number."""
    found = (Question(int(number), *rest) for number, *rest in _CHAPTER.findall(FILE.read_text(encoding="utf-8")))
    return {question.number: question for question in found}
