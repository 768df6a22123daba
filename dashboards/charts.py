"""How every chart is framed and drawn: title, unit, source line, data to take away; missing is drawn as missing."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from dashboards.published import Published
from dashboards.shell import source_line
from dashboards.style import EMPTY, INK, QUIET, RULE
from dashboards.texts import escaped, label
from dashboards.words import Words

EXTENT = 46  # pixels beside an axis of numbers
# What spreadsheets take for a formula at the start of a cell, as in the published CSV files.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


def csv_bytes(data: pl.DataFrame) -> bytes:
    """UTF-8 with a mark for Excel; nothing is an empty cell; text that it would compute gets an apostrophe."""
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
    """A button that gives ``data`` as CSV, which is made when it is pressed."""
    st.download_button(
        words("download"),
        partial(csv_bytes, data),
        file_name=f"gongkai-{name}-{published.build_id}.csv",
        mime="text/csv",
        key=f"download_{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def title(text: str, unit: str | None, words: Words) -> None:
    """The title of a chart: what it shows, in which unit."""
    of_unit = f' <span class="note">({escaped(words("unit"))}: {escaped(words.unit(unit))})</span>' if unit else ""
    st.html(f"<h3>{escaped(text)}{of_unit}</h3>")


def frame(
    published: Published,
    words: Words,
    name: str,
    heading: str,
    unit: str | None,
    drawings: Mapping[str, alt.TopLevelMixin],
    data: pl.DataFrame,
    note: str | None = None,
    colors: dict[str, str] | None = None,
    on_select: Callable[[], None] | None = None,
) -> None:
    """Draws a chart with its title, unit, note, colours, source line and data; it may have several captioned drawings.

    Without rows it says so in place of the chart. ``on_select`` is called where a mark was clicked (see ``selected``).
    """
    with st.container(key=f"chart_{name}"):
        title(heading, unit, words)
        if note:
            st.html(f'<p class="note">{escaped(note)}</p>')
        if not drawings or data.is_empty():
            st.info(words("no_data"))
            return
        if colors:
            st.html(key_html(colors))
        for at, (caption, drawing) in enumerate(drawings.items()):
            if caption:
                st.html(f'<p class="source">{escaped(caption)}</p>')
            draw(drawing, f"{name}_{at}", f"{heading} {caption}".strip(), on_select)
        foot(published, words, name, data)


def key_html(colors: dict[str, str]) -> str:
    """Which colour stands for what."""
    items = "".join(f'<span><i style="background:{color}"></i>{escaped(name)}</span>' for name, color in colors.items())
    return f'<p class="key">{items}</p>'


def scale_of(colors: dict[str, str]) -> alt.Scale:
    """The same colours for the drawing."""
    return alt.Scale(domain=list(colors), range=list(colors.values()))


def foot(published: Published, words: Words, name: str, data: pl.DataFrame) -> None:
    """The source line and the data under a chart or a table."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="source">{escaped(source_line(published, words))}</p>', width="content")
        download(published, words, name, data)


def draw(chart: alt.TopLevelMixin, name: str, description: str, on_select: Callable[[], None] | None = None) -> None:
    """Draws a chart over the whole width."""
    st.altair_chart(
        styled(chart), width="stretch", key=f"draw_{name}", alt=label(description), on_select=on_select or "ignore"
    )


def selected(name: str, selection: str, field: str) -> str | None:
    """The value of ``field`` at the mark that was clicked in the drawing ``name``; None where none is."""
    marks = st.session_state[f"draw_{name}"].selection.get(selection) or []
    return str(marks[0][field]) if marks and field in marks[0] else None


def styled(chart: alt.TopLevelMixin) -> Any:
    """The look that all charts share."""
    return (
        chart.configure_view(stroke=None)
        .configure_axis(labelColor=QUIET, titleColor=QUIET, gridColor=EMPTY, domainColor=RULE, tickColor=RULE)
        .configure_legend(disable=True)
    )


def scale_for(values: Sequence[float]) -> alt.Scale:
    """Zero to the largest value, and never of no height: where all are zero, zero stands at the foot."""
    low, high = min(0.0, *values), max(0.0, *values)
    return alt.Scale(domain=[low, high if high > low else low + 1], nice=True)


def least_step(values: Sequence[float]) -> float:
    """The least step of an axis: whole numbers for whole numbers."""
    return 1.0 if all(float(value).is_integer() for value in values) else 0.0


def number_axis(ticks: int = 5) -> alt.Axis:
    """Numbers in full with separators; all as wide, so that the years of several drawings stand under each other."""
    return alt.Axis(format=",~f", tickCount=ticks, minExtent=EXTENT)


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
    inside = [(row["break_year"], row["what"]) for row in breaks if min(years) < row["break_year"] <= max(years)]
    if not inside:
        return None
    rule = alt.Chart(pl.DataFrame(inside, schema=["break_year", "what"], orient="row"))
    drawn: alt.Chart = rule.mark_rule(strokeDash=[4, 3], color=INK, opacity=0.7, xOffset=-9).encode(
        x=alt.X("break_year:O", title=None), tooltip=[alt.Tooltip("what:N", title=text)]
    )
    return drawn
