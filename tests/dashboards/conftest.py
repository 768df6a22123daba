"""One warehouse, one server and one browser for the tests of the dashboards.

The warehouse is the bundled sample, run twice: between the runs one page is changed, so that it has two vintages, and the
newer one holds text that would be dangerous if anything took it for HTML.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dashboard_tab import HOSTILE, Tab

from flows import sample_server
from flows.fetch import Origin
from flows.progress import Silence
from flows.run import Stages, run_once
from flows.settings import PROJECT, Settings, prepare_environment
from flows.warehouse.places import Places

CHANGED = "xxgk/zfxxgknb/bszfndbg/t15703286.shtml"  # 平果市, 2022
WORDS_BEFORE, WORDS_NOW = "收到政府信息公开申请58件", "收到政府信息公开申请59件"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--disable-extensions",
]  # fmt: skip


def chromium() -> str:
    """The path of Chromium, with a font for Chinese beside it."""
    found = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
    if found is None:
        pytest.skip("there is no Chromium (Debian: apt install chromium)")
    fonts = shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout
    if not fonts:
        pytest.skip("there is no font with Chinese characters (Debian: apt install fonts-noto-cjk)")
    return str(found)


def _unpublished() -> Stages:
    """Stages that land and read and build nothing."""
    return Stages(build=lambda run: None, validate=lambda run, database: [], publish=lambda run, database, gate: None)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The sample after a page was changed."""
    folder = tmp_path_factory.mktemp("dashboards")
    places = Places(folder / "warehouse")
    site = folder / "site"
    shutil.copytree(sample_server.SAMPLE_SITE, site)
    prepare_environment(places.state)
    settings = Settings(page_time_limit_seconds=240)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_server, "SAMPLE_SITE", site)
        run_once(places.root, Origin(), settings, Silence(), _unpublished())
        page = site / CHANGED
        text = page.read_text(encoding="utf-8")
        assert WORDS_BEFORE in text
        now = text.replace(WORDS_BEFORE, f"{_escaped(HOSTILE)}{WORDS_NOW}")
        page.write_text(now, encoding="utf-8")
        assert run_once(places.root, Origin(), settings, Silence(), Stages()).outcome == "published"
    return places


@pytest.fixture(scope="session")
def address(warehouse: Places, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboards of the warehouse, served by the command."""
    home = tmp_path_factory.mktemp("home")
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "flows.cli", "dashboard", "--port", "0", "--no-browser", "--warehouse"]
    with log.open("wb") as out:  # a pipe that nobody reads fills up, and the server stops in the middle of a word
        server = subprocess.Popen(
            [*command, str(warehouse.root)], stdout=out, stderr=subprocess.STDOUT, cwd=PROJECT,
            env={**os.environ, "HOME": str(home), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    try:
        yield _started(server, log)
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert list(home.iterdir()) == []  # nothing is written into the home folder


def _started(server: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the command says first, once the server answers there."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        address, ended, _ = log.read_text(encoding="utf-8", errors="replace").partition(" ")
        if ended and _answers(f"{address}/_stcore/health"):
            return address
        time.sleep(0.2)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise AssertionError(f"the dashboards do not answer (exit status {server.poll()}); the server said last: {said}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):  # not up yet; the first line is no address
        return False


@pytest.fixture(scope="module")
def executable() -> str:
    """Where Chromium is; asked before anything that takes time."""
    return chromium()


@pytest.fixture(scope="module")
def browser(executable: str, address: str) -> Iterator[Any]:
    """Chromium. Only for the module, and after the warehouse is there: Playwright keeps an event loop running."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Callable[[int], Tab]]:
    """Opens tabs of a width; on the way out none may have had a fault."""
    tabs: list[Tab] = []

    def new(width: int = 1440) -> Tab:
        tabs.append(Tab(browser, address, width))
        return tabs[-1]

    yield new
    for each in tabs:
        each.close()
