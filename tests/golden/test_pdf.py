"""The real PDF against its cells (read from ../shared; skipped where it is absent)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.accuracy.answers import APPLICANTS
from scrapers.document import Page
from scrapers.read import read_page

REAL = Path(__file__).parents[3] / "shared" / "real"
PDF = REAL / "huaian_office_2024.pdf"


@pytest.mark.skipif(not PDF.exists(), reason="shared/ with the real PDF is not here")
def test_all_cells_of_the_pdf() -> None:
    answer = json.loads((REAL / "huaian_office_2024.expected.json").read_text(encoding="utf-8"))
    reading = read_page(Page(PDF.read_bytes(), file_name=PDF.name))
    assert reading.report_format == "F2021"
    rows: dict[str, dict[str, float]] = {}
    for figure in reading.figures:
        if figure.applicant_type is not None:
            rows.setdefault(figure.field_id, {})[figure.applicant_type] = figure.value
    assert [[row.get(kind) for kind in APPLICANTS] for row in rows.values()] == [
        row["values"] for row in answer["table3"]
    ]
    results = [
        figure.value
        for figure in reading.figures
        if figure.basis == "table" and figure.field_id.startswith(("review_", "litigation_"))
    ]
    assert results == answer["table4"]
