"""A flow like ``refresh`` with the tiny reader, build and gate of tests/flows: a run of a second, which can be held up."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "flows"))

import flow_fakes as fakes
from flow_reader import read_fake

from flows.faults import Fault, PassingFault
from flows.fetch import Origin
from flows.history import Summary
from flows.prefect_run import run_flow
from flows.stages import Run

TRIES = "tries.txt"


@flow(name="quick", persist_result=False)
def quick(
    warehouse: str,
    pages: str,
    hold: str | None = None,
    refuse: bool = False,
    stumble: bool = False,
    wrong: bool = False,
) -> Summary:
    """``hold``: a file; the build waits until it is gone. ``refuse``: the gate refuses. ``stumble``: the build finds
    its file locked, once. ``wrong``: it fails as it would each time. Each try of the build leaves its run's name in
    ``tries.txt`` of the warehouse.
    """
    tries = []
    plain = fakes.parts(fakes.gate_that_refuses if refuse else fakes.gate_that_passes)

    def build(run: Run) -> Path:
        tries.append(1)
        with Path(warehouse, TRIES).open("a", encoding="utf-8") as file:
            file.write(f"{flow_run.id}\n")
        if stumble and len(tries) == 1:
            raise PassingFault("build.duckdb is locked")
        if wrong:
            raise Fault("dbt failed in 1 of 2 models")
        database = plain.build(run)
        while hold and Path(hold).exists():
            time.sleep(0.1)
        return Path(database)

    held = type(plain)(build=build, validate=plain.validate)
    return run_flow("quick", warehouse, Origin(pages=Path(pages)), held, reader=read_fake, reader_version=fakes.VERSION)
