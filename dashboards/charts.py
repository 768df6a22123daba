"""How every chart is framed and drawn: title, unit, source line, data to take away; missing is drawn as missing."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from dashboards.published import Published
from dashboards.shell import source_line
from dashboards.style import BLUE, EMPTY, INK, QUIET, RULE, SERIES
from dashboards.texts import escaped, label
from dashboards.words import Words

# What spreadsheets take for a formula at the start of a cell, as in the published CSV files.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


def csv_bytes(data: pl.DataFrame) -> bytes:
    """UTF-8 with a mark for Excel; nothing is an empty cell; text that a spreadsheet would compute gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(data.columns)
    for row in data.iter_rows():
        writer.writerow([_csv_cell(value) for value in row])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "replace")


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def download(published: Published, words: Words, name: str, data: pl.DataFrame) -> None:
    """A button that gives ``data`` as CSV."""
    st.download_button(
        words("download"),
        csv_bytes(data),
        file_name=f"gongkai-{name}-{published.build_id}.csv",
        mime="text/csv",
        key=f"download_{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def title(text: str, unit: str | None, words: Words) -> None:
    """The title of a chart: what it shows, in which unit."""
    of_unit = f' <span class="note">({escaped(words("unit"))}: {escaped(unit)})</span>' if unit else ""
    st.html(f"<h3>{escaped(text)}{of_unit}</h3>")


def frame(
    published: Published,
    words: Words,
    name: str,
    heading: str,
    unit: str | None,
    chart: alt.TopLevelMixin | None,
    data: pl.DataFrame,
    note: str | None = None,
) -> None:
    """Draws a chart with its title, unit, note, source line and data. Without rows it says so in place of the chart."""
    with st.container(key=f"chart_{name}"):
        title(heading, unit, words)
        if note:
            st.html(f'<p class="note">{escaped(note)}</p>')
        if chart is None or data.is_empty():
            st.info(words("no_data"))
            return
        draw(chart, name, f"{heading} ({unit})" if unit else heading)
        foot(published, words, name, data)


def foot(published: Published, words: Words, name: str, data: pl.DataFrame) -> None:
    """The source line and the data under a chart or a table."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="source">{escaped(source_line(published, words))}</p>', width="content")
        download(published, words, name, data)


def draw(chart: alt.TopLevelMixin, name: str, description: str) -> None:
    """Draws a chart over the whole width."""
    st.altair_chart(styled(chart), width="stretch", key=f"draw_{name}", alt=label(description))


def styled(chart: alt.TopLevelMixin) -> Any:
    """The look that all charts share."""
    return (
        chart.configure_view(stroke=None)  # type: ignore[attr-defined]
        .configure_axis(labelColor=QUIET, titleColor=QUIET, gridColor=EMPTY, domainColor=RULE, tickColor=RULE)
        .configure_legend(labelColor=INK, titleColor=QUIET, orient="top", columns=2, labelLimit=300)
    )


def years_axis(years: Sequence[int], name: str = "report_year") -> alt.X:
    """An axis with every year from the first to the last, those without data too."""
    span = list(range(min(years), max(years) + 1))
    step = 1 if len(span) <= 10 else 2
    shown = [year for year in span if (span[-1] - year) % step == 0]
    return alt.X(
        f"{name}:O",
        scale=alt.Scale(domain=span),
        axis=alt.Axis(title=None, labelAngle=0, values=shown, labelOverlap="greedy", grid=False),
    )


def with_gaps(data: pl.DataFrame, years: Sequence[int], by: Sequence[str]) -> pl.DataFrame:
    """``data`` with an empty row for every year that a series lacks, so that no line runs across a gap."""
    span = pl.DataFrame({"report_year": list(range(min(years), max(years) + 1))}, schema={"report_year": pl.Int32})
    series = data.select(by).unique(maintain_order=True)
    filled = series.join(span, how="cross").join(data, on=[*by, "report_year"], how="left", nulls_equal=True)
    return filled.sort([*by, "report_year"], nulls_last=True)


def breaks_layer(breaks: Iterable[dict[str, Any]], years: Sequence[int], text: str) -> alt.Chart | None:
    """Dashed rules before the first year of a new form or definition; ``text`` says what they are."""
    inside = [{"break_year": row["break_year"], "what": row["what"]} for row in breaks]
    inside = [row for row in inside if min(years) < row["break_year"] <= max(years)]
    if not inside:
        return None
    return (
        alt.Chart(alt.Data(values=inside))
        .mark_rule(strokeDash=[4, 3], color=INK, opacity=0.7, xOffset=-9)
        .encode(x=alt.X("break_year:O", title=None), tooltip=[alt.Tooltip("what:N", title=text)])
    )


def bars(data: pl.DataFrame, category: str, value: str, color: str, colors: dict[str, str], **titles: str) -> alt.Chart:
    """Horizontal bars, stacked by ``color``."""
    shown = [name for name in colors if name in set(data[color].to_list())]
    return (
        alt.Chart(data)
        .mark_bar()
        .encode(
            y=alt.Y(f"{category}:N", title=None, sort="-x", axis=alt.Axis(labelLimit=170)),
            x=alt.X(f"{value}:Q", title=titles.get("value"), axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color(
                f"{color}:N",
                title=None,
                scale=alt.Scale(domain=shown, range=[colors[name] for name in shown]),
            ),
            tooltip=[category, color, alt.Tooltip(f"{value}:Q", format=",")],
        )
    )


__all__ = [
    "BLUE", "SERIES", "bars", "breaks_layer", "csv_bytes", "download", "draw", "foot", "frame", "styled", "title",
    "with_gaps", "years_axis",
]  # fmt: skip
