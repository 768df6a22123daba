"""The rules of the gate as data: expectations/*.yaml, read into typed rules and turned into expectations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module, resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML

SUITES = ("raw", "staging", "marts")
NEXT_YEAR = "next_year"
KINDS = ("sql", "unique", "not_null", "between", "in_set", "references")
_PLACEHOLDER = re.compile(r"\$([a-z_]+)")
_GIVEN = ("wide_columns", "as_of")  # placeholders that every rule may use


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


class Reference(BaseModel):
    """Columns that lead to a row of another table, where none of them is NULL.

    ``to`` are the columns of that table, where they are named otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: list[str]
    table: str
    to: list[str] | None = None


class Rule(BaseModel):
    """One rule about one table: SQL that returns the failing rows of ``batch``, or one of the native kinds.

    ``limits`` are numbers that the SQL names as ``$name``; ``limit_rows`` are rows that it reads as the table
    ``limits``, each with its own reason. A rule with limits says why they are what they are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    table: str
    severity: Literal["block", "warn"]
    zh: str
    en: str
    needs: Literal["published"] | None = None
    limits: dict[str, float] | None = None
    limit_rows: list[dict[str, float | str]] | None = None
    because: str | None = None
    sql: str | None = None
    unique: list[str] | None = None
    not_null: list[str] | None = None
    between: Bounds | None = None
    in_set: Domain | None = None
    references: Reference | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        kinds = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"rule {self.id} must have exactly one of {', '.join(KINDS)}; it has {kinds}")
        return self

    @model_validator(mode="after")
    def _limits_are_used_and_argued(self) -> Rule:
        asked = set(_PLACEHOLDER.findall(self.sql or "")) - set(_GIVEN)
        if asked != set(self.limits or {}):
            raise ValueError(f"rule {self.id}: its SQL asks for {sorted(asked)}, it has {sorted(self.limits or {})}")
        if self.limits and not self.because:
            raise ValueError(f"rule {self.id} has limits without a reason (because)")
        for row in self.limit_rows or []:
            if not row.get("because") or row.keys() != (self.limit_rows or [{}])[0].keys():
                raise ValueError(f"rule {self.id}: a row of limits lacks its reason or a column: {row}")
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
    """What the rules need to know. ``as_of`` is the data's own clock: the last attempt to get a page.

    With the wall clock in its place the same rows would pass today and warn tomorrow.
    """

    as_of: date
    wide_columns: tuple[str, ...]
    has_published: bool
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by table: what names a row of it


def load_suites() -> list[Suite]:
    """The three suites in the order in which they run. Raises ValidationError on a rule that cannot be used."""
    folder = resources.files(__package__)
    texts = [folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8") for name in SUITES]
    return [Suite.model_validate(YAML(typ="safe").load(text)) for text in texts]


def keys_of(suites: list[Suite]) -> dict[str, tuple[str, ...]]:
    """The columns that name a row of each table: those that a rule says are unique."""
    return {rule.table: tuple(rule.unique) for suite in suites for rule in suite.rules if rule.unique}


def failing_rows_query(rule: Rule, around: Surroundings, batch: str | None = None) -> str:
    """A whole query for the rows that break the rule; ``batch`` is what stands for its table, else the table itself."""
    tables = [f"batch as (select * from {batch or rule.table})"]
    if rule.limit_rows:
        names = ", ".join(rule.limit_rows[0])
        rows = ", ".join(f"({', '.join(_literal(value) for value in row.values())})" for row in rule.limit_rows)
        tables.append(f"limits as (select * from (values {rows}) as limit_rows ({names}))")
    return f"with {', '.join(tables)} select * from ({_failing_rows(rule, around)}) as failing"


def _failing_rows(rule: Rule, around: Surroundings) -> str:
    if rule.sql is not None:
        return _filled(rule.sql.strip().rstrip(";"), rule, around)
    if rule.unique is not None:
        columns = ", ".join(rule.unique)
        return f"select {columns}, count(*) as row_count from batch group by all having row_count > 1"
    if rule.not_null is not None:
        shown = _named(rule, around, rule.not_null)
        return f"select {shown} from batch where {' or '.join(f'{column} is null' for column in rule.not_null)}"
    if rule.between is not None:
        low, high = limits(rule.between, around)
        ends = [f"{rule.between.column} {sign} {end:g}" for sign, end in (("<", low), (">", high)) if end is not None]
        return f"select {_named(rule, around, [rule.between.column])} from batch where {' or '.join(ends)}"
    if rule.in_set is not None:
        values = ", ".join(_literal(value) for value in rule.in_set.values)
        shown = _named(rule, around, [rule.in_set.column])
        return f"select {shown} from batch where {rule.in_set.column} not in ({values})"
    if rule.references is not None:
        return _without_partner(rule.references, _named(rule, around, rule.references.columns))
    raise ValueError(f"rule {rule.id} has no kind")


def _filled(sql: str, rule: Rule, around: Surroundings) -> str:
    values = {
        "wide_columns": ", ".join(around.wide_columns),
        "as_of": f"cast('{around.as_of.isoformat()}' as date)",
    } | {name: f"{value:g}" for name, value in (rule.limits or {}).items()}
    return _PLACEHOLDER.sub(lambda found: values[found[1]], sql)


def _named(rule: Rule, around: Surroundings, columns: list[str]) -> str:
    """The columns that name a row, then those the rule is about; all of them where nothing names a row."""
    keys = around.keys.get(rule.table)
    return ", ".join(dict.fromkeys([*keys, *columns])) if keys else "*"


def _without_partner(reference: Reference, shown: str) -> str:
    pairs = zip(reference.to or reference.columns, reference.columns, strict=True)
    same = " and ".join(f"partner.{there} = batch.{here}" for there, here in pairs)
    given = [f"{column} is not null" for column in reference.columns]
    partner = f"select 1 from {reference.table} as partner where {same}"
    return f"select {shown} from batch where {' and '.join(given)} and not exists ({partner})"


def _literal(value: float | str) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else f"{value:g}"


def limits(bounds: Bounds, around: Surroundings) -> tuple[float | None, float | None]:
    """The two ends of a range; ``next_year`` is the year after that of the last attempt."""
    high = around.as_of.year + 1 if bounds.max == NEXT_YEAR else bounds.max
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
    query = failing_rows_query(rule, around, batch="{batch}")
    return [gxe.UnexpectedRowsExpectation(unexpected_rows_query=query, **common)]
