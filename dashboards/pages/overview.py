"""Overview: who is covered, what is reported over the years, what the last run did."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from dashboards import address, charts, shell, tables
from dashboards.published import Published
from dashboards.style import BLUE, ORANGE, RED, SKY
from dashboards.tables import Badge
from dashboards.texts import number
from dashboards.words import Words
from flows.status import read_status

_LEVELS = ("province", "prefecture", "county")
_METRIC = "requests_received_new"
_KEY_METRICS = (
    "requests_received_new", "outcomes_total", "outcome_disclosed_full", "outcome_disclosed_partial", "refused_total",
    "unable_not_held", "review_total", "litigation_total",
)  # fmt: skip
_RATES = {"disclosed_share": BLUE, "refused_share": RED, "unable_not_held_share": ORANGE}


def show(published: Published, words: Words) -> None:
    """The page."""
    shell.heading(words("app_title"), words("app_note"))
    counts = published.row("build_counts") or {}
    _tiles(published, words, counts)
    if not counts.get("report_count"):
        st.info(words("no_reports"))
        return
    _coverage(published, words)
    _over_years(published, words)


def _tiles(published: Published, words: Words, counts: dict[str, Any]) -> None:
    status = read_status(shell.places_of_environment()) or {}
    run = status.get("last_run") or {}
    years = f"{counts['first_year']}–{counts['last_year']}" if counts.get("first_year") else None
    gate = published.rows("gate_results", success=False)
    tables.tiles(
        [
            (words("reports"), counts.get("report_count")),
            (words("places"), counts.get("place_count")),
            (words("years"), years),
            (words("values_with_evidence"), counts.get("value_count")),
            (words("set_aside"), counts.get("set_aside_count")),
            (words("last_run"), Badge(words.code("outcome", run.get("outcome")), _tone(run.get("outcome")))),
            (
                words("gate"),
                Badge(
                    words("gate_open") if not gate else words("gate_failed", count=len(gate)), "bad" if gate else "good"
                ),
            ),
        ]
    )
    if run:
        at = str(run.get("ended_at") or run.get("started_at") or "")[:16]
        st.html(f'<p class="source">{words("last_run_line", run=run.get("run_id", "?"), at=at)}</p>')


def _tone(outcome: Any) -> str:
    return {"published": "good", "unchanged": "good", "refused": "bad", "failed": "bad", "crashed": "bad"}.get(
        str(outcome), ""
    )


def _coverage(published: Published, words: Words) -> None:
    """Filled in with the coverage views."""


def _over_years(published: Published, words: Words) -> None:
    shell.part(words("over_years"), words("over_years_note"))
    metrics = published.frame("year_totals", order=["metric_no"])
    levels = [level for level in _LEVELS if level in set(metrics["jurisdiction_level"].to_list())]
    if not levels:
        st.info(words("no_whole_area_reports"))
        return
    labels = {row["metric_id"]: words.of(row, "label") for row in metrics.iter_rows(named=True)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = address.select(
            words("level"), "level", levels, lambda name: words.code("level", name), default=levels[-1], width=180
        )
        of_level = metrics.filter(pl.col("jurisdiction_level") == level)
        ids = of_level.get_column("metric_id").unique(maintain_order=True).to_list()
        metric = address.select(words("metric"), "metric", ids, lambda name: labels[name], default=_METRIC)
    _trend(published, words, of_level.filter(pl.col("metric_id") == metric), level)
    _matched(published, words, level, metric, labels[metric])
    _outcomes(published, words, level)
    _headlines(published, words, of_level)


def _form_breaks(published: Published, words: Words) -> list[dict[str, Any]]:
    forms = published.rows("forms", order=["form_no"])
    return [
        {"break_year": row["first_year"], "what": f"{row['form_id']}: {words.of(row, 'name')}"}
        for row in forms[1:]
        if row["first_year"]
    ]


def _trend(published: Published, words: Words, data: pl.DataFrame, level: str) -> None:
    first = data.row(0, named=True)
    years = data["report_year"].to_list()
    shown = data.sort("report_year").with_columns(
        pl.col("value_median").map_elements(number, return_dtype=pl.String).alias("median_text"),
        pl.col("value_sum").map_elements(number, return_dtype=pl.String).alias("sum_text"),
    )
    x = charts.years_axis(years)
    line = charts.with_gaps(shown, years, ["definition_group"])
    tooltip = [
        alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("median_text:N", title=words("median")),
        alt.Tooltip("value_lower_quartile:Q", title=words("lower_quartile"), format=","),
        alt.Tooltip("value_upper_quartile:Q", title=words("upper_quartile"), format=","),
        alt.Tooltip("sum_text:N", title=words("sum")), alt.Tooltip("place_count:Q", title=words("reporting_places"), format=","),
        alt.Tooltip("zero_count:Q", title=words("of_which_zero"), format=","),
        alt.Tooltip("definition_group:N", title=words("definition_group")),
    ]  # fmt: skip
    layers: list[alt.Chart] = [
        alt.Chart(line).mark_area(color=SKY, opacity=0.3)
        .encode(x=x, y=alt.Y("value_lower_quartile:Q", title=words("median_and_quartiles"), axis=alt.Axis(format=",")),
                y2="value_upper_quartile:Q", detail="definition_group:N"),
        alt.Chart(line).mark_line(color=BLUE).encode(x=x, y="value_median:Q", detail="definition_group:N"),
        alt.Chart(shown).mark_point(color=BLUE, filled=True, size=60, opacity=1)
        .encode(x=x, y="value_median:Q", tooltip=tooltip),
    ]  # fmt: skip
    rules = charts.breaks_layer(_form_breaks(published, words), years, words("form_changed"))
    if rules is not None:
        layers.append(rules)
    counts = (
        alt.Chart(shown).mark_bar(color="#8a949e")
        .encode(x=x, y=alt.Y("place_count:Q", title=words("reporting_places"), axis=alt.Axis(tickMinStep=1, tickCount=3)), tooltip=tooltip)
        .properties(height=80)
    )  # fmt: skip
    chart = alt.vconcat(alt.layer(*layers).properties(height=230), counts, spacing=4).resolve_scale(x="shared")
    heading = words("trend_title", metric=words.of(first, "label"), level=words.code("level", level))
    charts.frame(published, words, "trend", heading, first["unit_std"], chart, data, words("trend_note"))


def _matched(published: Published, words: Words, level: str, metric: str, label: str) -> None:
    data = published.frame(
        "matched_years", jurisdiction_level=level, metric_id=metric, order=["report_year", "definition_group"]
    )
    charts.title(words("matched_title", metric=label), None, words)
    if data.is_empty():
        st.info(words("matched_none"))
        return
    tables.table(
        [words(key) for key in ("year", "places_in_both", "sum_before", "sum", "growth", "unit")],
        [
            [str(row["report_year"]), row["place_count"], row["previous_sum"], row["value_sum"],
             None if row["growth_percent"] is None else f"{row['growth_percent']:+,.1f} %", row["unit_std"]]
            for row in data.iter_rows(named=True)
        ],
    )  # fmt: skip
    charts.foot(published, words, "matched", data)


def _outcomes(published: Published, words: Words, level: str) -> None:
    data = published.frame(
        "year_rates", jurisdiction_level=level, rate_id=tuple(_RATES), order=["rate_no", "report_year"]
    )
    drawn = data.filter(pl.col("rate_median").is_not_null())
    chart = None
    if not drawn.is_empty():
        years = drawn["report_year"].to_list()
        names = {row["rate_id"]: words.of(row, "label") for row in data.iter_rows(named=True)}
        drawn = drawn.with_columns(pl.col("rate_id").replace(names).alias("rate"))
        x = charts.years_axis(years)
        color = alt.Color(
            "rate:N", title=None, legend=alt.Legend(columns=1, labelLimit=420),
            scale=alt.Scale(domain=[names[name] for name in _RATES if name in names],
                            range=[shade for name, shade in _RATES.items() if name in names]),
        )  # fmt: skip
        y = alt.Y("rate_median:Q", title="%", scale=alt.Scale(domain=[0, 100]))
        line = charts.with_gaps(drawn, years, ["rate", "report_format"])
        layers: list[alt.Chart] = [
            alt.Chart(line).mark_line().encode(x=x, y=y, color=color, detail="report_format:N"),
            alt.Chart(drawn).mark_point(filled=True, size=60, opacity=1).encode(
                x=x, y=y, color=color, shape=alt.Shape("rate:N", title=None, legend=None),
                tooltip=[
                    alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("rate:N", title=words("rate")),
                    alt.Tooltip("rate_median:Q", title=words("median"), format=".1f"),
                    alt.Tooltip("place_count:Q", title=words("reporting_places"), format=","),
                    alt.Tooltip("without_rate_count:Q", title=words("without_rate"), format=","),
                ],
            ),
        ]  # fmt: skip
        rules = charts.breaks_layer(_form_breaks(published, words), years, words("form_changed"))
        chart = alt.layer(*layers, *([rules] if rules is not None else [])).properties(height=260)
    heading = words("outcomes_title", level=words.code("level", level))
    charts.frame(published, words, "outcomes", heading, "%", chart, data, words("outcomes_note"))


def _headlines(published: Published, words: Words, of_level: pl.DataFrame) -> None:
    shell.part(words("headlines"), words("headlines_note"))
    years = [str(year) for year in sorted(set(of_level["report_year"].to_list()), reverse=True)]
    year = address.select(words("year"), "year", years, str, width=180)
    data = of_level.filter((pl.col("report_year") == int(year)) & pl.col("metric_id").is_in(_KEY_METRICS))
    if data.is_empty():
        st.info(words("no_data"))
        return
    head = [words(key) for key in ("metric", "reporting_places", "median", "sum", "of_which_zero", "basis", "unit")]
    tables.table(
        head,
        [
            [words.of(row, "label"), row["place_count"], row["value_median"], row["value_sum"], row["zero_count"],
             words("basis_counts", table=row["table_count"], words=row["words_count"]), row["unit_std"]]
            for row in data.iter_rows(named=True)
        ],
    )  # fmt: skip
    charts.foot(published, words, "headlines", data)
