"""The rules of the gate as data: expectations/*.yaml, read into typed rules and turned into expectations."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module, resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML

SUITES = ("raw", "staging", "marts")
NEXT_YEAR = "next_year"
KINDS = ("sql", "unique", "not_null", "between", "in_set")


class Bounds(BaseModel):
    """The range of a column, both ends included; None leaves an end open."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: str
    min: float | None = None
    max: float | Literal["next_year"] | None = None


class Domain(BaseModel):
    """The values a column may have, NULL apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: str
    values: list[str]


class Rule(BaseModel):
    """One rule about one table: SQL that returns the failing rows of ``batch``, or one of the native kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    table: str
    severity: Literal["block", "warn"]
    zh: str
    en: str
    needs: Literal["published"] | None = None
    sql: str | None = None
    unique: list[str] | None = None
    not_null: list[str] | None = None
    between: Bounds | None = None
    in_set: Domain | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"rule {self.id} must have exactly one of {', '.join(KINDS)}; it has {kinds}")
        return self


class Suite(BaseModel):
    """One file of rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suite: Literal["raw", "staging", "marts"]
    rules: list[Rule]

    @model_validator(mode="after")
    def _ids_differ(self) -> Suite:
        ids = [rule.id for rule in self.rules]
        doubles = sorted({one for one in ids if ids.count(one) > 1})
        if doubles:
            raise ValueError(f"suite {self.suite} has these rules twice: {', '.join(doubles)}")
        return self


@dataclass(frozen=True)
class Surroundings:
    """What the rules need to know: the year, the value columns of the wide marts, whether a build is published."""

    this_year: int
    wide_columns: tuple[str, ...]
    has_published: bool


def load_suites() -> list[Suite]:
    """The three suites in the order in which they run. Raises ValidationError on a rule that cannot be used."""
    folder = resources.files(__package__)
    texts = [folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8") for name in SUITES]
    return [Suite.model_validate(YAML(typ="safe").load(text)) for text in texts]


def failing_rows_sql(rule: Rule, around: Surroundings) -> str:
    """A query for the rows that break the rule, with ``batch`` standing for the rule's table."""
    if rule.sql is not None:
        return rule.sql.strip().rstrip(";").replace("$wide_columns", ", ".join(around.wide_columns))
    if rule.unique is not None:
        columns = ", ".join(rule.unique)
        return f"select {columns}, count(*) as row_count from batch group by all having row_count > 1"
    if rule.not_null is not None:
        return f"select * from batch where {' or '.join(f'{column} is null' for column in rule.not_null)}"
    if rule.between is not None:
        low, high = limits(rule.between, around)
        ends = [f"{rule.between.column} {sign} {end:g}" for sign, end in (("<", low), (">", high)) if end is not None]
        return f"select * from batch where {' or '.join(ends)}"
    if rule.in_set is None:
        raise ValueError(f"rule {rule.id} has no kind")
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in rule.in_set.values)
    return f"select * from batch where {rule.in_set.column} not in ({values})"


def limits(bounds: Bounds, around: Surroundings) -> tuple[float | None, float | None]:
    """The two ends of a range; ``next_year`` is the year after the present one."""
    high = around.this_year + 1 if bounds.max == NEXT_YEAR else bounds.max
    return bounds.min, float(high) if high is not None else None


def expectations_of(rule: Rule, around: Surroundings) -> list[Any]:
    """The rule as expectations of Great Expectations; all of them must hold. ``meta["check_id"]`` names the rule."""
    gxe: Any = import_module("great_expectations.expectations")  # late: it takes seconds to import
    common: dict[str, Any] = {
        "meta": {"check_id": rule.id},
        "description": f"{rule.zh} / {rule.en}",
        "severity": "critical" if rule.severity == "block" else "warning",
    }
    if rule.unique is not None:
        if len(rule.unique) == 1:
            return [gxe.ExpectColumnValuesToBeUnique(column=rule.unique[0], **common)]
        return [gxe.ExpectCompoundColumnsToBeUnique(column_list=rule.unique, ignore_row_if="never", **common)]
    if rule.not_null is not None:
        return [gxe.ExpectColumnValuesToNotBeNull(column=column, **common) for column in rule.not_null]
    if rule.between is not None:
        low, high = limits(rule.between, around)
        return [gxe.ExpectColumnValuesToBeBetween(column=rule.between.column, min_value=low, max_value=high, **common)]
    if rule.in_set is not None:
        return [gxe.ExpectColumnValuesToBeInSet(column=rule.in_set.column, value_set=rule.in_set.values, **common)]
    query = f"with batch as (select * from {{batch}}) select * from ({failing_rows_sql(rule, around)}) as failing"
    return [gxe.UnexpectedRowsExpectation(unexpected_rows_query=query, **common)]
