"""dbt's semantic layer from the catalogue: semantic models and metrics over the wide marts and the rates.

dbt_project/semantic_layer.yml says whose numbers may be added (bodies) and which metrics are offered. A metric is the
sum of one column of a wide mart, that is of one metric inside one definition group, over one body; a rate is a ratio of
the parts that fct_rates holds, inside the forms where its terms mean the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from flows.faults import UsageFault
from flows.seeds import GENERATED, WideColumn, wide_columns
from scrapers.catalogue import Catalogue, Rate

Entry = dict[str, Any]

ADDABLE = ("count", "amount", "stock")
_YEAR = {
    "name": "report_year", "type": "time", "expr": "make_date(report_year, 1, 1)",
    "type_params": {"time_granularity": "year"}, "description": "The year reported on, as its first day",
}  # fmt: skip


class Body(NamedTuple):
    """Reports whose numbers may be added: one level (None: agencies of any level) and one scope."""

    id: str
    mart: str
    level: str | None
    scope: str
    label_zh: str
    label_en: str


class Mart(NamedTuple):
    """A wide mart as a semantic model: its row entity, and what its measures begin with."""

    name: str
    entity: str
    prefix: str
    body_expr: str
    dimensions: tuple[tuple[str, str], ...]


_PLACE = (
    ("jurisdiction_level", "province, prefecture, county, township or functional_zone"),
    ("scope", "whole_area or own_agency; never add one to the other"),
    ("report_format", "Form: F2008, F2014, F2019, F2021"),
    ("jurisdiction_code", "Division code of the report's year"),
    ("jurisdiction_name", "Name of the place in that year"),
    ("parent_code", "Division code of the unit above"),
    ("trust", "official, mirror, unknown or hijacked"),
    ("data_origin", "invented_sample or published_reports"),
)
MARTS = (
    Mart("jurisdiction_years", "place_year", "place_", "jurisdiction_level || ' ' || scope", _PLACE),
    Mart(
        "agency_years", "agency_year", "agency_", "scope", (*_PLACE, ("agency_name", "The agency as the page names it"))
    ),
)


class RateGroup(NamedTuple):
    """A rate inside the forms in which all its terms are of the same definition groups."""

    name: str
    rate: Rate
    forms: tuple[str, ...]


def rate_groups(catalogue: Catalogue) -> Iterator[RateGroup]:
    """The rates as they may be compared; one whose terms never change their definition has its own name."""
    for rate in catalogue.rates:
        spans: dict[tuple[str, ...], list[str]] = {}
        for form_id in catalogue.forms:
            key = tuple(catalogue.group_of(term.name, form_id, "") for term in rate.terms)
            spans.setdefault(key, []).append(form_id)
        for key, forms in spans.items():
            changed = [group for number, group in enumerate(key) if len({other[number] for other in spans}) > 1]
            name = "_".join([rate.id, *dict.fromkeys(changed)])
            yield RateGroup(name, rate, tuple(forms))


def semantic_files(catalogue: Catalogue, project: Path) -> dict[Path, str]:
    """The text of every generated file of models/semantic, by path.

    Raises UsageFault where semantic_layer.yml asks for what the catalogue does not have.
    """
    asked = YAML(typ="safe").load((project / "semantic_layer.yml").read_text(encoding="utf-8"))
    bodies = [Body(**{"level": None} | body) for body in asked["bodies"]]
    columns = _columns(catalogue, asked["metrics"])
    folder = project / "models/semantic"
    files = {}
    for mart in MARTS:
        own = [body for body in bodies if body.mart == mart.name]
        content = {
            "semantic_models": [_wide_model(catalogue, mart, columns)],
            "metrics": [metric for body in own for metric in _wide_metrics(catalogue, mart, body, columns)],
        }
        files[folder / f"sem_{mart.name}.yml"] = _text(content)
    groups = list(rate_groups(catalogue))
    rates = {
        "semantic_models": [_rate_model(groups)],
        "metrics": [metric for body in bodies for group in groups for metric in _rate_metrics(body, group)],
    }
    files[folder / "sem_rates.yml"] = _text(rates)
    return files


def _columns(catalogue: Catalogue, asked: list[str]) -> list[WideColumn]:
    """The columns of the metrics that are asked for, in the metric's own definition groups."""
    for metric_id in asked:
        if metric_id not in catalogue.metrics:
            raise UsageFault(f"semantic_layer.yml: metrics.yaml has no {metric_id}")
        if (kind := catalogue.metrics[metric_id].kind) not in ADDABLE:
            raise UsageFault(f"semantic_layer.yml: {metric_id} is a {kind}, which cannot be added up")
    own = {(metric_id, group.id) for metric_id in asked for group in catalogue.metrics[metric_id].groups}
    by_key = {(one.metric_id, one.definition_group): one for one in wide_columns(catalogue)}
    return [one for key, one in by_key.items() if key in own]


def _plain(column: WideColumn) -> str:
    """The column's name as MetricFlow takes it: two underscores are its own sign."""
    return column.name.replace("__", "_")


