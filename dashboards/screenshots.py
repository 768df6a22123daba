"""Renews the pictures in docs/images from a server: ``python -m dashboards.screenshots ADDRESS``."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
# a report of the sample with a full matrix, and the figure of its total
VIEWS = {
    "overview": "/?level=county&year=2023",
    "jurisdiction": "/jurisdiction?place=451082&family=request_outcomes",
    "report": "/report?report=84dab6102a421803&figure=17",
    "quality": "/quality?class=theirs",
}
_SIZES = {1440: 1500, 360: 1200}  # width and the most height, in pixels
_COLORS = 256
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def shoot(address: str, folder: Path) -> list[Path]:
    """A picture of each page at both widths and in both languages."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        for width, height in _SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            for name, path in VIEWS.items():
                for language in ("zh", "en"):
                    file = folder / f"dashboard_{name}_{language}_{width}.png"
                    _open(page, f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
                    _write(page.screenshot(), file)
                    made.append(file)
        browser.close()
    return made


def _open(page: Any, url: str) -> None:
    page.goto(url)
    page.locator("footer.foot").wait_for(timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)


def _write(png: bytes, file: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(_COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    for written in shoot(sys.argv[1].rstrip("/"), IMAGES):
        print(written, f"{written.stat().st_size:,}")
