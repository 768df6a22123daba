"""Report: the text as published with every figure on it, its checks, its source, and what changed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import streamlit as st

from dashboards import address, charts, evidence_view, shell, tables
from dashboards.published import Published
from dashboards.reading import Cell, Mark, blocks, diff_html
from dashboards.tables import Badge
from dashboards.texts import escaped, number
from dashboards.words import Words

_LONG_LIST = 300
_TONES = {"pass": "good", "fail": "bad", "official": "good", "hijacked": "bad", "mirror": "doubt", "error": "bad"}


def show(published: Published, words: Words) -> None:
    """The page."""
    asked = address.get("report")
    found = published.row("reports", report_id=asked) if asked else None
    if found is None:
        shell.heading(words("nav_report"))
        st.info(words("report_unknown") if asked else words("report_none"))
        _some_reports(published, words)
        return
    _head(published, words, found)
    documents = published.rows("report_documents", report_id=found["report_id"], order=["document_no", "document_id"])
    document = _document(words, documents)
    if document is None:
        st.info(words("no_text"))
    else:
        _reading(published, words, found, document)
    _checks(published, words, found)
    _issues(published, words, found)
    _missing(published, words, found)
    _source(words, found, documents)
    _vintages(published, words, found)


def title_of(words: Words, report: dict[str, Any]) -> str:
    """Who and which year, in a line."""
    who = report["agency_name"] or words.of(report, "name") or report["issuer"] or words("not_known")
    return f"{who} {report['report_year'] or ''}".strip()


def _some_reports(published: Published, words: Words) -> None:
    rows = published.rows("reports", document_kind="annual_report", order=["-report_year", "report_id"], limit=30)
    if rows:
        shell.part(words("reports_newest"))
    for row in rows:
        shell.link(words, "report", f"{title_of(words, row)} · {row['title'] or ''}", report=row["report_id"])


def _head(published: Published, words: Words, report: dict[str, Any]) -> None:
    shell.heading(title_of(words, report), report["title"])
    if report["place_id"]:
        place = published.row("places", place_id=report["place_id"])
        if place:
            shell.link(words, "jurisdiction", words("to_place", name=words.of(place, "name")), place=place["place_id"])
    period = " – ".join(str(day) for day in (report["period_start"], report["period_end"]) if day)
    tables.facts(
        [
            (words("level"), words.code("level", report["jurisdiction_level"])),
            (words("scope"), words.code("scope", report["scope"])),
            (words("form"), words.code("form", report["report_format"])),
            (words("published_on"), report["published_on"]),
            (words("period"), period),
            (words("trust"), Badge(words.code("trust", report["trust"]), _TONES.get(report["trust"], ""))),
            (words("trust_reasons"), report["trust_reasons"]),
            (words("figures"), report["figure_count"]),
            (words("set_aside_because"), report["reason"]),
            (words("copy_of"), shell.report_link(words, report["duplicate_of"], report["duplicate_of"])),
            (words("superseded_by"), shell.report_link(words, report["superseded_by"], report["superseded_by"])),
        ]
    )


def _document(words: Words, documents: list[dict[str, Any]]) -> dict[str, Any] | None:
    readable = {row["document_id"]: row for row in documents if row["document_text"]}
    if not readable:
        return None
    if len(readable) == 1:
        return next(iter(readable.values()))
    chosen = address.select(
        words("document"), "document", list(readable),
        lambda ident: f"{readable[ident]['document_no']} · {words.code('role', readable[ident]['document_role'])}",
    )  # fmt: skip
    return readable[chosen]


@st.fragment
def _reading(published: Published, words: Words, report: dict[str, Any], document: dict[str, Any]) -> None:
    shell.part(words("text_and_figures"), words("text_and_figures_note"))
    ident = {"report_id": report["report_id"], "document_id": document["document_id"]}
    figures = published.frame("report_figures", **ident, order=["evidence_start", "figure_no"])
    chosen = address.get("figure")
    data = {
        "key": f"{published.build_id}/{document['document_id']}/{words.language}",
        "blocks": _blocks(
            published.build_id,
            document["document_id"],
            document["document_text"],
            figures,
            published.frame("report_cells", **ident),
        ),
        "figures": [_figure(words, row) for row in figures.iter_rows(named=True)],
        "chosen": chosen,
        "words": {"filter": words("filter_figures"), "table_again": words("table_again")},
    }
    if figures.is_empty():
        st.info(words("no_figures"))
    evidence_view.show(data, f"evidence_{document['document_id']}", lambda figure: address.put(figure=figure))
    _chosen(words, figures, chosen)
    charts.foot(published, words, f"figures_{report['report_id']}", figures)


@st.cache_data(max_entries=50, show_spinner=False)
def _blocks(
    build_id: str, document_id: str, _text: str, _figures: pl.DataFrame, _cells: pl.DataFrame
) -> list[dict[str, Any]]:
    """Kept by build and document: what begins with an underscore is no part of the key."""
    marks = [
        Mark(row["evidence_start"], row["evidence_end"], row["figure_no"]) for row in _figures.iter_rows(named=True)
    ]
    grids = [
        Cell(
            row["grid_no"], row["row_no"], row["column_no"], row["row_span"], row["column_span"], row["cell_start"],
            row["cell_end"], row["cell_text"],
        )
        for row in _cells.iter_rows(named=True)
    ]  # fmt: skip
    return blocks(_text, marks, grids)


def _figure(words: Words, row: dict[str, Any]) -> dict[str, Any]:
    kind = words.code("applicant", row["applicant_type"]) if row["applicant_type"] else ""
    where = " / ".join(part for part in (row["table_row"], row["table_column"]) if part)
    notes = [kind, where or words.code("section", row["section"]), _how(words, row)]
    return {
        "n": row["figure_no"],
        "label": words.of(row, "label"),
        "value": f"{number(row['value'])} {row['unit'] or ''}".strip(),
        "where": " · ".join(note for note in notes if note),
    }


def _how(words: Words, row: dict[str, Any]) -> str:
    notes = [words.code("basis", row["basis"])]
    if row["value_state"] != "reported":
        notes.append(words.code("state", row["value_state"]))
    if row["qualifier"] != "exact":
        notes.append(words.code("qualifier", row["qualifier"]))
    if not row["is_preferred"]:
        notes.append(words("not_preferred"))
    if row["correction_id"]:
        notes.append(_corrected(words, row))
    return ", ".join(notes)


def _corrected(words: Words, row: dict[str, Any]) -> str:
    if row["corrected_value"] is None:
        return words("withdrawn")
    return words("corrected_to", value=f"{number(row['corrected_value'])} {row['corrected_unit'] or ''}".strip())


def _chosen(words: Words, figures: pl.DataFrame, chosen: str | None) -> None:
    row = next((row for row in figures.iter_rows(named=True) if str(row["figure_no"]) == chosen), None)
    if row is None:
        if chosen is not None:
            st.info(words("figure_unknown"))
        return
    tables.facts(
        [
            (words("figure"), f"{words.of(row, 'label')} ({row['metric_id']})"),
            (words("value"), f"{number(row['value'])} {row['unit'] or ''}"),
            (words("standard_value"), f"{number(row['value_std'])} {row['unit_std'] or ''}"),
            (words("printed"), row["printed"]),
            (words("evidence"), row["evidence"]),
            (words("characters"), f"{row['evidence_start']:,}–{row['evidence_end']:,}"),
            (words("how_stated"), _how(words, row)),
            *(_correction(words, row) if row["correction_id"] else ()),
        ]
    )


def _correction(words: Words, row: dict[str, Any]) -> list[tuple[str, Any]]:
    """The number that counts in place of the printed one, and who says so."""
    who = ", ".join(str(part) for part in (row["said_by"], row["said_on"], row["said_by_url"]) if part)
    counts = f"{number(row['value_used'])} {row['unit_std'] or ''}" if row["value_used"] is not None else None
    return [
        (words("correction"), Badge(_corrected(words, row), "doubt")),
        (words("value_that_counts"), counts or words("none_counts")),
        (words("said_by"), who),
        (words("why"), row["correction_reason"]),
        (words("correction_id"), row["correction_id"]),
    ]


def _checks(published: Published, words: Words, report: dict[str, Any]) -> None:
    shell.part(words("checks"), words("checks_note"))
    data = published.frame(
        "report_checks", report_id=report["report_id"], order=["check_status", "check_no", "instance"]
    )
    if data.is_empty():
        st.info(words("no_checks"))
        return
    status = address.segments(
        words("check_status"), "check", ["fail", "pass", "not_assessable"],
        lambda name: f"{words.code('status', name)} ({data.filter(pl.col('check_status') == name).height:,})",
        default="fail" if "fail" in set(data["check_status"].to_list()) else "pass",
    )  # fmt: skip
    rows = [row for row in data.iter_rows(named=True) if row["check_status"] == status]
    if not rows:
        st.info(words("no_checks_of_status"))
        return
    head = [words("check"), words("instance"), words("result"), words("reported"), words("recomputed"), words("why")]
    tables.table(head, [_check(words, row) for row in rows[:_LONG_LIST]])
    charts.foot(published, words, f"checks_{report['report_id']}", data)


def _check(words: Words, row: dict[str, Any]) -> list[Any]:
    result = (
        words.code("class", row["failure_class"]) if row["failure_class"] else words.code("status", row["check_status"])
    )
    return [
        f"{words.of(row, 'description')} ({row['check_id']})",
        words.of(row, "instance") or words.code("applicant", row["instance"]),
        Badge(result, _TONES.get(row["check_status"], "doubt")),
        row["reported_value"],
        row["recomputed_value"],
        row["reason"],
    ]


def _issues(published: Published, words: Words, report: dict[str, Any]) -> None:
    shell.part(words("issues"))
    rows = published.rows("place_issues", report_id=report["report_id"], order=["issue_no"])
    if not rows:
        st.info(words("no_issues"))
        return
    tables.table(
        [words("severity"), words("issue"), words("detail")],
        [
            [Badge(words.code("severity", row["severity"]), _TONES.get(row["severity"], "doubt")),
             words.of(row, "issue") or row["issue_code"], row["detail"]]
            for row in rows
        ],
    )  # fmt: skip


def _missing(published: Published, words: Words, report: dict[str, Any]) -> None:
    rows = published.rows("report_missing", report_id=report["report_id"], order=["why", "field_no", "applicant_type"])
    shell.part(words("missing"), words("missing_note"))
    if not rows:
        st.info(words("nothing_missing"))
        return
    with st.expander(words("missing_count", count=f"{len(rows):,}")):
        tables.table(
            [words("figure"), words("applicant"), words("why")],
            [
                [words.of(row, "label"),
                 words.code("applicant", row["applicant_type"]) if row["applicant_type"] else None,
                 words.code("missing", row["why"])]
                for row in rows[:_LONG_LIST]
            ],
        )  # fmt: skip


def _source(words: Words, report: dict[str, Any], documents: list[dict[str, Any]]) -> None:
    shell.part(words("source"))
    for row in documents:
        url = row["source_url"]
        if url and may_link(url, report["trust"]):
            st.html(f'<a href="{escaped(url)}" target="_blank" rel="noopener noreferrer nofollow">{escaped(url)}</a>')
        archive = row["archive_file"] and words(
            "archive_place",
            file=row["archive_file"],
            offset=f"{row['archive_offset']:,}",
            length=f"{row['archive_length']:,}",
        )
        tables.facts(
            [
                (words("address"), None if url and may_link(url, report["trust"]) else url),
                (words("file"), row["source_file"]),
                (words("document"), words.code("role", row["document_role"])),
                ("SHA-256", row["page_sha256"]),
                (words("archive"), archive),
                (words("fetched_at"), row["fetched_at"]),
                (words("size"), row["byte_count"] and f"{row['byte_count']:,} B"),
                (words("media_type"), row["media_type"]),
            ]
        )


def may_link(url: str, trust: str | None) -> bool:
    """Whether an address is shown as a link: pages of publishers on the web, never one that was hijacked."""
    if trust != "official":
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _vintages(published: Published, words: Words, report: dict[str, Any]) -> None:
    shell.part(words("vintages"), words("vintages_note"))
    rows = published.rows("report_vintages", report_id=report["report_id"], order=["source_url", "vintage_no"])
    if not rows:
        st.info(words("no_vintages"))
        return
    head = [words(key) for key in ("vintage", "first_seen", "last_seen", "seen_count", "changed_figures", "gone_since")]
    tables.table(
        head,
        [
            [row["vintage_no"], row["first_seen_at"], row["last_seen_at"], row["seen_count"], row["changed_figures"],
             row["gone_since"]]
            for row in rows
        ],
    )  # fmt: skip
    changes = published.rows(
        "report_changes", report_id=report["report_id"], order=["source_url", "vintage_no", "metric_id"]
    )
    if changes:
        tables.table(
            [words(key) for key in ("vintage", "figure", "applicant", "change", "before", "after")],
            [
                [row["vintage_no"], words.of(row, "label"), row["applicant_type"], words.code("change", row["change"]),
                 row["old_value"], row["new_value"]]
                for row in changes[:_LONG_LIST]
            ],
        )  # fmt: skip
    for older, newer in pairwise(rows):
        if older["source_url"] == newer["source_url"] and older["document_text"] and newer["document_text"]:
            _diff(words, older, newer)


def _diff(words: Words, older: dict[str, Any], newer: dict[str, Any]) -> None:
    with st.expander(words("diff", before=older["vintage_no"], after=newer["vintage_no"])):
        body, more = diff_html(older["document_text"], newer["document_text"])
        st.html(f'<div class="diff">{body or escaped(words("same_text"))}</div>')
        if more:
            st.caption(words("diff_more"))
