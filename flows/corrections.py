"""Corrections of published numbers as data: dbt_project/corrections/*.yml, checked before anything is fetched.

What a publisher printed is never changed. A correction says which printed number is wrong, what is right, who says so,
and what the page showed when it was written; the models apply it only while the page still shows that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from ruamel.yaml import YAML

from flows.entries import entry_files
from flows.faults import UsageFault
from flows.settings import DBT_PROJECT
from scrapers.catalogue import Catalogue, load_catalogue
from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.catalogue.schema import Fact

CORRECTIONS = DBT_PROJECT / "corrections"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$")]


def _quoted(value: object) -> object:
    """Hex digits may look like a number to YAML (12e34567), which would be read as another text."""
    if value is not None and not isinstance(value, str):
        raise ValueError("put it in quotes")
    return value


Origin = Literal["published_reports", "invented_sample"]


class ReportName(Fact):
    """How a correction names its report: the address of its page, the file it was read from, or its report_id."""

    url: Address | None = None
    file: Text | None = None
    id: Annotated[str, BeforeValidator(_quoted), StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = None

    @model_validator(mode="after")
    def _one_name(self) -> ReportName:
        if len(self.named) != 1:
            raise ValueError("give one of url (the page's source_url), file (its source_file) and id (its report_id)")
        return self

    @property
    def named(self) -> list[tuple[str, str]]:
        """Kind and value of what is given."""
        given = (("url", self.url), ("file", self.file), ("id", self.id))
        return [(kind, value) for kind, value in given if value is not None]


class Speaker(Fact):
    """Who says that the number is wrong: the publisher in an erratum, or a person."""

    kind: Literal["publisher", "person"]
    name: Text
    url: Address | None = None

    @model_validator(mode="after")
    def _erratum_has_an_address(self) -> Speaker:
        if self.kind == "publisher" and self.url is None:
            raise ValueError("what a publisher says needs the url of its erratum")
        return self


class Expectation(Fact):
    """What the page showed when the correction was written; it must still show it."""

    value: Number | None = None
    evidence: Text | None = None
    page_sha256: Annotated[str, BeforeValidator(_quoted), StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Expectation:
        if self.value is None and self.evidence is None and self.page_sha256 is None:
            raise ValueError("give at least one of value, evidence (words beside the number) and page_sha256")
        return self


class Correction(Fact):
    """One number of one report. ``corrected`` null withdraws it: known to be wrong, the right one unknown."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    report: ReportName
    metric: Text | None = None
    field: Text | None = None
    applicant: Text = "total"  # column of the requests matrix
    reported: Number
    corrected: Number | None
    unit: Text | None = None  # of ``corrected``; without it the printed one
    reason: Text
    said_by: Speaker
    said_on: date
    expect: Expectation

    @model_validator(mode="after")
    def _makes_sense(self) -> Correction:
        if (self.metric is None) == (self.field is None):
            raise ValueError("give either metric (a metric_id) or field (a field_id), not both")
        if self.expect.value is not None and self.expect.value != self.reported:
            raise ValueError(
                f"expect.value is {self.expect.value:g} and reported {self.reported:g}: they are one number"
            )
        if self.corrected == self.reported and self.unit is None:
            raise ValueError(f"corrected is what was reported ({self.reported:g}), so nothing is corrected")
        return self


class CorrectionFile(Fact):
    """One file. Corrections of the invented sample never meet published reports, nor the other way round."""

    data_origin: Origin = "published_reports"
    corrections: list[Correction]


@dataclass(frozen=True, slots=True)
class Placed:
    """A correction with the place where it is written."""

    correction: Correction
    data_origin: Origin
    file: str  # below dbt_project
    line: int

    @property
    def place(self) -> str:
        """For messages."""
        return f"{DBT_PROJECT.name}/{self.file}, line {self.line}"


def load_corrections(catalogue: Catalogue, folder: Path | None = None) -> list[Placed]:
    """All corrections in ``folder`` (dbt_project/corrections), by file and line.

    Raises CatalogueError naming file, line and what to mend.
    """
    files = entry_files(CORRECTIONS if folder is None else folder)
    placed = [one for name, text in files for one in _placed(name, text)]
    for one in placed:
        _check_names(one, catalogue)
    _check_doubles(placed, catalogue)
    return placed


def check_corrections() -> None:
    """Raises UsageFault for a correction that cannot be used, so that a run says so before it fetches anything."""
    try:
        load_corrections(load_catalogue())
    except CatalogueError as error:
        raise UsageFault(str(error)) from None


