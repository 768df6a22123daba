"""Which form a report without a surviving table follows: its chapters, then the notice it cites, then its year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue import load_catalogue
from scrapers.catalogue.loading import load_yaml
from scrapers.document import Document, Issue, Section
from scrapers.extract.grids import normal_text
from scrapers.extract.tables import TableReading


class _Mark(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    family: list[str]
    headings: list[str]


class _Marks(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    marks: list[_Mark]
    cites: dict[str, list[str]]


@cache
def _marks() -> _Marks:
    return load_yaml("form_marks.yaml", _Marks)


def decide_form(
    tables: TableReading, document: Document, sections: Sequence[Section], report_year: int | None
) -> tuple[str | None, str | None]:
    """(form, basis): basis is table_labels, chapters, legal_basis or report_year; (None, None) where nothing says."""
    if tables.form is not None:
        return tables.form, "table_labels"
    family = _family(document, sections)
    if len(family) == 1:
        return family[0], "chapters"
    for form_id, citations in _marks().cites.items():
        if (not family or form_id in family) and any(citation in document.normal.text for citation in citations):
            return form_id, "legal_basis"
    if report_year is None:
        return None, None
    for form_id, form in load_catalogue().forms.items():
        last = form.years.last or 9999
        if form.years.first <= report_year <= last:
            if not family or form_id in family:
                return form_id, "report_year"
            return (family[-1] if report_year > last or report_year >= form.years.first else family[0]), "chapters"
    return (family[0], "chapters") if family else (None, None)


def _family(document: Document, sections: Sequence[Section]) -> list[str]:
    """The forms whose chapter headings stand in the report; the family with more of them."""
    headings = [normal_text(document, one.start, one.body_start) for one in sections if one.level == 1]
    scored = [
        (sum(1 for heading in headings if any(mark in heading for mark in entry.headings)), entry.family)
        for entry in _marks().marks
    ]
    best = max(scored, key=lambda one: one[0])
    if best[0] == 0 or sum(1 for one in scored if one[0] == best[0]) > 1:
        return []
    return best[1]


def lost_tables(form: str | None, tables: TableReading, sections: Sequence[Section]) -> Issue | None:
    """Tables of 2019 and 2021 stand in every report of these forms; one that is not there was lost on the way."""
    if form not in ("F2019", "F2021"):
        return None
    wanted = [table for table in load_catalogue().forms[form].tables if table.kind != "words"]
    missing = [table for table in wanted if table.id not in tables.found]
    if not missing:
        return None
    names = "、".join(table.name_zh for table in missing)
    return Issue(
        "tables_lost",
        "warning",
        f"{len(missing)} of {len(wanted)} tables are not on the page: {names}; their cells are missing",
    )
