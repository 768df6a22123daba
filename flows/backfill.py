"""The flow ``backfill``: asks some publishers, or for the reports of some years, out of turn."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from flows.fetch import Origin
from flows.history import Summary
from flows.prefect_run import run_flow, run_name, sources_origin
from scrapers.fetch import reach
from scrapers.sources.selection import Selection


def _run_name() -> str:
    asked = flow_run.parameters
    limits = [str(value) for name in ("codes", "years", "families") for value in asked.get(name) or ()]
    what = " ".join([Path(asked.get("sources") or "").name, *limits[:6], *(["…"] if len(limits) > 6 else [])])
    return run_name("backfill", what, asked.get("warehouse") or "")


@flow(name="backfill", flow_run_name=_run_name, persist_result=False)
def backfill(
    warehouse: str,
    sources: str,
    codes: list[str] | None = None,
    years: list[int] | None = None,
    families: list[str] | None = None,
) -> Summary:
    """Crawls the publishers of some areas and kinds of site for the reports of some years; what is not given is all.

    Args:
        warehouse: the warehouse's folder.
        sources: the folder of publishers, or sample.
        codes: division codes; all places of the area are meant (33 or 330000: the province).
        years: of the reports. A report whose link names no year is asked for too.
        families: kinds of sites (scrapers/sources/families).
    """
    selection = Selection(tuple(codes or ()), tuple(families or ()))
    origin = Origin(sources=sources_origin(sources), selection=selection, reach=reach.backfill(frozenset(years or ())))
    return run_flow("backfill", warehouse, origin)
