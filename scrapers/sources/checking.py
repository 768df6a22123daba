"""Checks a folder of sources: every fault of every file, with its line and what to do about it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from scrapers.catalogue.loading import CatalogueError, load_csv, plain_tree
from scrapers.extract.places import town_name
from scrapers.extract.trust import trust_words
from scrapers.fetch.addresses import BadUrl, bare_host, web_address
from scrapers.sources.family import Family, family_names, is_gateway, load_family
from scrapers.sources.schema import MAX_SOURCE_FILE_BYTES, Source, load_source, source_files

_LINE = re.compile(r"^.*?, line (\d+): (.*)$", re.DOTALL)
_MODEL = re.compile(r"^: ")


@dataclass(frozen=True, slots=True, order=True)
class SourceFault:
    """One thing that is wrong in a file of sources."""

    file: str
    line: int
    text: str  # what is wrong and what to do

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class CheckedSources:
    """The sources that could be read, and all faults."""

    sources: tuple[Source, ...]
    faults: tuple[SourceFault, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    names: frozenset[str]  # full names and usual shorter forms, of all years
    level: str
    printed: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stands, whether or not it is a valid source."""

    name: str
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def fault(self, key: str, text: str) -> SourceFault:
        return SourceFault(self.name, self.lines.get(key, 1), text)

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return str(value).strip() if isinstance(value, str) else ""

    def addresses(self, key: str) -> list[str]:
        """The usable addresses of a list, absolute; others are the schema's business."""
        pages = self.values.get(key)
        found = []
        for page in pages if isinstance(pages, list) else []:
            try:
                found.append(web_address(str(page), self.text("base_url") or None))
            except BadUrl:
                continue
        return found


def check_sources(folder: Path) -> CheckedSources:
    """Checks every ``*.yaml`` of ``folder``. Raises CatalogueError where there is no such folder or it is empty."""
    if not folder.is_dir():
        raise CatalogueError(f"there is no folder {folder}")
    paths = source_files(folder)
    if not paths:
        raise CatalogueError(f"{folder}: no source in it (one *.yaml file a publisher)")
    sources: list[Source] = []
    faults = [SourceFault(path.name, 1, "a source ends in .yaml: rename it") for path in sorted(folder.glob("*.yml"))]
    files = []
    for path in paths:
        try:
            sources.append(load_source(path))
        except CatalogueError as error:
            faults += _schema_faults(path.name, str(error))
        file = _read(path)
        if file is not None:
            files.append(file)
            faults += (fault for check in _CHECKS for fault in check(file))
    faults += _doubles(files)
    return CheckedSources(tuple(sources), tuple(sorted(set(faults))))


def _read(path: Path) -> _File | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if len(text) > MAX_SOURCE_FILE_BYTES:
            return None
        data = YAML(typ="rt").load(text)
        if not isinstance(data, Mapping):
            return None
        lines = {str(key): data.lc.key(key)[0] + 1 for key in data}  # type: ignore[attr-defined]
        values = plain_tree(path.name, data, most=len(text) + 1)
    except (YAMLError, OSError, ValueError, RecursionError, KeyError):
        return None  # said by the schema
    return _File(path.name, values, lines)


def _schema_faults(name: str, message: str) -> Iterator[SourceFault]:
    for text in message.split("\n"):
        found = _LINE.match(text)
        said = _MODEL.sub("", found[2]) if found else text
        yield SourceFault(name, int(found[1]) if found else 1, said.replace("Value error, ", ""))


# ---------------------------------------------------------------- one file


def _check_name(file: _File) -> Iterator[SourceFault]:
    source_id = file.text("source_id")
    if source_id and f"{source_id}.yaml" != file.name:
        yield file.fault("source_id", f"the file should be named after its source_id: rename it to {source_id}.yaml")


def _check_place(file: _File) -> Iterator[SourceFault]:
    code, level = file.text("jurisdiction_code"), file.text("level")
    if not code:
        yield file.fault("jurisdiction_code", "give the jurisdiction_code: 6 digits, of a township 9, in quotes")
        return
    if not re.fullmatch(r"\d{6}(\d{3})?", code):
        return  # said by the schema
    place = _places().get(code)
    if place is None:
        table = "towns.csv" if len(code) == 9 else "units.csv"
        yield file.fault("jurisdiction_code", f"{code} is no known code: look it up in catalogue/divisions/{table}")
        return
    if not level:
        yield file.fault("level", f"give the level: {place.printed} is a {place.level}")
    elif level != place.level and not _may_be(level, place):
        yield file.fault("level", f"{code} is {place.printed}, a {place.level}, not a {level}: mend code or level")
    publisher = town_name(file.text("publisher"))
    if publisher and level != "functional_zone" and not any(name in publisher for name in place.names):
        yield file.fault(
            "publisher", f"{publisher} does not name {place.printed}, the place of {code}: mend code or name"
        )


