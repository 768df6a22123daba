"""Jurisdiction: one place over the years: every metric, its issues, its reports, its parent and its peers."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from dashboards import address, charts, shell, tables
from dashboards.published import Published
from dashboards.style import BLUE, ORANGE, QUIET
from dashboards.tables import Badge
from dashboards.texts import escaped, label, number
from dashboards.words import Words

_FOUND_SHOWN = 25
_PEERS_SHOWN = 60
_COLUMNS = 3
_HEIGHT = 150
_ISSUE_TONES = {"error": "bad", "warning": "doubt"}


def show(published: Published, words: Words) -> None:
    """The page."""
    asked = address.get("place")
    place, former = _place(published, asked) if asked else (None, None)
    shell.heading(words.of(place, "name") if place else words("nav_jurisdiction"), _subtitle(words, place))
    _search(published, words)
    if place is None:
        if asked:
            st.info(words("place_unknown"))
        elif not address.get("q"):
            _places_with_reports(published, words)
        return
    if former is not None:
        note = words("place_former_code", code=asked, former=words.of(former, "name"), year=former["last_year"])
        st.info(label(note))
    _facts(words, place)
    _successors(published, words, place)
    reports = published.rows(
        "place_reports", place_id=place["place_id"], order=["-report_year", "agency_name", "report_id"]
    )
    if not reports:
        st.info(words("place_without_reports"))
    else:
        _values(published, words, place, reports)
        _reports(words, reports)
        _issues(published, words, place)
    _relatives(published, words, place)


def _place(published: Published, asked: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The place with this id or code, also one it had; in that case with the former code's row."""
    place = published.row("places", place_id=asked)
    if place is not None:
        return place, None
    found = published.row("place_codes", jurisdiction_code=asked, order=["-last_year", "place_id"])
    place = found and published.row("places", place_id=found["place_id"])
    return place, found if place and place["jurisdiction_code"] != asked else None


def _successors(published: Published, words: Words, place: dict[str, Any]) -> None:
    """Where an abolished place went."""
    if not place["is_abolished"]:
        return
    rows = published.rows("place_successors", place_id=place["place_id"], order=["last_year", "successor_id"])
    if not rows:
        return
    st.html(f'<p class="note">{escaped(words("place_became", year=rows[-1]["last_year"]))}</p>')
    with st.container(horizontal=True, gap="small", key="successors"):
        for row in rows:
            shell.link(words, "jurisdiction", f"→ {words.of(row, 'name')}", place=row["successor_id"])


def _subtitle(words: Words, place: dict[str, Any] | None) -> str:
    if place is None:
        return words("jurisdiction_note")
    other = place["name_zh"] if words.language == "en" else place["name_en"]
    above = [words.of(place, "province_name"), words.of(place, "parent_name")]
    line = " › ".join(dict.fromkeys(name for name in above if name and name != words.of(place, "name")))
    parts = [other if other != words.of(place, "name") else "", line, words.code("level", place["jurisdiction_level"])]
    return " · ".join(part for part in parts if part)


def _search(published: Published, words: Words) -> None:
    asked = address.text(words("search"), "q", words("search_hint")).strip().lower()
    if not asked:
        return
    found = published.rows(
        "places",
        containing=("search_text", asked),
        order=["-report_count", "jurisdiction_code"],
        limit=_FOUND_SHOWN + 1,
    )
    if not found:
        st.info(words("search_nothing"))
        return
    with st.container(horizontal=True, gap="small", key="found"):
        for row in found[:_FOUND_SHOWN]:
            shell.link(words, "jurisdiction", _line(words, row), place=row["place_id"])
    if len(found) > _FOUND_SHOWN:
        st.caption(words("search_more", count=_FOUND_SHOWN))


def _line(words: Words, row: dict[str, Any]) -> str:
    above = words.of(row, "parent_name")
    reports = words("n_reports", count=row["report_count"]) if row["report_count"] else ""
    return " · ".join(part for part in (words.of(row, "name"), above, row["jurisdiction_code"], reports) if part)


def _places_with_reports(published: Published, words: Words) -> None:
    found = published.frame("places", order=["-report_count", "jurisdiction_code"], limit=_FOUND_SHOWN)
    rows = found.filter(pl.col("report_count") > 0).to_dicts()
    if not rows:
        st.info(words("no_reports"))
        return
    shell.part(words("places_most_reports"))
    with st.container(horizontal=True, gap="small"):
        for row in rows:
            shell.link(words, "jurisdiction", _line(words, row), place=row["place_id"])


def _facts(words: Words, place: dict[str, Any]) -> None:
    tables.facts(
        [
            (words("code"), place["jurisdiction_code"]),
            (words("reports"), place["report_count"] or None),
            (words("years"), f"{place['first_year']}–{place['last_year']}" if place["first_year"] else None),
            (words("abolished"), words("yes") if place["is_abolished"] else None),
        ]
    )


