"""What the crosswalk forbids to unite is impossible: the catalogue refuses it, and no column, change, rate or metric does it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from builds import failures, rows, run_dbt
from landing import Doc, Landing, Value
from world import Built

from flows.seeds import wide_columns
from scrapers.catalogue import Catalogue, load_catalogue
from scrapers.catalogue.comparability import _is_whole, columns_of_fields, comparability_faults
from scrapers.catalogue.schema import DefinitionGroup, NeverUnited

REPOSITORY = Path(__file__).resolve().parents[2]
FieldName = tuple[str, str]


def forbidden_pairs(rule: NeverUnited) -> list[tuple[FieldName, FieldName]]:
    """Every two fields of different quantities."""
    return [
        (tuple(one.split(".")), tuple(other.split(".")))  # type: ignore[misc]
        for left, right in combinations(rule.quantities, 2)
        for one in left.fields
        for other in right.fields
    ]


def is_united(rule: NeverUnited, fields: Iterable[FieldName]) -> bool:
    """Whether fields of two quantities met otherwise than as the whole, where the rule allows that."""
    met = {field for field in fields if rule.quantity_of(*field)}
    apart = len({rule.quantity_of(*field) for field in met}) > 1
    return apart and not (rule.only_as_sum and _is_whole(rule, met))


RULES = load_catalogue().never_united


def test_the_three_kinds_of_fees_and_the_breaks_of_the_crosswalk_are_named() -> None:
    fees = next(rule for rule in RULES if rule.id == "fees")
    assert fees.apart == "metric"
    assert {fees.quantity_of(*field) for field in (
        ("F2014", "foi_fees_collected"), ("F2019", "admin_fees_items_previous_year"), ("F2021", "admin_fees_amount"),
    )} == {"request_fees", "fee_items", "fee_amounts"}  # fmt: skip
    broken = {metric.id for metric in load_catalogue().metrics.values() if metric.comparability == "broken"}
    columns = columns_of_fields(load_catalogue())
    for metric_id in broken:
        fields = {name for (metric, _), names in columns.items() if metric == metric_id for name in names}
        met = [rule for rule in RULES if len({rule.quantity_of(*field) for field in fields} - {None}) > 1]
        assert met, f"comparability.yaml has no set for the break of {metric_id}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_column_of_a_wide_mart_unites_them(rule: NeverUnited, world: Built) -> None:
    column_of = {}
    for form_id, field_id, column in world.rows(
        "select f.form_id, f.field_id, coalesce(own.column_name, general.column_name) from seeds.seed_fields f"
        " left join seeds.seed_metric_groups own using (metric_id, form_id, field_id)"
        " left join seeds.seed_metric_groups general"
        " on general.metric_id = f.metric_id and general.form_id = f.form_id and general.field_id is null"
    ):
        column_of[form_id, field_id] = column
    metric_of = {
        (form, field): metric
        for form, field, metric in world.rows("select form_id, field_id, metric_id from seeds.seed_fields")
    }
    for one, other in forbidden_pairs(rule):
        assert column_of[one] != column_of[other], (one, other)
        if rule.apart == "metric":
            assert metric_of[one] != metric_of[other], (one, other)
    # a field that is a part of a sum never stands in the sum's own column
    assert world.rows(
        "select t.field_id from seeds.seed_derived_terms t join seeds.seed_fields f using (form_id, field_id)"
        " join marts.dim_fields d using (form_id, field_id)"
        " where f.metric_id = t.metric_id and d.definition_group = t.definition_group"
    ) == []  # fmt: skip


def test_a_column_is_one_metric_and_one_definition() -> None:
    columns = wide_columns(load_catalogue())
    assert len({(column.metric_id, column.definition_group) for column in columns}) == len(columns)
    assert len({column.name for column in columns}) == len(columns)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_semantic_metric_unites_them(rule: NeverUnited, artifacts: Path) -> None:
    """Whatever a measure adds up comes from columns (metric, definition group) in which only one of the quantities stands."""
    catalogue = load_catalogue()
    sources = columns_of_fields(catalogue)
    manifest = json.loads((artifacts / "target/semantic_manifest.json").read_text(encoding="utf-8"))
    names = {column.name: (column.metric_id, column.definition_group) for column in wide_columns(catalogue)}
    for model in manifest["semantic_models"]:
        for measure in model["measures"]:
            if measure["expr"] not in names:
                assert model["name"] == "rates" or measure["expr"] == "1"
                continue
            fields = sources.get(names[measure["expr"]], [])
            assert not is_united(rule, fields), (measure["name"], fields)


def edited_metric(catalogue: Catalogue, metric_id: str, **changes: object) -> Catalogue:
    metric = catalogue.metrics[metric_id].model_copy(update=changes)
    return replace(catalogue, metrics=catalogue.metrics | {metric_id: metric})


def edited_field(catalogue: Catalogue, form_id: str, field_id: str, **changes: object) -> Catalogue:
    form = catalogue.forms[form_id]  # type: ignore[index]
    fields = [field.model_copy(update=changes) if field.id == field_id else field for field in form.fields]
    return replace(catalogue, forms=catalogue.forms | {form_id: form.model_copy(update={"fields": fields})})  # type: ignore[dict-item]


def edited_rate(catalogue: Catalogue, rate_id: str, **changes: object) -> Catalogue:
    rates = tuple(rate.model_copy(update=changes) if rate.id == rate_id else rate for rate in catalogue.rates)
    return replace(catalogue, rates=rates)


def all_forms(**sum_of: list[str]) -> list[DefinitionGroup]:
    return [DefinitionGroup(id="all", forms=["F2008", "F2014", "F2019", "F2021"], sum_of=sum_of)]


EDITS: dict[str, tuple[Callable[[Catalogue], Catalogue], str]] = {
    "2021 fee amounts as 2019 fee items": (
        lambda c: edited_field(c, "F2021", "admin_fees_amount", metric="admin_fees_items_previous_year"),
        "comparability.yaml forbids it (fees,",
    ),
    "2014 request fees as 2021 fee amounts": (
        lambda c: edited_field(c, "F2014", "foi_fees_collected", metric="admin_fees_amount"),
        "comparability.yaml forbids it (fees,",
    ),
    "request fees plus administrative fees": (
        lambda c: edited_metric(
            c, "foi_fees_collected", groups=all_forms(F2021=["foi_processing_fee_amount", "admin_fees_amount"])
        ),
        "F2008.foi_fees_collected and F2021.admin_fees_amount would both be metric foi_fees_collected, definition group all",
    ),
    "fees of two definition groups of one metric": (
        lambda c: edited_metric(
            edited_field(c, "F2021", "admin_fees_amount", metric="foi_fees_collected"),
            "foi_fees_collected",
            groups=[DefinitionGroup(id="old", forms=["F2008", "F2014", "F2019"]), DefinitionGroup(id="new", forms=["F2021"])],
        ),
        "would both be metric foi_fees_collected. ",
    ),
    "a rate of all fees": (
        lambda c: edited_rate(c, "disclosed_share", numerator=["foi_fees_collected", "admin_fees_amount?"]),
        "would both be the numerator of rate disclosed_share",
    ),
    "refusals without their break": (
        lambda c: edited_metric(
            c, "refused_total", comparability="good", groups=all_forms(**c.metrics["refused_total"].groups[2].sum_of)
        ),
        "comparability.yaml forbids it (refusals,",
    ),
    "a break without groups": (
        lambda c: edited_metric(c, "normative_docs_issued", groups=all_forms()),
        "metrics.yaml: normative_docs_issued: its comparability is broken",
    ),
    "normative documents without their break": (
        lambda c: edited_metric(c, "normative_docs_issued", groups=all_forms(), comparability="good"),
        "comparability.yaml forbids it (normative_documents_issued,",
    ),
    "documents on line as documents in force": (
        lambda c: edited_field(c, "F2019", "normative_docs_published_total", metric="normative_docs_in_force"),
        "comparability.yaml forbids it (normative_documents_at_hand,",
    ),
    "one block of lawsuits as all": (
        lambda c: edited_metric(
            c, "litigation_total", groups=all_forms(F2019=["litigation_direct_total"], F2021=["litigation_direct_total"])
        ),
        "comparability.yaml forbids it (lawsuits,",
    ),
    "granted without what was public already": (
        lambda c: edited_metric(c, "outcome_disclosed_full", groups=all_forms(), comparability="good"),
        "comparability.yaml forbids it (disclosed_in_full,",
    ),
    "a part beside its total": (
        lambda c: edited_metric(
            c, "refused_third_party_rights", groups=all_forms(F2014=["reply_refused_total", "refused_trade_secret"])
        ),
        "the sum of F2014 has reply_refused_total and its part refused_trade_secret",
    ),
    "a form in two groups": (
        lambda c: edited_metric(
            c, "review_total", groups=[*all_forms(), DefinitionGroup(id="again", forms=["F2021"])]
        ),
        "metrics.yaml: review_total: F2021 stands in two definition groups",
    ),
    "the sum of a form of another group": (
        lambda c: edited_metric(
            c, "rules_issued",
            groups=[DefinitionGroup(id="a", forms=["F2019"]), DefinitionGroup(id="b", forms=["F2021"], sum_of={"F2019": ["rules_newly_made"]})],
        ),
        "metrics.yaml: rules_issued: group b has a sum of F2019, which is none of its forms",
    ),
    "money as a count": (
        lambda c: edited_field(c, "F2021", "licences_decisions", unit="万元"),
        "licences_decisions (all) is counted in 件, but F2021.licences_decisions is printed in 万元",
    ),
    "a rate that leaves a result out where the form has it": (
        lambda c: edited_metric(c, "litigation_other", groups=all_forms()),
        "rates.yaml: litigation_corrected_share: F2021 has all terms but litigation_other",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_catalogue_that_unites_is_refused(edit: str) -> None:
    change, says = EDITS[edit]
    found = "\n".join(comparability_faults(change(load_catalogue())))
    assert says in found, found
    assert comparability_faults(load_catalogue()) == []


def test_a_set_that_names_no_field_is_refused() -> None:
    catalogue = load_catalogue()
    rule = catalogue.never_united[0]
    wrong = rule.quantities[0].model_copy(update={"fields": ["F2014.fees"]})
    broken = replace(catalogue, never_united=(rule.model_copy(update={"quantities": [wrong]}),))
    assert comparability_faults(broken) == [
        "comparability.yaml: fees: no form has the field F2014.fees: name it as form.field"
    ]


def test_the_catalogue_on_disk_is_refused_with_a_sentence(tmp_path: Path) -> None:
    shutil.copytree(
        REPOSITORY / "scrapers",
        tmp_path / "scrapers",
        ignore=shutil.ignore_patterns("__pycache__", "divisions", "sources"),
    )
    path = tmp_path / "scrapers/catalogue/forms/f2021.yaml"
    text = path.read_text(encoding="utf-8")
    assert "- {id: admin_fees_amount," in text
    path.write_text(
        text.replace("- {id: admin_fees_amount,", "- {id: admin_fees_amount, metric: foi_fees_collected,"),
        encoding="utf-8",
    )
    code = (
        "from scrapers.catalogue import CatalogueError, load_catalogue\n"
        "try:\n    load_catalogue()\nexcept CatalogueError as fault:\n    print(fault)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True, text=True, check=True, timeout=60, encoding="utf-8",
    )  # fmt: skip
    assert "F2008.foi_fees_collected and F2021.admin_fees_amount would both be metric foi_fees_collected" in said.stdout
    assert "Give each a metric of its own" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr


# A place that reported under each form, with every field of comparability.yaml and a value that no other field has.
YEARS = {2013: "F2008", 2014: "F2014", 2018: "F2014", 2019: "F2019", 2020: "F2019", 2021: "F2021"}


@pytest.fixture(scope="module")
def crossing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[float, FieldName]]:
    """The marts of that place, and the field of each value."""
    catalogue, folder = load_catalogue(), tmp_path_factory.mktemp("crossing")
    named = {name for rule in RULES for quantity in rule.quantities for name in quantity.fields}
    field_of: dict[float, FieldName] = {}
    landing = Landing(folder / "landing.duckdb")
    for year, form_id in YEARS.items():
        values = []
        for field in catalogue.forms[form_id].values():  # type: ignore[index]
            if f"{form_id}.{field.id}" in named:
                number = float(2 ** (len(field_of) % 40) * 1000 + len(field_of))
                field_of[number] = (form_id, field.id)
                values.append(
                    Value(field.id, number, metric_id=field.metric_id, unit=catalogue.metrics[field.metric_id].unit_std)
                )
        landing.add(Doc(f"{year}.html", values, form=form_id, year=year, url=f"http://a.gov.cn/{year}"))
    landing.close()
    build = folder / "build.duckdb"
    wanted = "+jurisdiction_years +fct_changes +fct_rates"
    assert failures(run_dbt(folder, landing.path, build, "run", "--select", *wanted.split())) == []
    return build, field_of


def test_marts_of_a_place_that_crossed_every_break(crossing: tuple[Path, dict[float, FieldName]]) -> None:
    build, field_of = crossing
    names = [column.name for column in wide_columns(load_catalogue())]
    table = rows(build, f"select {', '.join(names)} from marts.jurisdiction_years")
    assert len(table) == len(YEARS)
    printed = 0
    for name, values in zip(names, zip(*table, strict=True), strict=True):
        fields = {field_of[value] for value in values if value in field_of}  # others are sums, checked in the catalogue
        printed += len(fields)
        for rule in RULES:
            assert not is_united(rule, fields), (name, rule.id, fields)
    assert printed >= 50


def test_changes_of_a_place_that_crossed_every_break(crossing: tuple[Path, dict[float, FieldName]]) -> None:
    build, field_of = crossing
    compared, broken = 0, set()
    for metric, year, value, before, difference, is_break in rows(
        build, "select metric_id, report_year, value_std, previous_value, difference, is_break from marts.fct_changes"
    ):
        if is_break:
            broken.add((metric, year))
            assert before is None
            assert difference is None
        if value in field_of and before in field_of:
            compared += 1
            for rule in RULES:
                met = {rule.quantity_of(*field_of[value]), rule.quantity_of(*field_of[before])} - {None}
                assert len(met) < 2, (metric, year, rule.id, met)
    assert compared >= 10
    assert {
        ("refused_total", 2014),
        ("refused_total", 2019),
        ("normative_docs_issued", 2021),
        ("outcome_disclosed_full", 2019),
    } <= broken


def test_own_agencies_never_stand_beside_whole_areas(world: Built) -> None:
    assert (
        world.rows(
            "select 1 from marts.jurisdiction_years where scope = 'own_agency' and jurisdiction_level <> 'township'"
        )
        == []
    )
    assert world.rows("select 1 from marts.agency_years a join marts.jurisdiction_years j using (report_id)") == []
    mixed = "select 1 from marts.fct_changes where is_other_scope and (difference is not null or growth_percent is not null)"
    assert world.rows(mixed) == []
    for table in ("jurisdiction_years", "agency_years", "fct_rates", "fct_requests_matrix", "fct_reports"):
        assert world.rows(f"select 1 from duckdb_columns() where table_name = '{table}' and column_name = 'scope'")