def _wide_model(catalogue: Catalogue, mart: Mart, columns: list[WideColumn]) -> Entry:
    measures = [
        {"name": f"{mart.prefix}reports", "agg": "sum", "expr": "1", "description": "Reports, one for each row"}
    ]
    for column in columns:
        measure: Entry = {
            "name": f"{mart.prefix}{_plain(column)}", "agg": "sum", "expr": column.name,
            "description": column.description.split(";")[0],
        }  # fmt: skip
        if (
            catalogue.metrics[column.metric_id].kind == "stock"
        ):  # what is there at the end of a year is there the next year too
            measure["non_additive_dimension"] = {"name": "report_year", "window_choice": "max"}
        known = {
            "name": f"{mart.prefix}{_plain(column)}_known", "agg": "count", "expr": column.name,
            "description": f"Reports with a value of {column.name}",
        }  # fmt: skip
        measures += [measure, known]
    return {
        "name": mart.name,
        "model": f"ref('{mart.name}')",
        "description": f"One row of {mart.name}: the chosen report of a place or agency and year",
        "defaults": {"agg_time_dimension": "report_year"},
        "entities": [
            {"name": mart.entity, "type": "primary", "expr": "report_id"},
            {"name": "jurisdiction", "type": "foreign", "expr": "jurisdiction_id"},
        ],
        "dimensions": [
            _YEAR,
            {
                "name": "body", "type": "categorical", "expr": mart.body_expr,
                "description": "Whose numbers may be added: one level and one scope",
            },
            *({"name": name, "type": "categorical", "description": text} for name, text in mart.dimensions),
        ],
        "measures": measures,
    }  # fmt: skip


def _wide_metrics(catalogue: Catalogue, mart: Mart, body: Body, columns: list[WideColumn]) -> Iterator[Entry]:
    meta = _meta(body)
    yield {
        "name": f"{body.id}_reports",
        "label": f"{body.label_zh}年报数 / Reports of {body.label_en}",
        "description": "How many chosen reports there are: what the sums of this body are sums over.",
        "type": "simple",
        "type_params": {"measure": f"{mart.prefix}reports"},
        "filter": _of_body(mart, body),
        "config": {"meta": meta},
    }
    for column in columns:
        metric = catalogue.metrics[column.metric_id]
        label = column.description.split(" (")[0].split(" [")[0]
        span = "" if column.name == metric.id else f" [{column.definition_group}]"
        last = ", of several years the last" if metric.kind == "stock" else ""
        note = f" {metric.comparability_note}." if metric.comparability_note else ""
        yield {
            "name": f"{body.id}_{_plain(column)}",
            "label": f"{body.label_zh} {label}{span}",
            "description": (
                f"Sum over the {body.label_en} whose report has the number, in {metric.unit_std}{last}; the others are "
                f"missing, not zero. Comparability: {metric.comparability}.{note}"
            ),
            "type": "simple",
            "type_params": {"measure": f"{mart.prefix}{_plain(column)}"},
            "filter": _of_body(mart, body),
            "config": {
                "meta": {
                    **meta, "metric_id": metric.id, "definition_group": column.definition_group, "column": column.name,
                },
            },
        }  # fmt: skip


def _meta(body: Body) -> Entry:
    return {"body": body.id, "level": body.level, "scope": body.scope}


def _of_body(mart: Mart, body: Body) -> str:
    """The filter that keeps a sum inside one level and one scope."""
    value = f"{body.level} {body.scope}" if body.level else body.scope
    return f"{{{{ Dimension('{mart.entity}__body') }}}} = '{value}'"


def _rate_model(groups: list[RateGroup]) -> Entry:
    measures = []
    for group in groups:
        forms = ", ".join(f"'{form}'" for form in group.forms)
        # of reports that have both numbers: a numerator without its denominator would change the rate
        where = f"rate_id = '{group.rate.id}' and report_format in ({forms}) and rate_percent is not null"
        for side in ("numerator", "denominator"):
            terms = " + ".join(term.name for term in group.rate.terms if term.side == side)
            measures.append(
                {
                    "name": f"{group.name}_{side}", "agg": "sum", "expr": f"case when {where} then {side} end",
                    "description": f"{terms}, of reports that have the rate",
                }
            )  # fmt: skip
    return {
        "name": "rates",
        "model": "ref('fct_rates')",
        "description": "One row of fct_rates: a rate of a report, with the two numbers behind it",
        "defaults": {"agg_time_dimension": "rate_year"},
        "entities": [
            {"name": "report_rate", "type": "primary", "expr": "report_id || ' ' || rate_id"},
            *({"name": mart.entity, "type": "foreign", "expr": "report_id"} for mart in MARTS),
        ],
        "dimensions": [
            {**_YEAR, "name": "rate_year"},
            {"name": "rate_id", "type": "categorical", "description": "Rate (dim_rates)"},
            {"name": "rate_form", "type": "categorical", "expr": "report_format", "description": "Form of the report"},
        ],
        "measures": measures,
    }


def _rate_metrics(body: Body, group: RateGroup) -> Iterator[Entry]:
    mart = next(mart for mart in MARTS if mart.name == body.mart)
    name = f"{body.id}_{group.name}"
    meta = _meta(body) | {"rate_id": group.rate.id, "forms": list(group.forms)}
    label = f"{body.label_zh} {group.rate.label_zh} / {group.rate.label_en}, {body.label_en} ({', '.join(group.forms)})"
    for side in ("numerator", "denominator"):
        yield {
            "name": f"{name}_{side}",
            "label": f"{label}: {side}",
            "description": f"The {side} of {name}, summed over the reports that have the rate.",
            "type": "simple",
            "type_params": {"measure": f"{group.name}_{side}"},
            "filter": _of_body(mart, body),
            "config": {"meta": meta},
        }
    note = f" {group.rate.note}." if group.rate.note else ""
    yield {
        "name": name,
        "label": label,
        "description": f"A share between 0 and 1 of all reports together, not the mean of their rates.{note}",
        "type": "ratio",
        "type_params": {"numerator": f"{name}_numerator", "denominator": f"{name}_denominator"},
        "config": {"meta": meta},
    }


def _text(content: Entry) -> str:
    yaml = YAML(typ="rt")
    yaml.width = 130
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda *_: True
    out = io.StringIO()
    yaml.dump(content, out)
    return f"# {GENERATED}\nversion: 2\n{out.getvalue()}"
