"""The linter of the dbt project: it finds nothing, and it would."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.model_lint import findings, parse
from flows.settings import DBT_PROJECT


def test_the_project_has_no_findings(artifacts: Path) -> None:
    assert findings(artifacts) == []


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_the_linter_is_there_for_is_found(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(DBT_PROJECT, project)
    models = project / "models"
    edit(models / "marts/dim_rates.yml", "description: 'Rate (dim_rates)'", "description: ''")
    model = next(
        line for line in (models / "marts/fct_shares.yml").read_text("utf-8").splitlines() if "description" in line
    )
    edit(models / "marts/fct_shares.yml", model, "    description: ''")
    edit(models / "marts/fct_missing.sql", "ref('int_missing')", "ref('stg_raw__gaps')")
    edit(models / "marts/fct_rates.sql", "{{ ref('int_reports') }}", "intermediate.int_reports")
    edit(models / "intermediate/int_rates.sql", "round(100 * numerator / denominator, 4)", "coalesce(numerator, 0)")
    edit(models / "intermediate/unit_tests_rates.yml", "model: int_changes", "model: int_rates")
    edit(models / "ops/ops_runs.sql", "run_id,\n", "now() as run_id,\n")
    state = tmp_path / "state"
    assert parse(state, project)
    found = "\n".join(findings(state, project))
    for wanted in (
        "dim_rates.sql: `dim_rates` has columns that do not have a populated description: ['rate_id']",
        "fct_shares.sql: `fct_shares` does not have a populated description",
        "fct_missing.sql: `fct_missing` references upstream models that are not permitted",
        "fct_rates.sql: `fct_rates` contains hard-coded table references: ['intermediate.int_reports']",
        "int_rates.sql: Missing is never 0 - `int_rates` contains a banned string",
        "int_changes.sql: `int_changes` has 0 unit tests",
        "ops_runs.sql: A build depends on nothing but its inputs, so no clock and no dice - `ops_runs` contains",
    ):
        assert wanted in found
