"""One page, read: clean, then extract. Same bytes and same address give the same reading."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from scrapers.clean import clean
from scrapers.document import Document, Figure, Grid, Identity, Issue, Page, Reading, Section, Unreadable
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
    return _report(kind.kind, document, identity, sections, tables, rebuilt, issues)


def _report(
    kind: str,
    document: Document,
    identity: Identity,
    sections: tuple[Section, ...],
    tables: TableReading,
    rebuilt: tuple[Grid, ...],
    issues: tuple[Issue, ...],
) -> Reading:
    form, basis = decide_form(tables, document, sections, identity.report_year)
    words: tuple[Figure, ...]
    words, word_issues = read_sentences(document, sections, identity.report_year, form, rebuilt)
    lost = lost_tables(form, tables, sections) if kind == "annual_report" else None
    return Reading(
        document_kind=kind,
        document=document,
        identity=identity,
        report_format=form,
        report_format_basis=basis,
        sections=sections,
        figures=(*tables.figures, *words),
        gaps=tables.gaps,
        issues=(
            *issues,
            *tables.issues,
            *word_issues,
            *((lost,) if lost else ()),
        ),
    )


def _official_hosts(page: Page) -> frozenset[str]:
    """The page's host, where the source registry says that it is the publisher's own."""
    host = urlsplit(page.url).hostname if page.url and page.official else None
    return frozenset({host}) if host else frozenset()
