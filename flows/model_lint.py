"""The linter of the dbt project: parses it into a temporary folder and runs the checks of dbt_project/dbt-bouncer.yml.

``python -m flows.model_lint``; exit code 0 without findings. Needs no database: nothing is built.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.settings import DBT_PROJECT

CONFIG = "dbt-bouncer.yml"


def findings(state: Path, project: Path = DBT_PROJECT) -> list[str]:
    """What dbt-bouncer finds in ``project``, a sentence each; the artifacts go to ``state``."""
    if not parse(state, project):
        return ["dbt cannot parse the project (see above)"]
    from dbt_bouncer import run_bouncer

    before = os.environ.get("DBT_PROJECT_DIR")
    os.environ["DBT_PROJECT_DIR"] = str(state)  # where dbt-bouncer looks for target/
    report = state / "findings.json"
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            code = int(run_bouncer(config_file=project / CONFIG, output_file=report, output_only_failures=True))
    finally:
        if before is None:
            del os.environ["DBT_PROJECT_DIR"]
        else:
            os.environ["DBT_PROJECT_DIR"] = before
    failed = json.loads(report.read_text(encoding="utf-8")) if report.exists() else []
    sentences = sorted(
        f"{one['file_path'] or project.name}: {' '.join(one['failure_message'].split())}" for one in failed
    )
    return sentences if sentences or not code else [said.getvalue()]


def parse(state: Path, project: Path = DBT_PROJECT) -> bool:
    """dbt's manifest and semantic manifest of ``project`` in ``state/target``; whether the project is sound."""
    from dbt.cli.main import dbtRunner

    places = {
        name: str(state / name.lower()) for name in ("GONGKAI_BUILD_DB", "GONGKAI_LANDING_DB", "GONGKAI_SEEDS_DIR")
    }
    os.environ.update({name: place for name, place in places.items() if name not in os.environ})
    answer = dbtRunner().invoke(
        [
            "parse", "--project-dir", str(project), "--profiles-dir", str(project), "--no-partial-parse", "--quiet",
            "--target-path", str(state / "target"), "--log-path", str(state / "logs"), "--no-use-colors",
        ]
    )  # fmt: skip
    return bool(answer.success)


def main() -> int:
    """Prints the findings in this checkout; 1 where there are any."""
    with TemporaryDirectory(prefix="gongkai-lint-") as folder:
        found = findings(Path(folder))
    print("\n".join(found) or "dbt-bouncer: nothing to find")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
