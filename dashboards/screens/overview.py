"""Overview: who is covered, what is reported over the years, what the last run did."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from dashboards import address, charts, shell, tables
from dashboards.published import Published
from dashboards.style import BLUE, GREEN, INK, ORANGE, RED, SKY
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
# Shares of the expected reports that are there and valid, from nothing expected to all
_COVER = {
    "none": "#e4e7ea", "0": "#ffffff", "25": "#deebf7", "50": "#9ecae1", "75": "#4292c6", "99": "#2171b5",
    "100": "#08306b",
}  # fmt: skip
_TILE = "tile"
_RATES = {"disclosed_share": BLUE, "refused_share": RED, "unable_not_held_share": ORANGE}


def show(published: Published, words: Words) -> None:
    """The page."""
    shell.heading(words("app_title"), words("app_note"))
    counts = published.row("build_counts") or {}
    _tiles(published, words, counts)
    if not counts.get("report_count"):
        st.info(words("no_reports"))
        return
    level, year = _choices(published, words)
    _coverage(published, words, level, year)
    _over_years(published, words, level, year)


def _tiles(published: Published, words: Words, counts: dict[str, Any]) -> None:
    status = read_status(shell.places_of_environment()) or {}
    run = status.get("last_run") or {}
    years = f"{counts['first_year']}–{counts['last_year']}" if counts.get("first_year") else None
    failed = [row["severity"] for row in published.rows("gate_results", success=False)]
    tables.tiles(
        [
            (words("reports"), counts.get("report_count")),
            (words("places"), counts.get("place_count")),
            (words("years"), years),
            (words("values_with_evidence"), counts.get("value_count")),
            (words("set_aside"), counts.get("set_aside_count")),
            (words("last_run"), Badge(words.code("outcome", run.get("outcome")), _tone(run.get("outcome")))),
            (words("gate"), gate_badge(words, failed)),
        ]
    )
    if run:
        at = str(run.get("ended_at") or run.get("started_at") or "")[:16]
        st.html(f'<p class="source">{words("last_run_line", run=run.get("run_id", "?"), at=at)}</p>')


def gate_badge(words: Words, severities: list[str]) -> Badge:
    """What the gate said, by the severities of the rules that fail: red where one blocks, amber where they warn."""
    blocked = severities.count("block")
    if blocked:
        return Badge(words("gate_blocks", count=blocked), "bad")
    return (
        Badge(words("gate_warns", count=len(severities)), "doubt") if severities else Badge(words("gate_open"), "good")
    )


def _tone(outcome: Any) -> str:
    return {"published": "good", "unchanged": "good", "refused": "bad", "failed": "bad", "crashed": "bad"}.get(
        str(outcome), ""
    )


def _choices(published: Published, words: Words) -> tuple[str, int]:
    """The level and the year that the page is about."""
    covered = published.frame("coverage_by_year", order=["-report_year"])
    with_reports = covered.filter(pl.col("found_units") > 0)
    levels = [level for level in _LEVELS if level in set(covered["jurisdiction_level"].to_list())] or list(_LEVELS)
    found = [level for level in levels if level in set(with_reports["jurisdiction_level"].to_list())]
    years = [str(year) for year in covered.get_column("report_year").unique().sort(descending=True)]
    latest = with_reports["report_year"].max() if not with_reports.is_empty() else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = address.select(
            words("level"),
            "level",
            levels,
            lambda name: words.code("level", name),
            default=(found or levels)[-1],
            width=170,
        )
        year = address.select(words("year"), "year", years or ["0"], str, default=str(latest), width=130)
    return level, int(year)


def _coverage(published: Published, words: Words, level: str, year: int) -> None:
    shell.part(words("coverage"), words("coverage_note"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _tile_map(published, words, level, year)
    with right:
        _coverage_years(published, words, level)


def _choose_province() -> None:
    """A tile was clicked: the address says which."""
    address.put(province=charts.selected("coverage_0", _TILE, "province_code"))


def _tile_map(published: Published, words: Words, level: str, year: int) -> None:
    tiles = published.frame("provinces", order=["province_code"]).filter(pl.col("tile_row").is_not_null())
    data = published.frame(
        "coverage_by_province_year", jurisdiction_level=level, report_year=year, order=["province_code"]
    )
    steps = {words(f"cover_{name}"): color for name, color in _COVER.items()}
    drawn = (
        tiles.select("province_code", "name_zh", "name_en", "label_zh", "label_en", "tile_row", "tile_column")
        .join(data, on="province_code", how="left")
        .with_columns(
            pl.struct("valid_units", "expected_units")
            .map_elements(lambda row: words(f"cover_{step(**row)}"), return_dtype=pl.String).alias("step"),
            pl.concat_str(
                pl.col("valid_units").cast(pl.String).fill_null("—"),
                pl.when(pl.col("expected_units").is_null()).then(pl.lit("")).otherwise(
                    pl.concat_str(pl.lit("/"), pl.col("expected_units").cast(pl.String))
                ),
            ).alias("count_text"),
            pl.lit(words.code("level", level)).alias("level_word"),
        )
    )  # fmt: skip
    name, short = f"name_{words.language}", f"label_{words.language}"
    base = alt.Chart(drawn).encode(
        x=alt.X("tile_column:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("tile_row:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        tooltip=[
            alt.Tooltip(f"{name}:N", title=words("province")), alt.Tooltip("expected_units:Q", title=words("expected")),
            alt.Tooltip("found_units:Q", title=words("found")), alt.Tooltip("read_units:Q", title=words("read")),
            alt.Tooltip("valid_units:Q", title=words("valid")), alt.Tooltip("gone_units:Q", title=words("gone")),
            alt.Tooltip("blocked_units:Q", title=words("blocked")),
            alt.Tooltip("not_found_units:Q", title=words("not_found")),
        ],
    )  # fmt: skip
    dark = alt.condition(alt.FieldOneOfPredicate("step", list(steps)[-3:]), alt.value("white"), alt.value(INK))
    chosen = alt.FieldEqualPredicate(field="province_code", equal=address.get("province") or "")
    layers = [
        base.mark_rect().encode(color=alt.Color("step:N", scale=charts.scale_of(steps))),
        base.mark_text(fontSize=12, fontWeight="bold", dy=-6).encode(text=f"{short}:N", color=dark),
        base.mark_text(fontSize=9, dy=8).encode(text="count_text:N", color=dark),
        # over the words, so that a click on them is a click on the tile
        base.mark_rect(fill="transparent")
        .encode(
            stroke=alt.condition(chosen, alt.value(ORANGE), alt.value("#9aa5b1")),
            strokeWidth=alt.condition(chosen, alt.value(3), alt.value(0.8)),
        )
        .add_params(alt.selection_point(name=_TILE, fields=["province_code"])),
    ]
    heading = words("cover_title", level=words.code("level", level), year=year)
    charts.frame(
        published, words, "coverage", heading, words("units"),
        {} if data.is_empty() else {"": alt.layer(*layers).properties(height=340)}, data, words("cover_note"), steps,
        _choose_province,
    )  # fmt: skip
    with st.expander(words("values_as_table")):
        keys = ("province", "expected", "found", "read", "valid", "gone", "blocked", "not_found")
        columns = ("expected", "found", "read", "valid", "gone", "blocked", "not_found")
        tables.table(
            [words(key) for key in keys],
            [[row[name], *(row[f"{column}_units"] for column in columns)] for row in drawn.iter_rows(named=True)],
        )


def step(valid_units: int | None, expected_units: int | None) -> str:
    """The class of a share on the map; its bounds stand in the legend. Only none is 0 %, only all is 100 %."""
    if not expected_units or valid_units is None:
        return "none"
    if valid_units in (0, expected_units):
        return "0" if valid_units == 0 else "100"
    bounds = {"25": 25, "50": 50, "75": 75}
    return next((name for name, most in bounds.items() if 100 * valid_units <= most * expected_units), "99")


def _coverage_years(published: Published, words: Words, level: str) -> None:
    code = address.get("province")
    province = published.row("provinces", province_code=code) if code else None
    if province is None:
        data = published.frame("coverage_by_year", jurisdiction_level=level, order=["report_year"])
    else:
        data = published.frame(
            "coverage_by_province_year", jurisdiction_level=level, province_code=code, order=["report_year"]
        )
        data = data.filter(pl.col("expected_units").is_not_null())
    kinds = {"found": SKY, "read": BLUE, "valid": GREEN}
    colors = {words(kind): color for kind, color in kinds.items()}
    drawings: dict[str, alt.TopLevelMixin] = {}
    if not data.is_empty():
        long = data.unpivot(
            on=[f"{kind}_units" for kind in kinds], index=["report_year", "expected_units"],
            variable_name="kind", value_name="units",
        ).with_columns(pl.col("kind").replace({f"{kind}_units": words(kind) for kind in kinds}))  # fmt: skip
        drawings[""] = (
            alt.Chart(long)
            .mark_line(point={"size": 45, "filled": True})
            .encode(
                x=charts.years_axis(data["report_year"].to_list()),
                y=alt.Y("units:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1, tickCount=4)),
                color=alt.Color("kind:N", scale=charts.scale_of(colors)),
                strokeDash=alt.StrokeDash("kind:N", legend=None),
                tooltip=[
                    alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("kind:N", title=words("state")),
                    alt.Tooltip("units:Q", title=words("units"), format=","),
                    alt.Tooltip("expected_units:Q", title=words("expected"), format=","),
                ],
            )
            .properties(height=300)
        )  # fmt: skip
    heading = words("cover_years_title", level=words.code("level", level))
    if province is not None:
        heading = f"{words.of(province, 'name')} · {heading}"
    charts.frame(
        published, words, "coverage_years", heading, words("units"), drawings, data, words("cover_years_note"), colors
    )
    if province is not None:
        with st.container(horizontal=True, gap="small", key="chosen_province"):
            shell.link(words, "jurisdiction", words("to_place", name=words.of(province, "name")), place=code)
            year = address.get("year")
            shell.link(words, "overview", words("all_provinces"), level=level, year=year, metric=address.get("metric"))


def _over_years(published: Published, words: Words, level: str, year: int) -> None:
    shell.part(words("over_years"), words("over_years_note"))
    of_level = published.frame("year_totals", jurisdiction_level=level, order=["metric_no", "report_year"])
    if of_level.is_empty():
        st.info(words("no_whole_area_reports", level=words.code("level", level)))
        return
    labels = {row["metric_id"]: words.of(row, "label") for row in of_level.iter_rows(named=True)}
    metric = address.select(words("metric"), "metric", list(labels), lambda name: labels[name], default=_METRIC)
    _trend(published, words, of_level.filter(pl.col("metric_id") == metric), level)
    _matched(published, words, level, metric, labels[metric])
    _outcomes(published, words, level)
    _headlines(published, words, of_level, level, year)


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
    shown = data.with_columns(
        pl.col("value_median").map_elements(number, return_dtype=pl.String).alias("median_text"),
        pl.col("value_sum").map_elements(number, return_dtype=pl.String).alias("sum_text"),
    )
    x = charts.years_axis(years)
    line = charts.with_gaps(shown, years, ["definition_group"])
    tooltip = [
        alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("median_text:N", title=words("median")),
        alt.Tooltip("value_lower_quartile:Q", title=words("lower_quartile"), format=","),
        alt.Tooltip("value_upper_quartile:Q", title=words("upper_quartile"), format=","),
        alt.Tooltip("value_min:Q", title=words("smallest"), format=","),
        alt.Tooltip("value_max:Q", title=words("largest"), format=","),
        alt.Tooltip("sum_text:N", title=words("sum")),
        alt.Tooltip("place_count:Q", title=words("reporting_places"), format=","),
        alt.Tooltip("zero_count:Q", title=words("of_which_zero"), format=","),
        alt.Tooltip("definition_group:N", title=words("definition_group")),
    ]  # fmt: skip
    scale = trend_scale(data)
    median = alt.Y("value_median:Q", title=None, scale=scale, axis=charts.number_axis())
    layers: list[alt.Chart] = [
        alt.Chart(line).mark_area(color=SKY, opacity=0.3)
        .encode(x=x, y=alt.Y("value_lower_quartile:Q", title=None, scale=scale), y2="value_upper_quartile:Q",
                detail="definition_group:N"),
        alt.Chart(line).mark_line(color=BLUE).encode(x=x, y=median, detail="definition_group:N"),
        alt.Chart(shown).mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(x=x, y=median, tooltip=tooltip),
    ]  # fmt: skip
    rules = charts.breaks_layer(_form_breaks(published, words), years, words("form_changed"))
    if rules is not None:
        layers.append(rules)
    counts = (
        alt.Chart(shown)
        .mark_bar(color="#8a949e")
        .encode(x=x, y=alt.Y("place_count:Q", title=None, axis=charts.number_axis(ticks=2)), tooltip=tooltip)
        .properties(height=110)
    )
    heading = words("trend_title", metric=words.of(first, "label"), level=words.code("level", level))
    drawings = {"": alt.layer(*layers).properties(height=260), words("reporting_places_shown"): counts}
    note = words("trend_note", most=number(max(data["value_max"].to_list())))
    charts.frame(published, words, "trend", heading, first["unit_std"], drawings, data, note)


def trend_scale(data: pl.DataFrame) -> alt.Scale:
    """Zero, the lowest lower quartile if it is less, to the highest upper quartile: as much as the band needs."""
    return charts.scale_for([*data["value_lower_quartile"], *data["value_upper_quartile"]])


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
    names = {row["rate_id"]: words.of(row, "label") for row in data.iter_rows(named=True)}
    colors = {names[name]: color for name, color in _RATES.items() if name in names}
    drawings: dict[str, alt.TopLevelMixin] = {}
    if not drawn.is_empty():
        years = drawn["report_year"].to_list()
        drawn = drawn.with_columns(pl.col("rate_id").replace(names).alias("rate"))
        x = charts.years_axis(years)
        y = alt.Y("rate_median:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(minExtent=charts.EXTENT))
        color = alt.Color("rate:N", scale=charts.scale_of(colors))
        layers: list[alt.Chart] = [
            alt.Chart(charts.with_gaps(drawn, years, ["rate", "report_format"]))
            .mark_line().encode(x=x, y=y, color=color, detail="report_format:N"),
            alt.Chart(drawn).mark_point(filled=True, size=60, opacity=1).encode(
                x=x, y=y, color=color, shape=alt.Shape("rate:N", legend=None),
                tooltip=[
                    alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("rate:N", title=words("rate")),
                    alt.Tooltip("rate_median:Q", title=words("median"), format=".1f"),
                    alt.Tooltip("place_count:Q", title=words("reporting_places"), format=","),
                    alt.Tooltip("without_rate_count:Q", title=words("without_rate"), format=","),
                ],
            ),
        ]  # fmt: skip
        rules = charts.breaks_layer(_form_breaks(published, words), years, words("form_changed"))
        drawings[""] = alt.layer(*layers, *([rules] if rules is not None else [])).properties(height=260)
    heading = words("outcomes_title", level=words.code("level", level))
    charts.frame(published, words, "outcomes", heading, "%", drawings, data, words("outcomes_note"), colors)


def _headlines(published: Published, words: Words, of_level: pl.DataFrame, level: str, year: int) -> None:
    shell.part(words("headlines", year=year, level=words.code("level", level)), words("headlines_note"))
    data = of_level.filter((pl.col("report_year") == year) & pl.col("metric_id").is_in(_KEY_METRICS))
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
