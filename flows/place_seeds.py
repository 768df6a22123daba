"""Places as tables of a build: units by year, where they went, their names in English, their tiles on the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrapers.catalogue.loading import load_csv
from scrapers.romanise import english_name

Row = dict[str, object]

_SPAN_COLUMNS = ("code", "unit_id", "name", "level", "parent_code", "province_code", "valid_from", "valid_to")
DIVISION_COLUMNS = (*_SPAN_COLUMNS, "publishes")
PROVINCE_COLUMNS = ("code", "name_en", "label_zh", "label_en", "tile_row", "tile_column")
NAME_COLUMNS = ("name", "level", "name_en")
COVERAGE_COLUMNS = ("about", "code", "means")
SUCCESSOR_COLUMNS = ("old_code", "old_name", "new_code", "new_name", "year", "kind")


def division_rows() -> Iterator[Row]:
    """Spans of years; a span that is only carried forward from the last known year is still open (no valid_to)."""
    silent = {row["code"] for row in load_csv("divisions/not_publishing.csv")}
    for row in load_csv("divisions/units.csv"):
        span: Row = {column: row[column] or None for column in _SPAN_COLUMNS}
        if row["carried_forward"] == "True":
            span["valid_to"] = None
        yield span | {"publishes": silent.isdisjoint({row["code"], row["parent_code"], row["province_code"]})}


def province_rows() -> Iterator[Row]:
    """The provincial units with their labels and places on the map of tiles."""
    for row in load_csv("divisions/provinces.csv"):
        yield {column: row[column] for column in PROVINCE_COLUMNS}


def name_rows(places: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """English names: of all units of the list below the province, and of the towns and zones that a warehouse knows."""
    listed = {(row["name"], row["level"]) for row in load_csv("divisions/units.csv") if row["level"] != "province"}
    for name, level in sorted(listed.union(places)):
        yield {"name": name, "level": level, "name_en": english_name(name, level)}


def coverage_rows() -> Iterator[Row]:
    """What outcomes of attempts and kinds of pages mean for the coverage."""
    for row in load_csv("coverage.csv"):
        yield {column: row[column] for column in COVERAGE_COLUMNS}


def successor_rows() -> Iterator[Row]:
    """Old codes with the new ones and the year."""
    for row in load_csv("divisions/successors.csv"):
        yield {column: row["type" if column == "kind" else column] or None for column in SUCCESSOR_COLUMNS}
