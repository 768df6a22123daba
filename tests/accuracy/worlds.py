"""A small answer and the reading that agrees with it, to be changed one thing at a time."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import date
from typing import Any

from scrapers.accuracy.answers import Answer
from scrapers.document import Document, Figure, Identity, Issue, Jurisdiction, NormalText, Reading

TEXT = "全年公开信息120条，收到申请8件，减免费用共约30元。\n接待|7|发件|2"
ANSWER: dict[str, Any] = {
    "file": "one.html", "document_kind": "annual_report", "title": "某县2018年政府信息公开工作年度报告",
    "jurisdiction_id": "131127", "jurisdiction_code": "131127", "jurisdiction_name": "某县",
    "jurisdiction_level": "county", "parent_code": "131100", "scope": "whole_area", "report_year": 2018,
    "period_start": date(2018, 1, 1), "period_end": date(2018, 12, 31), "published_on": None, "phone": "0318-4222222",
    "report_format": "F2014", "missing": ["foi_budget"], "tolerated": ["visitors_received"],
    "figures": [
        {"metric_id": "info_disclosed_total", "value": 120, "unit": "条", "evidence": "公开信息120条"},
        {"metric_id": "requests_received_new", "value": 8, "unit": "件", "evidence": "收到申请8件"},
        {"metric_id": "foi_fees_collected", "value": 30, "unit": "元", "qualifier": "about",
         "evidence": "减免费用共约30元", "accept_metric_id": ["foi_processing_fee_amount"],
         "accept_value_state": ["implied"]},
    ],
    "cells": {"training_sessions": 2, "complaints_total": None},
    "accept_cells": {"training_sessions": [3]},
}  # fmt: skip


def answer(**changes: Any) -> Answer:
    """The answer with some keys changed."""
    return Answer.model_validate(ANSWER | changes)


def figure(metric: str, value: float, unit: str, evidence: str, **changes: Any) -> Figure:
    """A figure of a sentence, with the evidence at its place in TEXT."""
    start = TEXT.index(evidence)
    one = Figure(
        field_id=metric, metric_id=metric, applicant_type=None, value=value, unit=unit, value_state="reported",
        qualifier="exact", basis="narrative", printed=f"{value:g}", evidence=evidence, evidence_start=start,
        evidence_end=start + len(evidence), section=None,
    )  # fmt: skip
    return replace(one, **changes)


FIGURES = (
    figure("info_disclosed_total", 120, "条", "公开信息120条"),
    figure("requests_received_new", 8, "件", "收到申请8件"),
    figure("foi_fees_collected", 30, "元", "减免费用共约30元", qualifier="about"),
    figure("training_sessions", 2, "次", "2", basis="table"),
)


def identity(**changes: Any) -> Identity:
    """The identity that agrees with the answer, with some attributes changed (those of the place by their name)."""
    place = Jurisdiction("131127", "131127", "某县", "county", "131100")
    ours = {name: changes.pop(name) for name in list(changes) if name in Jurisdiction.__dataclass_fields__}
    one = Identity(
        title=ANSWER["title"], issuer=None, jurisdiction=replace(place, **ours), agency_name=None, scope="whole_area",
        report_year=2018, report_year_basis="title", period_start=date(2018, 1, 1), period_end=date(2018, 12, 31),
        published_on=None, phone="0318-4222222", fax=None, email=None, postcode=None, address=None, website=None,
        trust="unknown",
    )  # fmt: skip
    return replace(one, **changes)


def reading(
    figures: tuple[Figure, ...] = FIGURES, issues: tuple[str, ...] = (), kind: str = "annual_report", **changes: Any
) -> Reading:
    """The reading that agrees with the answer; ``changes`` are those of its identity."""
    document = Document(TEXT, NormalText(TEXT, array("l"), array("l")), (), (), "text/html", "utf-8", "simplified")
    said = tuple(Issue(code, "warning", "a reason") for code in issues)
    return Reading(kind, document=document, identity=identity(**changes), report_format="F2014", figures=figures,
                   issues=said)  # fmt: skip


def changed(number: int, **changes: Any) -> tuple[Figure, ...]:
    """The figures, one of them changed."""
    return (*FIGURES[:number], replace(FIGURES[number], **changes), *FIGURES[number + 1 :])
