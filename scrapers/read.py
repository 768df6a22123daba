"""One page, read: clean, then extract. Same bytes and same address give the same reading."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from scrapers.clean import clean
from scrapers.document import Document, Grid, Identity, Issue, Page, Reading, Section, Unreadable
from scrapers.extract.forms import decide_form, lost_tables
from scrapers.extract.identity import annex_title, read_identity
from scrapers.extract.kind import classify
from scrapers.extract.rebuild import rebuild_grids
from scrapers.extract.sections import read_sections
from scrapers.extract.sentences import read_sentences
from scrapers.extract.tables import TableReading, read_tables

_REPORTS = ("annual_report", "annex")


def read_page(page: Page) -> Reading:
    """All that can be read on a page. A page without text is a reading too, with the reason (never an exception)."""
    try:
        document = clean(page)
    except Unreadable as fault:
        return Reading("unreadable", fault.code, fault.detail)
    sections = read_sections(document)
    rebuilt, lost_rows, issues = rebuild_grids(document)
    tables = read_tables(document, (*document.grids, *rebuilt), sections, lost_rows)
    identity, identity_issues = read_identity(page, document, sections, _official_hosts(page))
    kind = classify(document, sections, identity.title, bool(tables.figures))
    issues = (*document.issues, *issues, *identity_issues, *kind.issues)
    if kind.kind not in _REPORTS:
        issues = (*issues, Issue("not_a_report", "info", kind.reason or "the page is no annual report"))
        return Reading(kind.kind, kind.reason_code, kind.reason, document, identity, sections=sections, issues=issues)
    if kind.kind == "annex" and identity.title is None:
        identity = replace(identity, title=annex_title(document))
    lost = tuple((row.start, row.end) for row in lost_rows)
    return _report(kind.kind, document, identity, sections, tables, rebuilt, lost, issues)


def _report(
    kind: str,
    document: Document,
    identity: Identity,
    sections: tuple[Section, ...],
    tables: TableReading,
    rebuilt: tuple[Grid, ...],
    lost_rows: tuple[tuple[int, int], ...],
    issues: tuple[Issue, ...],
) -> Reading:
    form, basis = decide_form(tables, document, sections, identity.report_year)
    words = read_sentences(document, sections, identity.report_year, form, rebuilt, lost_rows)
    lost = lost_tables(form, tables, sections) if kind == "annual_report" else None
    return Reading(
        document_kind=kind,
        document=document,
        identity=identity,
        report_format=form,
        report_format_basis=basis,
        sections=sections,
        figures=(*tables.figures, *words.figures),
        gaps=tables.gaps,
        shares=words.shares,
        issues=(
            *issues,
            *tables.issues,
            *words.issues,
            *((lost,) if lost else ()),
        ),
    )


def _official_hosts(page: Page) -> frozenset[str]:
    """The page's host, where the source registry says that it is the publisher's own."""
    host = urlsplit(page.url).hostname if page.url and page.official else None
    return frozenset({host}) if host else frozenset()
