"""The texts of the pages in both languages, from one catalogue (words.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

LANGUAGES = ("zh", "en")
FILE = Path(__file__).with_name("words.yaml")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every text by its key and language."""
    loaded = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return {str(key): {language: str(texts[language]) for language in LANGUAGES} for key, texts in loaded.items()}


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key`` with its values filled in; a KeyError where the catalogue has none."""
        text = catalogue()[key][self.language]
        return text.format(**values) if values else text

    def code(self, kind: str, code: object) -> str:
        """The word for a code of the data (``kind`` names the list); the code itself where the catalogue has none."""
        if code is None:
            return self("not_known")
        texts = catalogue().get(f"{kind}_{code}")
        return texts[self.language] if texts else str(code)

    def unit(self, unit: str | None) -> str | None:
        """A unit as the tables have it, with its meaning for those who do not read it."""
        meaning = catalogue().get(f"unit_{unit}")
        return f"{unit} ({meaning['en']})" if meaning and self.language == "en" else unit

    def of(self, row: dict[str, object], name: str) -> str:
        """``name`` of a row in this language (label_zh, label_en …); the other language where this one is empty."""
        other = "en" if self.language == "zh" else "zh"
        return str(row.get(f"{name}_{self.language}") or row.get(f"{name}_{other}") or "")
