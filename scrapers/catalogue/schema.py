"""The typed shape of the catalogue: forms, fields, metrics, checks, units."""

from __future__ import annotations

from typing import Literal, NamedTuple

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


Family = Literal[
    "disclosure", "rules_documents", "administration", "interaction", "requests_received", "request_outcomes",
    "review_litigation", "resources",
]  # fmt: skip


class DefinitionGroup(Fact):
    """Forms inside which the values of a metric may be compared and share a column.

    ``sum_of`` says per form from which fields the metric is a sum there; such a field stands in a group of its own.
    """

    id: str
    forms: list[str]
    sum_of: dict[str, list[str]] = {}


class Metric(Fact):
    """One canonical metric. ``family`` is the part of the work it is about: accuracy is counted by it too."""

    id: str
    label_zh: str
    label_en: str
    definition: str
    unit_std: str
    kind: Literal["count", "stock", "amount", "rate", "change"]
    family: Family
    comparability: Literal["good", "fair", "weak", "broken"]
    comparability_note: str = ""
    groups: list[DefinitionGroup] = [DefinitionGroup(id="all", forms=["F2008", "F2014", "F2019", "F2021"])]


class Metrics(Fact):
    """metrics.yaml"""

    metrics: list[Metric]


OTHER = "other."  # before a term: a number of the other report


class Check(Fact):
    """left ``relation`` right, within ``tolerance``; checks.yaml explains terms, relations and classes of failures.

    per: report, applicant (once for each column of the matrix), row (over the applicant columns of each field), or each
    (once for each name of ``each``, which "*" in a term stands for).
    """

    id: str
    between: Literal["report", "years", "child", "children"] = "report"
    of: Literal["fields", "metrics", "words", "shares"] = "fields"
    basis: Literal["same", "narrative", "any"] = "same"
    forms: list[str]
    other_forms: list[str] = []
    per: Literal["report", "applicant", "row", "each"] = "report"
    each: list[str] = []
    left: list[str]
    relation: Literal["eq", "ge", "le", "share", "within"]
    right: list[str]
    whole: list[str] = []
    factor: float = 1
    tolerance: float = 0
    severity: Literal["error", "warning"]
    blame: Literal["theirs", "scope", "undecided"] = "theirs"
    because: str = ""
    description: str
    description_zh: str

    @model_validator(mode="after")
    def _parts_fit(self) -> Check:
        if (self.per == "each") != bool(self.each):
            raise ValueError("per: each needs the list each, and no other per has one")
        if (self.relation == "share") != bool(self.whole):
            raise ValueError("relation share needs whole, the total of which left is a share in percent")
        if (self.relation == "within") != (self.factor > 1):
            raise ValueError("relation within needs a factor above 1")
        others = [term for term in self.terms() if term.is_other]
        if bool(others) != (self.between != "report"):
            raise ValueError(f"terms that begin with {OTHER} belong to checks between reports, and only to them")
        if self.blame != "theirs" and not self.because:
            raise ValueError(f"blame {self.blame} needs because, the sentence that says why")
        return self

    @property
    def is_sum_of_cells(self) -> bool:
        """Whether the printed cells of one report's tables must add up: what can prove a blank cell to be zero."""
        return self.between == "report" and self.of == "fields" and self.relation == "eq"

    def terms(self, name: str = "*") -> list[Term]:
        """All terms, with ``name`` in the place of "*"."""
        sides = (("left", self.left), ("right", self.right), ("whole", self.whole))
        return [parse_term(side, text.replace("*", name)) for side, terms in sides for text in terms]


class Term(NamedTuple):
    """One number of a check: a field or metric with its sign."""

    side: str  # left, right, whole
    name: str
    sign: int
    is_other: bool
    is_optional: bool


def parse_term(side: str, text: str) -> Term:
    """A term of checks.yaml: "-" subtracts, "other." takes it from the other report, "?" after it lets it be unsaid."""
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    is_other, text = text.startswith(OTHER), text.removeprefix(OTHER)
    return Term(side, text.removesuffix("?"), sign, is_other, text.endswith("?"))


class Checks(Fact):
    """checks.yaml"""

    checks: list[Check]


class Rate(Fact):
    """numerator / denominator in percent; terms are metrics of one report, "?" behind one lets it be unsaid."""

    id: str
    label_zh: str
    label_en: str
    numerator: list[str]
    denominator: list[str]
    note: str = ""

    @property
    def terms(self) -> list[Term]:
        """All terms, the numerator's on the left side."""
        sides = (("numerator", self.numerator), ("denominator", self.denominator))
        return [parse_term(side, text) for side, terms in sides for text in terms]


class Rates(Fact):
    """rates.yaml"""

    rates: list[Rate]


class Quantity(Fact):
    """What the named fields ("F2014.foi_fees_collected") count; fields of one quantity may be compared."""

    id: str
    fields: list[str]


class NeverUnited(Fact):
    """Quantities that sound alike and must not meet; comparability.yaml explains ``apart`` and ``only_as_sum``."""

    id: str
    label_zh: str
    label_en: str
    why: str
    apart: Literal["metric", "column"]
    only_as_sum: bool = False
    quantities: list[Quantity]

    def quantity_of(self, form_id: str, field_id: str) -> str | None:
        """The quantity that a field counts, where this set speaks of it."""
        name = f"{form_id}.{field_id}"
        return next((quantity.id for quantity in self.quantities if name in quantity.fields), None)


class Comparability(Fact):
    """comparability.yaml"""

    never_united: list[NeverUnited]


class UnitClass(Fact):
    """Names of units that count the same thing, with the factor to the first of their class."""

    kind: str = Field(alias="class")
    factor: float
    names: list[str]


class Units(Fact):
    """units.yaml"""

    units: list[UnitClass]
