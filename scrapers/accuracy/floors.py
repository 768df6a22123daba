"""The figures below which a set of pages may not fall, as data (tests/golden/floors.yaml)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, RootModel

from scrapers.accuracy.answers import AnswerError
from scrapers.accuracy.measure import Measure
from scrapers.catalogue.loading import CatalogueError, load_yaml

Share = float | None


class SetFloors(BaseModel):
    """Floors of one set: shares from 0 to 1, and the number of pages; the last two may not be exceeded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pages: int = Field(default=1, ge=1)
    faultless_pages: Share = Field(default=None, ge=0, le=1)
    identity: Share = Field(default=None, ge=0, le=1)
    table_precision: Share = Field(default=None, ge=0, le=1)
    table_recall: Share = Field(default=None, ge=0, le=1)
    narrative_precision: Share = Field(default=None, ge=0, le=1)
    narrative_recall: Share = Field(default=None, ge=0, le=1)
    flags: Share = Field(default=None, ge=0, le=1)
    must_be_missing_violations: int = Field(default=0, ge=0)
    lost_evidence: int = Field(default=0, ge=0)


class Floors(RootModel[dict[str, SetFloors]]):
    """The floors file: name of a set's folder → its floors."""


def load_floors(path: Path) -> dict[str, SetFloors]:
    """The floors of every set in the file. Raises AnswerError naming file and line."""
    try:
        return load_yaml(str(path), Floors, path.read_text(encoding="utf-8")).root
    except CatalogueError as error:
        raise AnswerError(str(error)) from None


def breaches(measure: Measure, floors: SetFloors) -> Iterator[str]:
    """A sentence for each figure below its floor; a share of nothing is below any floor."""
    figures = measure.figures()
    for name in SetFloors.model_fields:
        limit = getattr(floors, name)
        if name in ("must_be_missing_violations", "lost_evidence"):
            count = getattr(measure, name)
            if count > limit:
                yield f"{name}: {count}, at most {limit}"
        elif limit is not None:
            value = figures[name]
            if value is None:
                yield f"{name}: nothing to measure, floor {limit:g}"
            elif value < limit:
                yield f"{name}: {value:.4f}, floor {limit:g}" if name != "pages" else f"pages: {value:g}, floor {limit}"
