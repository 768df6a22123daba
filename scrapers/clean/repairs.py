"""Facts about damaged characters and words: catalogue/repairs.yaml, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import zhconv_rs_opencc
from pydantic import BaseModel, ConfigDict, model_validator

from scrapers.catalogue.loading import load_yaml


class Repairs(BaseModel):
    """The schema of catalogue/repairs.yaml; the file itself says what each part means."""

    model_config = ConfigDict(extra="forbid")

    common: str
    characters: dict[str, str]
    words: dict[str, str]
    words_of_converters: dict[str, str]
    words_of_taiwan: dict[str, str]
    keep_as_published: str

    @model_validator(mode="after")
    def _single_characters(self) -> Repairs:
        for wrong, right in self.characters.items():
            if len(wrong) != 1 or len(right) != 1:
                raise ValueError(f"characters: {wrong} → {right}: each side is one character")
        return self


@cache
def repairs() -> Repairs:
    """The catalogue file, read once."""
    return load_yaml("repairs.yaml", Repairs)


@cache
def common_characters() -> re.Pattern[str]:
    """A pattern of the characters that fill Chinese texts, in both scripts."""
    simplified = "".join(repairs().common.split())
    traditional = "".join(zhconv_rs_opencc.zhconv(char, "zh-hant") for char in simplified)
    return re.compile(f"[{re.escape(''.join(sorted(set(simplified + traditional))))}]")


@cache
def converter_words() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The words that converters to Simplified leave wrong: a pattern that finds them, and what each should be."""
    words = repairs().words_of_converters | repairs().words_of_taiwan
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), words


def damaged_words(text: str) -> list[tuple[int, int, str]]:
    """(start, end, word meant) of the damaged words of ``text``, in order; of two that overlap the longer."""
    words = repairs().words
    present = sorted((word for word in words if word in text), key=len, reverse=True)
    if not present:
        return []
    pattern = re.compile("|".join(map(re.escape, present)))
    return [(found.start(), found.end(), words[found.group()]) for found in pattern.finditer(text)]


@cache
def scripts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of the characters that only Simplified and only Traditional text has."""
    block = [chr(code) for code in range(0x4E00, 0xA000)]
    to_simplified = zhconv_rs_opencc.zhconv("\n".join(block), "zh-hans").split("\n")
    to_traditional = zhconv_rs_opencc.zhconv("\n".join(block), "zh-hant").split("\n")
    changed_to_simplified = {char for char, other in zip(block, to_simplified, strict=True) if char != other}
    changed_to_traditional = {char for char, other in zip(block, to_traditional, strict=True) if char != other}
    both = changed_to_simplified & changed_to_traditional
    return _one_of(changed_to_traditional - both), _one_of(changed_to_simplified - both)


def _one_of(characters: set[str]) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(characters))}]")
