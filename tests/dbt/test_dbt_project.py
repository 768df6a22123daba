"""The project as a whole: a rebuild gives the same rows, dbt's unit tests pass, generated files are fresh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from builds import failures, rows, run_dbt
from world import Built

from flows.seeds import stale_files, wide_columns, write_seeds
from scrapers.catalogue import load_catalogue


def test_a_full_rebuild_gives_the_same_rows(world: Built, tmp_path: Path) -> None:
    again = tmp_path / "build.duckdb"
    assert failures(run_dbt(world.state, world.landing, again, "run")) == []
    tables = world.rows(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('marts', 'evidence', 'ops') order by all"
    )
    assert len(tables) >= 18
    for schema, table in tables:
        query = f"select * from {schema}.{table} order by all"
        assert rows(again, query) == world.rows(query), table


def test_unit_tests_of_the_models(world: Built) -> None:
    result = run_dbt(world.state, world.landing, world.build, "test", "--select", "test_type:unit")
    assert failures(result) == []
    assert len(result.result) >= 75


def test_generated_files_are_fresh() -> None:
    stale = [str(path.name) for path in stale_files(load_catalogue())]
    assert stale == [], "run python -m flows.seeds --write-yaml"


def test_an_edit_of_the_catalogue_makes_generated_files_stale() -> None:
    catalogue = load_catalogue()
    metric = catalogue.metrics["review_total"].model_copy(update={"label_zh": "另一个名字"})
    edited = replace(catalogue, metrics=catalogue.metrics | {"review_total": metric})
    assert {path.name for path in stale_files(edited)} == {
        "jurisdiction_years.yml", "agency_years.yml", "sem_jurisdiction_years.yml", "sem_agency_years.yml",
    }  # fmt: skip


def test_wide_columns_have_names_of_their_own() -> None:
    names = [column.name for column in wide_columns(load_catalogue())]
    assert len(names) == len(set(names))
    assert "requests_received_new" in names
    assert "refused_total" not in names


def test_seeds_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    counts = write_seeds(tmp_path / "a")
    write_seeds(tmp_path / "b")
    assert min(count for name, count in counts.items() if name != "takedowns") > 0
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_seeds_refer_to_each_other(world: Built) -> None:
    assert world.rows("select field_id from seeds.seed_fields anti join seeds.seed_metrics using (metric_id)") == []
    terms = "select term_id from seeds.seed_check_terms t join seeds.seed_checks c using (check_id)"
    fields = "seeds.seed_fields f on f.field_id = t.term_id and f.form_id = t.form_id"
    metrics = "seeds.seed_metrics m on m.metric_id = t.term_id"
    assert world.rows(f"{terms} anti join {fields} where terms_are = 'fields' and not is_other") == []
    assert world.rows(f"{terms} anti join {metrics} where terms_are = 'metrics'") == []
    assert (
        world.rows(
            "select field_id from seeds.seed_derived_terms anti join seeds.seed_fields using (form_id, field_id)"
        )
        == []
    )
    assert (
        world.rows(
            "select metric_id, unit_std from seeds.seed_metrics m anti join seeds.seed_units u on u.unit = m.unit_std"
        )
        == []
    )
    assert (
        world.rows(
            "select unit from seeds.seed_fields f where unit is not null and unit not in (select unit from seeds.seed_units)"
        )
        == []
    )