def _placed(name: str, text: str) -> list[Placed]:
    shown = f"{DBT_PROJECT.name}/{name}"
    loaded = load_yaml(shown, CorrectionFile, text=text)
    items: Any = YAML(typ="rt").load(text)["corrections"]
    return [
        Placed(correction, loaded.data_origin, name, items.lc.item(number)[0] + 1)
        for number, correction in enumerate(loaded.corrections)
    ]


def _check_names(one: Placed, catalogue: Catalogue) -> None:
    correction = one.correction
    if correction.metric is not None and correction.metric not in catalogue.metrics:
        raise CatalogueError(f"{one.place}: there is no metric {correction.metric!r} (the names stand in dim_metrics)")
    if correction.field is not None and not _metrics_of(correction, catalogue):
        raise CatalogueError(f"{one.place}: there is no field {correction.field!r} (the names stand in dim_fields)")
    kinds = [kind.id for kind in catalogue.applicant_types]
    if correction.applicant not in kinds:
        raise CatalogueError(f"{one.place}: applicant {correction.applicant!r} is none of {', '.join(kinds)}")
    if correction.unit is not None:
        _check_unit(one, correction.unit, catalogue)


def _check_unit(one: Placed, unit: str, catalogue: Catalogue) -> None:
    kinds = {name: known.kind for known in catalogue.units for name in known.names}
    wanted = {kinds.get(catalogue.metrics[metric].unit_std) for metric in _metrics_of(one.correction, catalogue)}
    if kinds.get(unit) not in wanted:
        known = ", ".join(name for name, kind in kinds.items() if kind in wanted)
        raise CatalogueError(f"{one.place}: unit {unit!r} does not measure this metric; these do: {known}")


def _metrics_of(correction: Correction, catalogue: Catalogue) -> set[str]:
    """The metrics that the correction can be about; a number in words may have its metric for a field."""
    if correction.metric is not None:
        return {correction.metric}
    fields = (field for form in catalogue.forms.values() for field in form.values())
    found = {field.metric_id for field in fields if field.id == correction.field}
    return found | ({correction.field} & set(catalogue.metrics) if correction.field else set())


def _check_doubles(placed: list[Placed], catalogue: Catalogue) -> None:
    """Two corrections with one id, or of one value of one report, contradict each other."""
    ids: dict[str, Placed] = {}
    values: dict[object, list[Placed]] = {}
    for one in placed:
        correction = one.correction
        if (first := ids.setdefault(correction.id, one)) is not one:
            raise CatalogueError(f"{one.place}: the id {correction.id!r} stands at {first.place} too; give it another")
        key = (one.data_origin, *correction.report.named, correction.applicant, correction.reported)
        for other in values.setdefault(key, []):
            if _same_value(correction, other.correction, catalogue):
                raise CatalogueError(
                    f"{one.place}: {correction.id} corrects the same value as {other.correction.id} ({other.place}); "
                    "keep one of them"
                )
        values[key].append(one)


def _same_value(one: Correction, other: Correction, catalogue: Catalogue) -> bool:
    if one.field is not None and other.field is not None:
        return one.field == other.field
    return bool(_metrics_of(one, catalogue) & _metrics_of(other, catalogue))


COLUMNS = (
    "correction_id", "correction_no", "data_origin", "file", "line_no", "report_key_kind", "report_key", "metric_id",
    "field_id", "applicant_key", "reported", "corrected", "corrected_unit", "reason", "said_by_kind", "said_by",
    "said_by_url", "said_on", "expect_evidence", "expect_page_sha256",
)  # fmt: skip


def correction_rows(catalogue: Catalogue) -> Iterator[dict[str, object]]:
    """The corrections as rows of a seed with COLUMNS."""
    for number, one in enumerate(load_corrections(catalogue), 1):
        correction = one.correction
        [(kind, key)] = correction.report.named
        yield {
            "correction_id": correction.id, "correction_no": number, "data_origin": one.data_origin, "file": one.file,
            "line_no": one.line, "report_key_kind": kind, "report_key": key, "metric_id": correction.metric,
            "field_id": correction.field, "applicant_key": correction.applicant, "reported": correction.reported,
            "corrected": correction.corrected, "corrected_unit": correction.unit,
            "reason": " ".join(correction.reason.split()), "said_by_kind": correction.said_by.kind,
            "said_by": correction.said_by.name, "said_by_url": correction.said_by.url, "said_on": correction.said_on,
            "expect_evidence": correction.expect.evidence, "expect_page_sha256": correction.expect.page_sha256,
        }  # fmt: skip
