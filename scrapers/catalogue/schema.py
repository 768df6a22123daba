"""The typed shape of the catalogue: forms, fields, metrics, checks, units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Fact(BaseModel):
    """A catalogue entry: an unknown key is an error, so that a typing mistake is found."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ApplicantType(Fact):
    """One column of the requests matrix."""

    id: str
    label_zh: str
    label_en: str
    labels: list[str]


class Applicants(Fact):
    """applicants.yaml"""

    applicant_types: list[ApplicantType]


class YearSpan(Fact):
    """Report years of a form; ``to`` is null while it is in use."""

    first: int = Field(alias="from")
    last: int | None = Field(alias="to")


class FormTable(Fact):
    """One table of a form. kind: list (a row a field), blocks (row x column), matrix, results (a row of 15), words."""

    id: str
    kind: Literal["list", "blocks", "matrix", "results", "words"]
    name_zh: str
    anchors: list[str]
    value_headers: list[str]


class FormField(Fact):
    """One row or cell of a form. ``metric`` is its canonical metric, where it is not its own."""

    id: str
    table: str
    code: str = ""
    labels: list[str]
    columns: list[str] = []
    group: str = ""
    unit: str = ""
    metric: str = ""
    part_of: str = ""
    header: bool = False
    variant: bool = False
    verified: Literal["page", "recalled"]
    note: str = ""

    @property
    def metric_id(self) -> str:
        """The canonical metric of the field."""
        return self.metric or self.id


class Form(Fact):
    """forms/*.yaml"""

    id: Literal["F2008", "F2014", "F2019", "F2021"]
    name_zh: str
    name_en: str
    years: YearSpan
    legal_basis: str
    basis_marks: list[str]
    tables: list[FormTable]
    fields: list[FormField]

    @model_validator(mode="after")
    def _fields_stand_in_tables(self) -> Form:
        tables = {table.id for table in self.tables}
        ids = [field.id for field in self.fields]
        for field in self.fields:
            if field.table not in tables:
                raise ValueError(f"field {field.id}: table {field.table} is not a table of {self.id}")
            if field.part_of and field.part_of not in ids:
                raise ValueError(f"field {field.id}: part_of {field.part_of} is not a field of {self.id}")
        doubles = {one for one in ids if ids.count(one) > 1}
        if doubles:
            raise ValueError(f"{self.id} has these fields twice: {', '.join(sorted(doubles))}")
        return self

    def values(self, table: str | None = None) -> list[FormField]:
        """The fields that carry a value, in the order of the form."""
        return [field for field in self.fields if not field.header and table in (None, field.table)]


class DefinitionGroup(Fact):
    """Forms inside which the values of a metric may be compared and share a column.

    ``sum_of`` says per form from which fields the metric is a sum there; such a field stands in a group of its own.
    """

    id: str
    forms: list[str]
    sum_of: dict[str, list[str]] = {}


class Metric(Fact):
    """One canonical metric."""

    id: str
    label_zh: str
    label_en: str
    definition: str
    unit_std: str
    kind: Literal["count", "stock", "amount", "rate", "change"]
    comparability: Literal["good", "fair", "weak", "broken"]
    comparability_note: str = ""
    groups: list[DefinitionGroup] = [DefinitionGroup(id="all", forms=["F2008", "F2014", "F2019", "F2021"])]


class Metrics(Fact):
    """metrics.yaml"""

    metrics: list[Metric]


class Check(Fact):
    """An identity: left ``relation`` right, within tolerance. A term is a field, "-" before it subtracts.

    per: report, or applicant (once for each column of the matrix), or row (over the applicant columns of each field).
    """

    id: str
    forms: list[str]
    per: Literal["report", "applicant", "row"]
    left: list[str]
    relation: Literal["eq", "ge", "le"]
    right: list[str]
    tolerance: float = 0
    severity: Literal["error", "warning"]
    description: str
    description_zh: str


class Checks(Fact):
    """checks.yaml"""

    checks: list[Check]


class UnitClass(Fact):
    """Names of units that count the same thing, with the factor to the first of their class."""

    kind: str = Field(alias="class")
    factor: float
    names: list[str]


class Units(Fact):
    """units.yaml"""

    units: list[UnitClass]
