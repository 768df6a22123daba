"""The semantic layer: dbt accepts it, each metric is one column of one body, and gives what the long tables give."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from world import Built

from flows.faults import UsageFault
from flows.seeds import wide_columns
from flows.semantic_layer import rate_groups, semantic_files
from flows.settings import DBT_PROJECT
from scrapers.catalogue import load_catalogue

Entry = dict[str, Any]
FILTER = re.compile(r"\{\{ Dimension\('(\w+?)__(\w+)'\) \}\} = '([a-z_ ]+)'")


@pytest.fixture(scope="module")
def manifest(artifacts: Path) -> Entry:
    return json.loads((artifacts / "target/semantic_manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def asked() -> Entry:
    return YAML(typ="safe").load((DBT_PROJECT / "semantic_layer.yml").read_text(encoding="utf-8"))


def named(entries: list[Entry]) -> dict[str, Entry]:
    return {entry["name"]: entry for entry in entries}


def owner(manifest: Entry, measure: str) -> tuple[Entry, Entry]:
    """The semantic model of a measure, and the measure."""
    for model in manifest["semantic_models"]:
        for entry in model["measures"]:
            if entry["name"] == measure:
                return model, entry
    raise AssertionError(measure)


def relation(model: Entry) -> str:
    return f"{model['node_relation']['schema_name']}.{model['node_relation']['alias']}"


def expression(model: Entry, kind: str, name: str) -> str:
    entry = named(model[kind])[name]
    return entry["expr"] or name


def filters(metric: Entry) -> list[str]:
    return [one["where_sql_template"] for one in (metric["filter"] or {"where_filters": []})["where_filters"]]


def query(manifest: Entry, metric: Entry) -> str:
    """What MetricFlow computes for a metric without any grouping; its filter may stand in a joined model."""
    model, measure = owner(manifest, metric["type_params"]["measure"]["name"])
    (template,) = filters(metric)
    entity, dimension, value = FILTER.fullmatch(template).groups()  # type: ignore[union-attr]
    body = next(
        other for other in manifest["semantic_models"] for one in other["entities"]
        if one["name"] == entity and one["type"] == "primary"
    )  # fmt: skip
    return (
        f"select {measure['agg']}(number) from"
        f" (select {measure['expr']} as number, {expression(model, 'entities', entity)} as key from {relation(model)})"
        f" join (select {expression(body, 'entities', entity)} as key, {expression(body, 'dimensions', dimension)} as body"
        f" from {relation(body)}) using (key) where body = '{value}'"
    )


def where(body: Entry) -> str:
    mart = body["mart"].removesuffix("_years")
    level = f" and jurisdiction_level = '{body['level']}'" if "level" in body else ""
    return f"wide_mart = '{mart}' and scope = '{body['scope']}'{level}"


def test_dbt_writes_the_metrics_that_are_asked_for(manifest: Entry, asked: Entry) -> None:
    catalogue = load_catalogue()
    groups = sum(len(catalogue.metrics[name].groups) for name in asked["metrics"])
    rates = 3 * len(list(rate_groups(catalogue)))
    assert len(manifest["metrics"]) == len(asked["bodies"]) * (1 + groups + rates)
    spines = manifest["project_configuration"]["time_spines"]
    assert [spine["primary_column"]["time_granularity"] for spine in spines] == ["day"]


def test_a_metric_is_of_one_body(manifest: Entry, asked: Entry) -> None:
    bodies = named([{**body, "name": body["id"]} for body in asked["bodies"]])
    assert len({(body["mart"], body.get("level"), body["scope"]) for body in bodies.values()}) == len(bodies)
    simple = {metric["name"]: metric for metric in manifest["metrics"] if metric["type"] == "simple"}
    for name, metric in simple.items():
        body = bodies[metric["config"]["meta"]["body"]]
        (template,) = filters(metric)
        wanted = f"{body['level']} {body['scope']}" if "level" in body else body["scope"]
        assert FILTER.fullmatch(template).group(3) == wanted, name  # type: ignore[union-attr]
    for metric in manifest["metrics"]:
        if metric["type"] != "simple":
            assert metric["type"] == "ratio"
            sides = [metric["type_params"][side]["name"] for side in ("numerator", "denominator")]
            assert {simple[side]["config"]["meta"]["body"] for side in sides} == {metric["config"]["meta"]["body"]}


def test_a_measure_is_one_column_of_the_wide_marts(manifest: Entry) -> None:
    columns = {column.name: column for column in wide_columns(load_catalogue())}
    for metric in manifest["metrics"]:
        meta = metric["config"]["meta"]
        if "column" in meta:
            _, measure = owner(manifest, metric["type_params"]["measure"]["name"])
            column = columns[measure["expr"]]
            assert (column.metric_id, column.definition_group) == (meta["metric_id"], meta["definition_group"])


def test_a_stock_is_not_added_over_years(manifest: Entry) -> None:
    catalogue = load_catalogue()
    stocks = 0
    for metric in manifest["metrics"]:
        if metric_id := metric["config"]["meta"].get("metric_id"):
            _, measure = owner(manifest, metric["type_params"]["measure"]["name"])
            is_stock = catalogue.metrics[metric_id].kind == "stock"
            assert (measure["non_additive_dimension"] is not None) == is_stock
            stocks += is_stock
    assert stocks


def test_sums_are_those_of_the_long_tables(manifest: Entry, asked: Entry, world: Built) -> None:
    bodies = {body["id"]: body for body in asked["bodies"]}
    seen = 0
    for metric in manifest["metrics"]:
        meta = metric["config"]["meta"]
        if "column" not in meta:
            continue
        (found,) = world.one(query(manifest, metric))
        (wanted,) = world.one(
            "select sum(value_used) from intermediate.int_metric_choices join intermediate.int_wide_reports using (report_id)"
            f" where metric_id = '{meta['metric_id']}' and definition_group = '{meta['definition_group']}'"
            f" and {where(bodies[meta['body']])}"
        )
        assert found == wanted, metric["name"]
        seen += found is not None
    assert seen >= 10


def test_reports_are_counted_by_body(manifest: Entry, asked: Entry, world: Built) -> None:
    metrics = named(manifest["metrics"])
    counts = {}
    for body in asked["bodies"]:
        (found,) = world.one(query(manifest, metrics[f"{body['id']}_reports"]))
        assert (found or 0,) == world.one(f"select count(*) from intermediate.int_wide_reports where {where(body)}")
        counts[body["id"]] = found
    assert counts["counties"] > counts["prefectures"] >= 1


def test_rates_are_made_of_the_catalogue_s_terms(manifest: Entry, asked: Entry, world: Built) -> None:
    catalogue, metrics, seen = load_catalogue(), named(manifest["metrics"]), 0
    for body in asked["bodies"]:
        for group in rate_groups(catalogue):
            sums = {"numerator": 0.0, "denominator": 0.0}
            for report_id, form in world.rows(
                f"select report_id, report_format from intermediate.int_wide_reports where {where(body)}"
            ):
                values = {
                    (metric, definition): value
                    for metric, definition, value in world.rows(
                        "select metric_id, definition_group, value_used from intermediate.int_metric_choices"
                        f" where report_id = '{report_id}'"
                    )
                }
                terms = [
                    (term.side, term.is_optional, values.get((term.name, catalogue.group_of(term.name, form, ""))))
                    for term in group.rate.terms
                ] if form in group.forms else []  # fmt: skip
                whole = sum(value or 0 for side, _, value in terms if side == "denominator")
                if whole > 0 and all(value is not None for _, optional, value in terms if not optional):
                    for side, _, value in terms:
                        sums[side] += value or 0
            for side, wanted in sums.items():
                (found,) = world.one(query(manifest, metrics[f"{body['id']}_{group.name}_{side}"]))
                assert (found or 0) == wanted, (body["id"], group.name, side)
                seen += found is not None
    assert seen >= 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("  - no_such_metric\n", "no_such_metric"),
        ("  - licences_items_change\n", "is a change"),
        ("  - full_text_digitisation_rate\n", "is a rate"),
    ],
)
def test_what_cannot_be_added_is_refused(tmp_path: Path, line: str, says: str) -> None:
    shutil.copy(DBT_PROJECT / "semantic_layer.yml", tmp_path)
    with (tmp_path / "semantic_layer.yml").open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(UsageFault, match=says):
        semantic_files(load_catalogue(), tmp_path)