def _values(published: Published, words: Words, place: dict[str, Any], reports: list[dict[str, Any]]) -> None:
    data = published.frame(
        "place_values", place_id=place["place_id"], order=["metric_no", "definition_group", "report_year"]
    )
    shell.part(words("metrics_over_years"), words("metrics_over_years_note"))
    if data.is_empty():
        st.info(words("no_values"))
        return
    agencies = [str(name) for name in data["agency_name"].unique().sort().drop_nulls()]
    has_own = data["agency_name"].null_count() > 0
    who = ([""] if has_own else []) + agencies
    agency = who[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(who) > 1:
            agency = address.select(words("agency"), "agency", who, lambda name: name or words("place_itself"))
        data = data.filter(pl.col("agency_name").eq_missing(agency or None))
        families = data.get_column("family").unique(maintain_order=True).to_list()
        families = [*(name for name in ("requests_received", "request_outcomes") if name in families),
                    *(name for name in families if name not in ("requests_received", "request_outcomes"))]  # fmt: skip
        family = address.select(words("family"), "family", families, lambda name: words.code("family", name))
    _family(published, words, data.filter(pl.col("family") == family), chosen_years(reports, agency or None), family)


def chosen_years(reports: list[dict[str, Any]], agency: str | None) -> list[int]:
    """The years with a report that stands for the place itself, or for the agency; copies stand for nobody."""
    return sorted({row["report_year"] for row in reports if row["is_chosen"] and row["agency_name"] == agency})


def _family(published: Published, words: Words, data: pl.DataFrame, years: list[int], family: str) -> None:
    st.html(_legend(words))
    breaks = published.rows("metric_breaks")
    forms = {row["form_id"]: row for row in published.rows("forms")}
    chosen = address.get("metric")
    metrics = data.get_column("metric_id").unique(maintain_order=True).to_list()
    if chosen in metrics:  # an address that names a metric shows it first
        metrics = [chosen, *(metric for metric in metrics if metric != chosen)]
    with st.container(key="multiples"):
        for at in range(0, len(metrics), _COLUMNS):
            for column, metric in zip(st.columns(_COLUMNS), metrics[at : at + _COLUMNS], strict=False):
                rows = data.filter(pl.col("metric_id") == metric)
                own = [
                    {
                        "break_year": row["break_year"],
                        "what": words("definition_from", form=words.of(forms[row["form_id"]], "name")),
                    }
                    for row in breaks
                    if row["metric_id"] == metric
                ]
                with column:
                    _multiple(words, rows, years, own)
    _silent(published, words, family, metrics)
    charts.foot(published, words, f"values_{family}", data)
    with st.expander(words("values_as_table")):
        _value_table(words, data)


def _silent(published: Published, words: Words, family: str, metrics: list[str]) -> None:
    """The metrics of the family that no report of the place states."""
    rows = [
        row for row in published.rows("metrics", family=family, order=["metric_no"]) if row["metric_id"] not in metrics
    ]
    if rows:
        names = words("list_separator").join(words.of(row, "label") for row in rows)
        st.html(f'<p class="note">{escaped(words("never_stated", names=names))}</p>')


def _legend(words: Words) -> str:
    return (
        f'<p class="source">● {words("basis_table")} &nbsp; ○ {words("basis_narrative")} &nbsp; '
        f"× {words('report_without_value')} &nbsp; ◆ {words('corrected')} &nbsp; ┆ {words('definition_changed')}</p>"
    )


def _multiple(words: Words, rows: pl.DataFrame, years: list[int], breaks: list[dict[str, Any]]) -> None:
    first = rows.row(0, named=True)
    charts.title(words.of(first, "label"), first["unit_std"], words)
    shown = rows.with_columns(
        pl.col("basis")
        .replace_strict({"table": words("basis_table")}, default=words("basis_narrative"))
        .alias("basis_word"),
        pl.col("value_state")
        .map_elements(lambda code: words.code("state", code), return_dtype=pl.String)
        .alias("state_word"),
        pl.col("value_std").map_elements(number, return_dtype=pl.String).alias("value_text"),
        pl.struct("has_correction", "printed_std", "correction_id", "said_by")
        .map_elements(lambda row: correction_note(words, row), return_dtype=pl.String)
        .alias("correction_text"),
    )
    line = charts.with_gaps(shown, years, ["definition_group", "scope"])
    x = charts.years_axis(years)
    values = rows["value_std"].to_list()
    axis = alt.Axis(tickCount=3, tickMinStep=charts.least_step(values), format="~s")
    y = alt.Y("value_std:Q", title=None, scale=charts.scale_for(values), axis=axis)
    layers: list[alt.Chart] = [
        alt.Chart(line)
        .mark_line(color=BLUE, strokeWidth=1.6)
        .encode(x=x, y=y, detail=["definition_group:N", "scope:N"]),
        alt.Chart(shown)
        .mark_point(size=55, strokeWidth=1.8, opacity=1)
        .encode(
            x=x, y=y,
            shape=alt.condition("datum.has_correction", alt.value("diamond"), alt.value("circle")),
            fill=alt.condition("datum.basis == 'table'", alt.value(BLUE), alt.value("white")),
            stroke=alt.condition("datum.qualifier == 'exact'", alt.value(BLUE), alt.value(ORANGE)),
            tooltip=[
                alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("value_text:N", title=words("value")),
                alt.Tooltip("unit_std:N", title=words("unit")), alt.Tooltip("basis_word:N", title=words("basis")),
                alt.Tooltip("state_word:N", title=words("state")),
                alt.Tooltip("definition_group:N", title=words("definition_group")),
                alt.Tooltip("report_format:N", title=words("form")),
                alt.Tooltip("correction_text:N", title=words("correction")),
            ],
        ),
    ]  # fmt: skip
    silent = sorted(set(years) - set(rows["report_year"].to_list()))
    if silent:
        missing = pl.DataFrame({"report_year": silent, "what": [words("report_without_value")] * len(silent)})
        layers.append(
            alt.Chart(missing).mark_text(text="×", color=QUIET, fontSize=14, baseline="bottom")
            .encode(x=x, y=alt.value(_HEIGHT), tooltip=["what:N"])
        )  # fmt: skip
    rules = charts.breaks_layer(breaks, years, words("definition_changed"))
    if rules is not None:
        layers.append(rules)
    name = f"{first['metric_id']}_{first['agency_name'] or ''}"
    charts.draw(alt.layer(*layers).properties(height=_HEIGHT), name, words.of(first, "label"))


def correction_note(words: Words, row: dict[str, Any]) -> str:
    """What was corrected and who says so; a dash where nothing was."""
    if not row["has_correction"]:
        return "—"
    if not row["correction_id"]:
        return words("corrected_part")
    return words("corrected_from", printed=number(row["printed_std"]), who=row["said_by"])


def _value_table(words: Words, data: pl.DataFrame) -> None:
    keys = ("figure", "year", "value", "unit", "basis", "state", "definition_group", "scope", "correction", "report")
    head = [words(key) for key in keys]
    tables.table(
        head,
        [
            [words.of(row, "label"), shell.report_link(words, str(row["report_year"]), row["report_id"]),
             row["value_std"], row["unit_std"], words.code("basis", row["basis"]),
             words.code("state", row["value_state"]),
             words.code("group", row["definition_group"]), words.code("scope", row["scope"]),
             correction_note(words, row), row["report_id"]]
            for row in data.iter_rows(named=True)
        ],
    )  # fmt: skip


def _reports(words: Words, reports: list[dict[str, Any]]) -> None:
    shell.part(words("all_reports"))
    head = [words(key) for key in ("year", "report", "agency", "form", "trust", "figures", "issues", "status")]
    tables.table(
        head,
        [
            [row["report_year"] and str(row["report_year"]),
             shell.report_link(words, row["title"] or row["report_id"], row["report_id"]),
             row["agency_name"], words.code("form", row["report_format"]), words.code("trust", row["trust"]),
             row["figure_count"], row["issue_count"], _standing(words, row)]
            for row in reports
        ],
    )  # fmt: skip


def _standing(words: Words, row: dict[str, Any]) -> str:
    if row["duplicate_of"]:
        return words("standing_copy")
    if not row["is_current"]:
        return words("standing_superseded")
    return words("standing_counts") if row["is_chosen"] else words("standing_other")


def _issues(published: Published, words: Words, place: dict[str, Any]) -> None:
    shell.part(words("issues"))
    rows = published.rows("place_issues", place_id=place["place_id"], order=["-report_year", "severity", "issue_no"])
    if not rows:
        st.info(words("no_issues"))
        return
    tables.table(
        [words("year"), words("severity"), words("issue"), words("detail")],
        [
            [shell.report_link(words, str(row["report_year"] or "?"), row["report_id"]),
             Badge(words.code("severity", row["severity"]), _ISSUE_TONES.get(row["severity"], "")),
             words.of(row, "issue") or row["issue_code"], row["detail"]]
            for row in rows
        ],
    )  # fmt: skip


def _relatives(published: Published, words: Words, place: dict[str, Any]) -> None:
    shell.part(words("relatives"))
    if place["parent_id"]:
        shell.link(
            words, "jurisdiction", f"↑ {words('parent')}: {words.of(place, 'parent_name')}", place=place["parent_id"]
        )
    order = ["-report_count", "jurisdiction_code"]
    same = {"parent_id": place["parent_id"], "jurisdiction_level": place["jurisdiction_level"]}
    peers = published.rows("places", **same, is_abolished=False, order=order, limit=_PEERS_SHOWN)
    _some_places(words, words("peers"), [row for row in peers if row["place_id"] != place["place_id"]])
    parts = published.rows("places", parent_id=place["place_id"], is_abolished=False, order=order, limit=_PEERS_SHOWN)
    _some_places(words, words("parts"), parts)


def _some_places(words: Words, title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    with (
        st.expander(f"{title} ({len(rows)})", expanded=any(row["report_count"] for row in rows)),
        st.container(horizontal=True, gap="small"),
    ):
        for row in rows:
            reports = f" ({row['report_count']})" if row["report_count"] else ""
            shell.link(words, "jurisdiction", f"{words.of(row, 'name')}{reports}", place=row["place_id"])
