"""Gold answers of another layout: one file, one YAML document a page, every number of the page listed.

Of its numbers those marked ``mart`` are values that must be read; the other metrics it names may be read. What it does
not say (agency, parent of an undecided place) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from scrapers.accuracy.answers import Answer, AnsweredPage, AnswerError

_STATES = {"negative_statement": "stated_zero", "derived_all": "implied"}
_AT_LEAST, _ABOUT = ("余", "多", "以上"), ("约", "近", "左右")
_UNITS = {"條": "条"}
_FORMS = {"2008": "F2008", "2014": "F2014", "2019": "F2019", "2021": "F2021"}  # the first year of format_family


def read_gold(file: Path, pages: Path | None = None) -> list[AnsweredPage]:
    """The answers of a gold file with their pages, found in ``pages``, or beside the file or its folder's neighbours.

    Raises AnswerError where the file is no such file or a page is not there.
    """
    places = [pages] if pages else [file.parent, *sorted(one for one in file.parent.parent.iterdir() if one.is_dir())]
    try:
        documents = list(YAML(typ="safe").load_all(file.read_text(encoding="utf-8")))
        return [_page(document, places) for document in documents]
    except (YAMLError, ValidationError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise AnswerError(f"{file}: no gold answers: {type(error).__name__}: {said}") from None


def _page(document: dict[str, Any], places: list[Path]) -> AnsweredPage:
    name = document["file"]
    found = next((place / name for place in places if (place / name).is_file()), None)
    if found is None:
        raise AnswerError(f"there is no page {name} in {', '.join(str(place) for place in places)}")
    return AnsweredPage(Path(name).stem, gold_answer(document), found, "gold.invalid")


def gold_answer(gold: dict[str, Any]) -> Answer:
    """One document of the file as an answer. Raises KeyError, TypeError or ValidationError where it is none."""
    contact = gold["contact"]
    wanted = [row for row in gold["figures"] if row["mart"]]
    form = _FORMS.get(str(gold["format_family"])[:4])
    accept: dict[str, list[Any]] = {"agency_name": [gold["issuer"], gold["jurisdiction_true"]]}
    if not gold["title_in_file"]:
        accept["title"] = [None]
    return Answer.model_validate({
        "file": gold["file"], "document_kind": "annual_report", "report_format": form, "accept": accept,
        "title": gold["title"], "scope": gold["scope"], "report_year": gold["report_year"],
        "period_start": gold["period_start"], "period_end": gold["period_end"],
        "published_on": gold["publication_date"], **_place(gold),
        **{name: contact[name] for name in ("phone", "fax", "email", "address", "postcode")},
        "issues": list(_issues(gold)),
        "missing": [str(one).split(" ")[0].strip(":") for one in gold["missing_not_zero"]],
        "tolerated": sorted({row["metric"] for row in gold["figures"]} - {row["metric"] for row in wanted}),
        "figures": [_figure(row) for row in wanted],
    })  # fmt: skip


def _issues(gold: dict[str, Any]) -> Iterator[str]:
    if "tables lost" in str(gold["format_family"]):
        yield "tables_lost"
    if not gold["gb2260_certain"]:
        yield "jurisdiction_undecided"
    if "brand_string" in gold:  # it stands in place of the jurisdiction
        yield "hijacked"


def _place(gold: dict[str, Any]) -> dict[str, Any]:
    level = gold["admin_level"]
    if not gold["gb2260_certain"]:
        codes = [str(one["gb2260"]) for one in gold["jurisdiction_candidates"]]
        return {"jurisdiction_level": level, "candidate_codes": codes, "parent_code": f"{codes[0][:4]}00"}
    county, code = str(gold["gb2260"]), str(gold.get("township_code") or gold["gb2260"])
    parent = county if level == "township" else f"{county[:4]}00"
    return {
        "jurisdiction_id": code, "jurisdiction_code": code, "jurisdiction_level": level, "parent_code": parent,
        "jurisdiction_name": gold["jurisdiction_true"].split(" ")[0],
    }  # fmt: skip


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    words = row.get("qualifier") or ""
    level = "at_least" if any(word in words for word in _AT_LEAST) else "exact"
    return {
        "metric_id": row["metric"], "value": row["value"], "unit": _UNITS.get(row["unit"], row["unit"]),
        "qualifier": "about" if any(word in words for word in _ABOUT) else level,
        "value_state": _STATES.get(row["kind"], "reported"), "evidence": row["evidence"],
    }  # fmt: skip
