"""The linter of the dbt project: parses it into a temporary folder and runs the checks of dbt_project/dbt-bouncer.yml.

``python -m flows.model_lint``; exit code 0 without findings. Needs no database: nothing is built.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.settings import DBT_PROJECT, environment

CONFIG = "dbt-bouncer.yml"


def parse(state: Path, project: Path = DBT_PROJECT) -> bool:
    """Writes dbt's manifest and semantic manifest of ``project`` into ``state/target``; whether dbt finds it sound."""
    from dbt.cli.main import dbtRunner

    nowhere = {f"GONGKAI_{name}": str(state / name.lower()) for name in ("BUILD_DB", "LANDING_DB", "SEEDS_DIR")}
    with environment(nowhere):
        answer = dbtRunner().invoke(
            [
                "parse", "--project-dir", str(project), "--profiles-dir", str(project), "--no-partial-parse", "--quiet",
                "--target-path", str(state / "target"), "--log-path", str(state / "logs"), "--no-use-colors",
            ]
        )  # fmt: skip
    for handler in logging.getLogger("file_log").handlers:
        handler.close()  # dbt forgets its log files without closing them
    return bool(answer.success)


def findings(state: Path, project: Path = DBT_PROJECT) -> list[str]:
    """What dbt-bouncer finds in the project that was parsed into ``state``, a sentence each, sorted."""
    run_bouncer = import_module("dbt_bouncer").run_bouncer  # a development dependency, without types
    report, said = state / "findings.json", io.StringIO()
    with environment({"DBT_PROJECT_DIR": str(state)}), redirect_stdout(said), redirect_stderr(said):
        code = int(run_bouncer(config_file=project / CONFIG, output_file=report, output_only_failures=True))
    failed = json.loads(report.read_text(encoding="utf-8")) if report.exists() else []
    sentences = sorted(f"{one['file_path'] or CONFIG}: {' '.join(one['failure_message'].split())}" for one in failed)
    return sentences if sentences or not code else [said.getvalue()]


def main() -> int:
    """Prints the findings in this checkout; 1 where there are any."""
    with TemporaryDirectory(prefix="gongkai-lint-") as folder:
        state = Path(folder)
        found = findings(state) if parse(state) else ["dbt cannot parse the project: what it says stands above"]
    print("\n".join(found) or "dbt-bouncer: nothing to find")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
