"""Builds a warehouse's landed rows on its base and kills its own process (SIGKILL) when a model is done.

python incremental_driver.py WAREHOUSE MODEL
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import dbt.cli.main

from flows.build import build, new_build_id
from flows.warehouse.places import Places


def main(warehouse: str, model: str) -> None:
    """Never returns where ``model`` is built."""

    def die(event: Any) -> None:
        if event.info.name in ("LogModelResult", "NodeFinished") and event.data.node_info.node_name == model:
            os.kill(os.getpid(), signal.SIGKILL)

    class Runner(dbt.cli.main.dbtRunner):
        def __init__(self) -> None:
            super().__init__(callbacks=[die])

    dbt.cli.main.dbtRunner = Runner  # type: ignore[misc]
    build(Places(Path(warehouse)), new_build_id("killed"), "sample", "reader-1")


if __name__ == "__main__":
    main(*sys.argv[1:])
