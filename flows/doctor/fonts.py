"""Fonts: one with Chinese characters, for charts and screenshots on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from flows.doctor.findings import Check, Finding, Patient, ok, warning

_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/System/Library/Fonts",
    "/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
_CHINESE = re.compile(
    r"cjk|source.?han|wqy|wenquanyi|simsun|simhei|msyh|pingfang|stheiti|heiti|songti|droidsansfallback|uming|ukai|"
    r"noto(sans|serif)(sc|tc|hk)|hiragino",
    re.IGNORECASE,
)


def chinese(patient: Patient) -> Iterator[Finding]:
    """A font that has 县 and the like."""
    found = _by_fontconfig()
    if found is None:
        found = _by_name()
    if found:
        yield ok("chinese", f"Fonts with Chinese characters are there, such as {found[0]}.")
    else:
        yield warning(
            "chinese", "No font with Chinese characters was found: charts and screenshots may show boxes.",
            "Install one: apt install fonts-noto-cjk, or dnf install google-noto-sans-cjk-fonts.",
        )  # fmt: skip


def _by_fontconfig() -> list[str] | None:
    """What fontconfig knows; None where it is not there."""
    command = shutil.which("fc-list")
    if command is None:
        return None
    try:
        ended = subprocess.run(
            [command, ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=True, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return sorted({line.split(",")[0].strip() for line in ended.stdout.splitlines() if line.strip()})


def _by_name() -> list[str]:
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    files = (path for folder in folders if folder.is_dir() for path in folder.rglob("*"))
    return sorted(
        path.stem
        for path in files
        if path.suffix.lower() in {".ttf", ".ttc", ".otf", ".otc"} and _CHINESE.search(path.name)
    )


CHECKS: tuple[Check, ...] = (chinese,)
