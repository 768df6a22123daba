"""CITATION.cff: how to cite a build (citation-file-format.github.io, 1.2.0)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ruamel.yaml import YAML

from flows.published import SAMPLE_NOTICE


def write_citation(folder: Path, build_id: str, created_at: datetime, sample: bool) -> Path:
    """Names the build and its date; the sample's says that its figures are invented."""
    title = "Gongkai 公开: annual reports on government information disclosure (政府信息公开工作年度报告)"
    words = {
        "cff-version": "1.2.0",
        "message": "Cite the report (publisher, year, address, day it was fetched) and this build.",
        "title": f"{title}: {SAMPLE_NOTICE}" if sample else title,
        "type": "dataset",
        "version": build_id,
        "date-released": created_at.date().isoformat(),
        "authors": [{"name": "Gongkai contributors"}],
    }
    path = folder / "CITATION.cff"
    with path.open("w", encoding="utf-8") as out:
        YAML(typ="rt").dump(words, out)
    return path
