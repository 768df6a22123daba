"""The owner's five examples against their gold answers (read from ../shared; skipped where it is absent)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from scrapers.document import Figure, Page, Reading
from scrapers.read import read_page

SHARED = Path(__file__).parents[3] / "shared"
GOLD = SHARED / "reference" / "seeds_gold.yaml"
SEEDS = ["000", "001", "002", "003", "004"]
pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="shared/ with the gold answers is not here")
STATES = {"negative_statement": "stated_zero", "derived_all": "implied"}
AT_LEAST, ABOUT = ("余", "多", "以上"), ("约", "近", "左右")


@cache
def gold() -> dict[str, dict[str, Any]]:
    return {one["file"][:3]: one for one in YAML(typ="safe").load_all(GOLD.read_text(encoding="utf-8"))}


@cache
def reading(seed: str) -> Reading:
    file = SHARED / "seeds" / gold()[seed]["file"]
    return read_page(Page(file.read_bytes(), file_name=file.name))


def _figures(seed: str, metric: str) -> list[Figure]:
    return [figure for figure in reading(seed).figures if metric in (figure.metric_id, figure.field_id)]


@pytest.mark.parametrize("seed", SEEDS)
def test_mart_figures(seed: str) -> None:
    wanted: dict[str, list[dict[str, Any]]] = {}
    for row in gold()[seed]["figures"]:
        if row["mart"]:
            wanted.setdefault(row["metric"], []).append(row)
    for metric, rows in wanted.items():
        found = _figures(seed, metric)
        assert sorted(one.value for one in found) == sorted(float(row["value"]) for row in rows), metric
        row, figure = rows[0], found[0]
        assert figure.unit == {"條": "条"}.get(row["unit"], row["unit"]), metric
        assert figure.value_state == STATES.get(row["kind"], "reported"), metric
        words = row.get("qualifier") or ""
        level = "at_least" if any(word in words for word in AT_LEAST) else "exact"
        assert figure.qualifier == ("about" if any(word in words for word in ABOUT) else level), metric


@pytest.mark.parametrize("seed", SEEDS)
def test_missing_stays_missing(seed: str) -> None:
    for entry in gold()[seed]["missing_not_zero"]:
        metric = str(entry).split(" ")[0]
        if metric.startswith("table_rows"):
            assert [figure for figure in reading(seed).figures if figure.basis == "table"] == []
        else:
            assert _figures(seed, metric) == [], metric


@pytest.mark.parametrize("seed", SEEDS)
def test_identity(seed: str) -> None:
    answer, identity = gold()[seed], reading(seed).identity
    assert identity is not None
    place, contact = identity.jurisdiction, answer["contact"]
    if answer["gb2260_certain"]:
        assert place.code == str(answer.get("township_code") or answer["gb2260"])
    else:
        assert place.code is None
        assert set(place.candidate_codes) == {str(one["gb2260"]) for one in answer["jurisdiction_candidates"]}
    assert place.level == answer["admin_level"]
    assert identity.scope == answer["scope"]
    assert identity.report_year == answer["report_year"]
    assert str(identity.period_start) == answer["period_start"]
    assert str(identity.period_end) == answer["period_end"]
    assert (str(identity.published_on) if identity.published_on else None) == answer["publication_date"]
    for name in ("phone", "fax", "email", "address", "postcode"):
        assert getattr(identity, name) == contact[name], name
    if answer["title_in_file"]:
        assert identity.title == answer["title"]


@pytest.mark.parametrize("seed", SEEDS)
def test_chapters(seed: str) -> None:
    chapters = [section for section in reading(seed).sections if section.level == 1]
    assert [section.kind for section in chapters] == [row["kind"] for row in gold()[seed]["chapters"]]


def test_form_and_trust() -> None:
    assert [reading(seed).report_format for seed in SEEDS] == ["F2014", "F2019", "F2014", "F2014", "F2014"]
    assert [reading(seed).identity.trust for seed in SEEDS] == ["unknown"] * 4 + ["hijacked"]  # type: ignore[union-attr]
    codes = {seed: {issue.code for issue in reading(seed).issues} for seed in SEEDS}
    assert "tables_lost" in codes["001"]
    assert {"hijacked", "jurisdiction_undecided"} <= codes["004"]


@pytest.mark.parametrize("seed", SEEDS)
def test_evidence_is_the_published_text(seed: str) -> None:
    document = reading(seed).document
    assert document is not None
    for figure in reading(seed).figures:
        assert document.text[figure.evidence_start : figure.evidence_end] == figure.evidence
        assert figure.evidence in (SHARED / "seeds" / gold()[seed]["file"]).read_text(encoding="utf-8")
