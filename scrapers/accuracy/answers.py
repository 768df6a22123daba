"""The answer a person wrote for a page, as a type, and the folders that hold answers beside their pages.

A folder holds one ``*.yaml`` a page. ``file`` in it is the page, as a path from the folder, from its ``pages/``, or
from the folder given as the place of the pages. Other YAML files of the folder are left alone: they have no
``document_kind``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.document import Page

APPLICANTS = (
    "natural_person", "commercial_enterprise", "research_institution", "social_welfare_org", "legal_service_org",
    "other_org", "total",
)  # fmt: skip
BLANK_ZERO = "blank0"  # in an answer: printed blank, and proven to be zero by a total

Printed = float | Literal["blank0"] | None
Trust = Literal["official", "mirror", "hijacked", "unknown"]


class AnswerError(ValueError):
    """An answer that cannot be used; the message names file and line."""


class _Part(BaseModel):
    """An unknown key is an error, so that a typing mistake is found."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerFigure(_Part):
    """One value that a sentence (or, rarely, a table) says, with further answers that are right as well."""

    metric_id: str
    field_id: str | None = None
    applicant_type: str | None = None
    value: float
    unit: str | None
    qualifier: Literal["exact", "at_least", "about"] = "exact"
    value_state: Literal["reported", "stated_zero", "implied", "blank_as_zero"] = "reported"
    basis: Literal["narrative", "table"] = "narrative"
    evidence: str | None = None
    accept_metric_id: tuple[str, ...] = ()
    accept_value_state: tuple[str, ...] = ()


class Answer(_Part):
    """All that is right about one page; tests/golden/sample/README.md says what each key means.

    ``shape`` (optional) names what the page looks like, in place of what its markup shows (see shapes.py).
    """

    file: str
    url: str | None = None
    url_path: str | None = None
    about: str = ""
    shape: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    document_kind: Literal["annual_report", "annex", "not_a_report"]
    reason: str | None = None
    annex_of: str | None = None

    title: str | None = None
    jurisdiction_id: str | None = None
    jurisdiction_code: str | None = None
    jurisdiction_name: str | None = None
    jurisdiction_level: str | None = None
    parent_code: str | None = None
    candidate_codes: tuple[str, ...] = ()
    agency_name: str | None = None
    scope: Literal["whole_area", "own_agency"] | None = None
    report_year: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    published_on: date | None = None
    phone: str | None = None
    fax: str | None = None
    email: str | None = None
    postcode: str | None = None
    address: str | None = None
    report_format: Literal["F2008", "F2014", "F2019", "F2021"] | None = None
    trust: Trust | None = None
    trust_at_gov_host: Trust | None = None

    duplicate_of: str | None = None
    superseded_by: str | None = None
    annexes: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    accept_issues: tuple[str, ...] = ()
    accept: dict[str, list[Any]] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    tolerated: tuple[str, ...] = ()
    figures: tuple[AnswerFigure, ...] = ()
    cells: dict[str, Printed] = Field(default_factory=dict)
    accept_cells: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    printed: dict[str, Any] = Field(default_factory=dict)
    matrix: dict[str, tuple[Printed, Printed, Printed, Printed, Printed, Printed, Printed]] = Field(
        default_factory=dict
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_empty(cls, data: Any) -> Any:
        """A list or mapping left empty in YAML is null there; codes of divisions may be written as numbers."""
        if not isinstance(data, dict):
            return data
        kept = {key: value for key, value in data.items() if value is not None}
        for name in ("jurisdiction_id", "jurisdiction_code", "parent_code"):
            if isinstance(kept.get(name), int):
                kept[name] = str(kept[name])
        kept["candidate_codes"] = [str(code) for code in kept.get("candidate_codes", [])]
        return kept

    @property
    def is_report(self) -> bool:
        """Whether the page is a report or the annex of one."""
        return self.document_kind != "not_a_report"

    def words(self) -> list[AnswerFigure]:
        """What sentences say; a value that is stated twice under one metric stands once."""
        seen: dict[tuple[str, float], AnswerFigure] = {}
        for row in self.figures:
            if row.basis == "narrative":
                seen.setdefault((row.metric_id, row.value), row)
        return list(seen.values())

    def printed_cells(self) -> dict[tuple[str, str | None], Printed]:
        """(field, applicant type) → what is printed there, blanks included."""
        cells: dict[tuple[str, str | None], Printed] = {(name, None): value for name, value in self.cells.items()}
        for name, row in self.matrix.items():
            cells |= {(name, kind): value for kind, value in zip(APPLICANTS, row, strict=True)}
        return cells

    def cell_values(self) -> dict[tuple[str, str | None], float]:
        """(field, applicant type) → value of every cell that holds a value."""
        return {
            key: 0.0 if value == BLANK_ZERO else float(value)
            for key, value in self.printed_cells().items()
            if value is not None
        }


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """A page with its answer. ``name`` is the answer's file name without its ending."""

    name: str
    answer: Answer
    path: Path
    host: str  # where a page with a url_path and no url is taken to lie; the registry calls it official

    def page(self) -> Page:
        """The page as the reader is given it. Raises OSError where it cannot be opened."""
        answer = self.answer
        official = answer.url is None and answer.url_path is not None
        url = f"http://{self.host}{answer.url_path}" if official else answer.url
        return Page(self.path.read_bytes(), url=url, file_name=answer.file, official=official)


def read_answer(path: Path) -> Answer | None:
    """The answer in a YAML file, None where the file is no answer. Raises AnswerError naming file and line."""
    text = path.read_text(encoding="utf-8")
    try:
        data = _parser().load(text)
        if not isinstance(data, dict) or "document_kind" not in data:
            return None
        return Answer.model_validate(data)
    except (ValidationError, YAMLError):
        try:  # once more, slowly, with the lines of the file
            return load_yaml(str(path), Answer, text)
        except CatalogueError as error:
            raise AnswerError(str(error)) from None


def _parser() -> YAML:
    """YAML 1.1, as the makers of the answers write it: 085122222610 without quotes is a text there."""
    parser = YAML(typ="safe")
    parser.version = (1, 1)
    return parser


def read_answers(folder: Path, pages: Path | None = None) -> list[AnsweredPage]:
    """Every answer of the folder with its page, in the order of their names.

    Raises AnswerError where an answer cannot be used, a page is not there, or the folder holds no answer.
    """
    host = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "pages"
    found = [
        AnsweredPage(path.stem, answer, _page_file(path, answer, folder, pages), f"{host}.invalid")
        for path in sorted(folder.glob("*.yaml"))
        if (answer := read_answer(path)) is not None
    ]
    if not found:
        raise AnswerError(f"{folder} holds no answers (*.yaml with the key document_kind)")
    return found


def _page_file(answer_file: Path, answer: Answer, folder: Path, pages: Path | None) -> Path:
    for place in _places(folder, pages):
        if (place / answer.file).is_file():
            return place / answer.file
    looked = ", ".join(str(place) for place in _places(folder, pages))
    raise AnswerError(f"{answer_file}: there is no page {answer.file} in {looked}")


def _places(folder: Path, pages: Path | None) -> Iterator[Path]:
    if pages is not None:
        yield pages
    yield from (folder, folder / "pages")
