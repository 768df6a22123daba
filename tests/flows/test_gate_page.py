"""gate.html: whole without script or network, hostile rows as text, legible on a telephone."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.products.gate_page import Facts, gate_page

FACTS = Facts(
    "20260101T000000000Z-abcdef12", "20260101T000000000Z-1", "refused", "2026-01-01 00:00:00", "abc", None, True,
    files=("manifest.json", "docs/dictionary.html"),
)  # fmt: skip
LONG = "https://example.com/" + "x" * 300


def _result(suite: str, check: str, severity: str, rows: list[object] | None) -> dict[str, object]:
    return {
        "suite": suite, "check_id": check, "description": f"规则{check} / rule {check}", "severity": severity,
        "success": rows is None, "observed": "no failing rows" if rows is None else f"{len(rows)} failing rows",
        "unexpected_count": len(rows or []), "sample_rows": json.dumps(rows or []), "table_name": "marts.fct_reports",
        "because": None, "failing_sql": f"select * from batch where a < 1 and b > '{'y' * 200}'",
    }  # fmt: skip


RESULTS = [
    _result(
        "raw", "lost", "block", [{"id": 1, "text": "<img src=x onerror=alert(1)>\u202e", "n": None, "u": LONG}] * 3
    ),
    _result("marts", "range", "warn", [{f"column_{number}": number * 1.25 for number in range(30)}]),
    _result("marts", "odd", "warn", [1, 2]),
    *(_result(suite, f"good_{number}", "block", None) for suite in ("raw", "staging") for number in range(5)),
]


class Outline(HTMLParser):
    """Tags that are open at the end, addresses, and handlers of events."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing() -> None:
    page = gate_page(FACTS, RESULTS)
    outline = Outline(page)
    assert outline.open == [] or outline.open == ["html", "body"][: len(outline.open)]
    assert not {"script", "img", "link", "iframe"} & outline.seen
    assert outline.handlers == []
    assert outline.addresses == ["manifest.json", "docs/dictionary.html"]
    assert "@import" not in page and "url(" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x" in page
    assert '<td class="none">—</td>' in page
    assert page.index("raw.lost") < page.index("marts.range") < page.index("raw.good_0") < page.index("staging.good_0")
    assert "INVENTED SAMPLE DATA" in page
    assert page == gate_page(FACTS, RESULTS)


def test_one_headline_for_each_outcome() -> None:
    passed = [_result("raw", "good", "block", None)]
    accepted = [{"suite": "raw", "check_id": "lost", "accepted_by": "甲", "accepted_at": "now", "reason": "<b>"}]
    facts = Facts("b", "r", "published", "t", "v", "before", False)
    assert "✔" in gate_page(facts, passed) and "INVENTED" not in gate_page(facts, passed)
    page = gate_page(Facts("b", "r", "published", "t", "v", "before", False, accepted), RESULTS)
    assert "⚠" in page and "&lt;b&gt;" in page and "--accept" not in page
    assert "✘" in gate_page(FACTS, RESULTS) and "--accept raw.lost" in gate_page(FACTS, RESULTS)


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_fits_the_screen(width: int, tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    file = tmp_path / "gate.html"
    file.write_text(gate_page(FACTS, RESULTS), encoding="utf-8")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": width, "height": 800})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        for summary in page.locator("summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert asked == [file.as_uri()]
        opened.close()