def _may_be(level: str, place: _Place) -> bool:
    """A zone has the code of its parent; so has a township whose own code is not known."""
    return level == "functional_zone" or (level == "township" and place.level in ("county", "prefecture"))


def _check_lists(file: _File) -> Iterator[SourceFault]:
    lists, missing = file.values.get("list_pages"), file.text("list_pages_missing")
    if not lists and not missing:
        yield file.fault("list_pages", "no list page: say why in list_pages_missing")
    if lists and missing:
        yield file.fault("list_pages_missing", "there are list pages: take list_pages_missing out")


def _check_hosts(file: _File) -> Iterator[SourceFault]:
    host = bare_host(urlsplit(file.text("base_url")).hostname or "")
    if any(host == mirror or host.endswith("." + mirror) for mirror in trust_words().mirror_hosts):
        yield file.fault("base_url", f"{host} copies reports of others: give the publisher's own site")
    for page in file.addresses("list_pages"):
        if is_gateway(page):
            yield file.fault("list_pages", f"{page} is a gateway's copy: give the site's own page")


def _check_family(file: _File) -> Iterator[SourceFault]:
    name = file.text("family")
    if name and name not in family_names():
        return  # said by the schema
    family = load_family(name or "plain_list")
    reports, lists = file.addresses("report_pages"), file.addresses("list_pages")
    for page in reports:
        if not family.is_report_address(page):
            yield file.fault("report_pages", f"{page} is not like a report of {family.family}: {_how(family)}")
    for page in lists:
        if not family.is_list_address(page):
            yield file.fault("list_pages", f"{page} is not like a list of {family.family}: {_how(family)}")
    told = {_key(follows) for report in reports if (follows := family.list_address(report))}
    if told and not file.values.get("verified"):
        for page in lists:
            if _key(page) not in told:
                yield file.fault(
                    "list_pages",
                    f"{page} does not follow from report_pages by the rule of {family.family}: take it out, or look at "
                    "it and set verified: true",
                )


def _how(family: Family) -> str:
    return family.notes or f"see families/{family.family}.yaml; plain_list fits every site"


_CHECKS = (_check_name, _check_place, _check_lists, _check_hosts, _check_family)


# ---------------------------------------------------------------- all files


def _doubles(files: Iterable[_File]) -> Iterator[SourceFault]:
    owners: dict[tuple[str, str], str] = {}
    for file in files:
        source_id = file.text("source_id")
        named = [("source_id", source_id, f"source_id {source_id}")] if source_id else []
        for key in ("list_pages", "report_pages"):
            named += [(key, _key(page), page) for page in file.addresses(key)]
        for key, value, said in named:
            owner = owners.setdefault((key, value), file.name)
            if owner != file.name:
                yield file.fault(key, f"{said} is also in {owner}: keep one of them")
            elif sum(one[:2] == (key, value) for one in named) > 1:
                yield file.fault(key, f"{said} stands there twice: take one out")


def _key(address: str) -> str:
    """An address without scheme and www, which do not make a page another."""
    parts = urlsplit(address)
    return f"{bare_host(parts.hostname or '')}:{parts.port or ''}{parts.path.removesuffix('index.html')}?{parts.query}"


@cache
def _places() -> Mapping[str, _Place]:
    """The places by code: units of all years, and towns."""
    names: dict[str, set[str]] = defaultdict(set)
    latest: dict[str, dict[str, str]] = {}
    for row in load_csv("divisions/units.csv"):
        code = row["code"]
        names[code] |= {row["name"], *({row["short"]} if len(row["short"]) > 1 else set())}
        latest[code] = max(latest.get(code, row), row, key=lambda span: span["valid_to"])
    places = {
        code: _Place(frozenset(names[code]), span["level"], span["parent_name"] + span["name"])
        for code, span in latest.items()
    }
    for row in load_csv("divisions/towns.csv"):
        county = places.get(row["county_code"])
        name = town_name(row["name"])
        places[row["code9"]] = _Place(frozenset({name}), "township", f"{county.printed if county else ''}{name}")
    return places
