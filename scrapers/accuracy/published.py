"""scrapers/catalogue/accuracy.csv: the measure that is published with the metrics (dim_metrics, dim_forms).

The file holds one measure of one set. ``gongkai accuracy FOLDER --write`` replaces it; nothing else writes it, and it
is no part of the reader's version.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

from scrapers.accuracy.measure import ALL, Measure, Score
from scrapers.catalogue import FORM_IDS

FILE = "accuracy.csv"
COLUMNS = (
    "measured_on", "set", "reader_version", "form", "basis", "metric_id", "sample_size", "right", "wrong", "missed",
    "invented", "precision", "recall",
)  # fmt: skip
_HEAD = (
    "# Measured accuracy, written by `gongkai accuracy FOLDER --write`; do not edit. form * is all forms, metric_id *\n"
    "# all metrics. precision = right / (right + wrong + invented), recall = right / sample_size; empty: no values.\n"
)


def published_rows(measure: Measure, name: str, on: date, reader_version: str) -> Iterator[dict[str, str]]:
    """The rows of the file: each form (and all) × basis × metric (and all) that the set has values of."""
    for (form, basis, metric), score in measure.by_metric.items():
        if form in (ALL, *FORM_IDS):
            head = (on.isoformat(), name, reader_version, form, basis, metric)
            yield dict(zip(COLUMNS, (*head, *_numbers(score)), strict=True))


def _numbers(score: Score) -> tuple[str, ...]:
    counts = (score.sample_size, score.right, score.wrong, score.missed, score.invented)
    return (*(str(count) for count in counts), _rounded(score.precision), _rounded(score.recall))


def _rounded(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def write_published(rows: Iterator[dict[str, str]], path: Path | None = None) -> Path:
    """Replaces the file (of the catalogue, or ``path``); gives its path. Raises OSError where it cannot be written."""
    target = path or Path(str(resources.files("scrapers.catalogue").joinpath(FILE)))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    target.write_text(_HEAD + text.getvalue(), encoding="utf-8")
    return target
