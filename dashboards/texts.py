"""Text of pages and reports made safe for what draws it: HTML, Markdown labels, and characters nobody can see."""

from __future__ import annotations

import html
import re
import unicodedata

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII punctuation, all of which a backslash makes plain
_KEPT = "\n\t"


def visible(text: str) -> str:
    """``text`` with control characters and marks that turn the writing direction made visible; line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char in _KEPT or char.isprintable():
        return char
    point = ord(char)
    if point < 0x20:
        return " " if char == "\r" else chr(0x2400 + point)
    if unicodedata.category(char) in ("Zs", "Zl", "Zp"):
        return " " if char not in "\u2028\u2029" else "\n"
    return "�" if unicodedata.category(char) in ("Cs", "Cn", "Co") else f"⟨U+{point:04X}⟩"


def escaped(value: object) -> str:
    """``value`` as text inside HTML, in an element or a quoted attribute; nothing for None."""
    return "" if value is None else html.escape(visible(str(value)), quote=True)


def label(value: object) -> str:
    """``value`` as plain text where Streamlit takes Markdown (labels of links and buttons)."""
    return _MARKDOWN.sub(r"\\\1", " ".join(visible(str(value)).split()))


def capital(text: str) -> str:
    """``text`` with a capital at its beginning, for titles."""
    return text[:1].upper() + text[1:]


def number(value: float | int | None, missing: str = "—") -> str:
    """A number with thousands separators: 1,234 or 12.5; ``missing`` for None."""
    if value is None:
        return missing
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")
