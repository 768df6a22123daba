"""Quality: what was checked and failed, what the gate said, which sources are quiet, what is missing and why."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from dashboards import address, charts, shell, tables
from dashboards.published import Published
from dashboards.style import GREEN, ORANGE, PURPLE, RED, SKY
from dashboards.tables import Badge
from dashboards.texts import number
from dashboards.words import Words
from flows.status import read_status

_LONG_LIST = 300
_CLASSES = {
    "pass": GREEN,
    "theirs": RED,
    "ours": PURPLE,
    "scope": SKY,
    "undecided": ORANGE,
    "not_assessable": "#c9d1d9",
}
_WHY = {"blank": SKY, "unreadable": PURPLE, "table_lost": RED, "not_printed": "#c9d1d9"}
_TONES = {"error": "bad", "warning": "doubt"}
_GATE_TONES = {"block": "bad", "warn": "doubt"}
_RUNS_DRAWN = 60


def show(published: Published, words: Words) -> None:
    """The page."""
    shell.heading(words("nav_quality"), words("quality_note"))
    _checks(published, words)
    _failures(published, words)
    _gate(published, words)
    _sources(published, words)
    _set_aside(published, words)
    _missing(published, words)
    _issues(published, words)


def _checks(published: Published, words: Words) -> None:
    shell.part(words("checks_by_class"), words("checks_by_class_note"))
    data = published.frame("check_years", order=["report_year", "check_no"])
    by_year = published.frame("check_class_years", order=["report_year", "result"])
    drawings: dict[str, alt.TopLevelMixin] = {}
    names = {code: words.code("class", code) for code in _CLASSES}
    colors = {names[code]: color for code, color in _CLASSES.items()}
    if not by_year.is_empty():
        drawn = by_year.with_columns(pl.col("result").replace(names).alias("result_word"))
        years = drawn["report_year"].drop_nulls().to_list()
        drawings[""] = (
            alt.Chart(drawn)
            .mark_bar()
            .encode(
                x=charts.years_axis(years),
                y=alt.Y("result_count:Q", title=None, axis=alt.Axis(format=",d")),
                color=alt.Color("result_word:N", scale=charts.scale_of(colors)),
                tooltip=[
                    alt.Tooltip("report_year:O", title=words("year")),
                    alt.Tooltip("result_word:N", title=words("result")),
                    alt.Tooltip("result_count:Q", title=words("count"), format=","),
                ],
            )
            .properties(height=260)
        )  # fmt: skip
    charts.frame(
        published, words, "check_years", words("checks_title"), words("results"), drawings, data, colors=colors
    )


def _failures(published: Published, words: Words) -> None:
    shell.part(words("failures"))
    data = published.frame(
        "check_failures", order=["failure_class", "report_year", "check_id", "report_id", "instance"]
    )
    if data.is_empty():
        st.info(words("no_failures"))
        return
    classes = [
        name for name in ("ours", "theirs", "scope", "undecided") if name in set(data["failure_class"].to_list())
    ]
    chosen = address.segments(
        words("failure_class"), "class", classes,
        lambda name: f"{words.code('class', name)} ({data.filter(pl.col('failure_class') == name).height:,})",
    )  # fmt: skip
    rows = data.filter(pl.col("failure_class") == chosen).to_dicts()
    tables.table(
        [words(key) for key in ("year", "place", "check", "instance", "reported", "recomputed", "why")],
        [
            [row["report_year"] and str(row["report_year"]),
             shell.report_link(words, row["agency_name"] or words.of(row, "name"), row["report_id"], check="fail"),
             f"{words.of(row, 'description')} ({row['check_id']})",
             words.of(row, "instance") or words.code("applicant", row["instance"]),
             row["reported_value"], row["recomputed_value"], row["reason"]]
            for row in rows[:_LONG_LIST]
        ],
    )  # fmt: skip
    charts.foot(published, words, "check_failures", data)


def _gate(published: Published, words: Words) -> None:
    shell.part(words("gate"), words("gate_note"))
    results = published.frame("gate_results", order=["success", "severity", "suite", "check_id"])
    failed = results.filter(~pl.col("success"))
    passed = results.height - failed.height
    tables.tiles(
        [
            (words("gate_passed"), passed),
            (words("gate_blocked"), _counted(failed, "block")),
            (words("gate_warned"), _counted(failed, "warn")),
        ]
    )
    if not failed.is_empty():
        tables.table(
            [words(key) for key in ("suite", "rule", "severity", "observed")],
            [
                [row["suite"], row["description"], words.code("gate", row["severity"]), row["observed"]]
                for row in failed.iter_rows(named=True)
            ],
        )
    with st.expander(words("gate_all", count=results.height)):
        tables.table(
            [words(key) for key in ("suite", "rule", "severity", "result")],
            [
                [row["suite"], row["description"], words.code("gate", row["severity"]),
                 Badge(words("passed" if row["success"] else "failed"),
                       "good" if row["success"] else _GATE_TONES.get(row["severity"], "bad"))]
                for row in results.iter_rows(named=True)
            ],
        )  # fmt: skip
    charts.foot(published, words, "gate_results", results)
    _runs(published, words, results)


def _counted(failed: pl.DataFrame, severity: str) -> Badge | int:
    count = failed.filter(pl.col("severity") == severity).height
    return Badge(number(count), _GATE_TONES[severity]) if count else 0


def _runs(published: Published, words: Words, results: pl.DataFrame) -> None:
    shell.part(words("gate_history"), words("gate_history_note"))
    history = with_own_gate(published.frame("run_history", order=["-started_at"], limit=_LONG_LIST), results)
    _gate_chart(published, words, history)
    rows = history.to_dicts()
    last = (read_status(shell.places_of_environment()) or {}).get("last_run") or {}
    if last.get("run_id") in {row["run_id"] for row in rows}:  # a build is made before its run ends
        rows = [{**row, "outcome": last.get("outcome")} if row["run_id"] == last["run_id"] else row for row in rows]
    elif last.get("run_id"):
        rows = [{**last, **_gate_of(last), "started_at": str(last.get("started_at"))[:16]}, *rows]
    keys = ("run", "started_at", "outcome", "gate_blocks_short", "gate_warns_short", "gate_failed_rules", "values",
            "set_aside", "message")  # fmt: skip
    tables.table(
        [words(key) for key in keys],
        [
            [row["run_id"], row["started_at"], _outcome(words, row.get("outcome")), row.get("rules_blocked"),
             row.get("rules_warned"), row.get("failed_rules"), row.get("metric_values"), row.get("pages_set_aside"),
             row.get("message")]
            for row in rows
        ],
    )  # fmt: skip


def with_own_gate(history: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """The runs, also with what the gate said of this build: it is made before its gate and knows earlier runs only."""
    failed = results.filter(~pl.col("success")).sort("severity", "suite", "check_id")
    own = {
        "rules_checked": results.height,
        "rules_blocked": failed.filter(pl.col("severity") == "block").height,
        "rules_warned": failed.filter(pl.col("severity") != "block").height,
        "failed_rules": ", ".join(f"{row['suite']}.{row['check_id']}" for row in failed.iter_rows(named=True)) or None,
    }
    is_own = pl.col("run_id").is_in(results["run_id"].unique().to_list()) & pl.col("rules_checked").is_null()
    return history.with_columns(
        pl.when(is_own).then(pl.lit(value, dtype=history.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in own.items()
    )


def _gate_of(run: dict[str, Any]) -> dict[str, Any]:
    """What the gate said of a run of status.json; nothing where it came to none."""
    if run.get("checks_failed") is None:
        return {}
    failed = sorted(run.get("failed_checks") or [], key=lambda row: (row["severity"], row["suite"], row["check_id"]))
    blocked = sum(row["severity"] == "block" for row in failed)
    names = ", ".join(f"{row['suite']}.{row['check_id']}" for row in failed)
    return {"rules_blocked": blocked, "rules_warned": len(failed) - blocked, "failed_rules": names or None}


def _gate_chart(published: Published, words: Words, history: pl.DataFrame) -> None:
    """How many rules failed in each run that came to the gate; a dot where none did."""
    kinds = {"rules_blocked": (words("gate_block"), RED), "rules_warned": (words("gate_warn"), ORANGE)}
    colors = {**dict(kinds.values()), words("gate_open"): GREEN}
    gated = history.filter(pl.col("rules_checked").is_not_null()).head(_RUNS_DRAWN).sort("started_at")
    gated = gated.with_columns(pl.col("started_at").dt.strftime("%Y-%m-%d %H:%M:%S").alias("at"))
    drawings: dict[str, alt.TopLevelMixin] = {}
    if not gated.is_empty():
        long = gated.unpivot(
            on=list(kinds), index=["at", "run_id", "failed_rules"], variable_name="kind", value_name="rules"
        ).with_columns(pl.col("kind").replace({name: word for name, (word, _) in kinds.items()}))
        well = gated.filter((pl.col("rules_blocked") == 0) & (pl.col("rules_warned") == 0))
        days = alt.Axis(labelAngle=0, labelExpr="slice(datum.label, 0, 10)", labelOverlap="greedy")
        x = alt.X("at:O", title=None, sort=None, scale=alt.Scale(domain=gated["at"].to_list()), axis=days)
        most = max(1, *(int(count) for count in (gated["rules_blocked"] + gated["rules_warned"])))
        y = alt.Y("rules:Q", title=None, scale=alt.Scale(domain=[0, most]),
                  axis=alt.Axis(format=",d", tickMinStep=1, tickCount=4))  # fmt: skip
        tooltip = [
            alt.Tooltip("at:N", title=words("started_at")), alt.Tooltip("run_id:N", title=words("run")),
            alt.Tooltip("kind:N", title=words("severity")), alt.Tooltip("rules:Q", title=words("count")),
            alt.Tooltip("failed_rules:N", title=words("gate_failed_rules")),
        ]  # fmt: skip
        color = alt.Color("kind:N", scale=charts.scale_of(colors))
        dots = well.with_columns(pl.lit(0).alias("rules"), pl.lit(words("gate_open")).alias("kind"))
        drawings[""] = alt.layer(
            alt.Chart(long).mark_bar(size=14).encode(x=x, y=y, color=color, tooltip=tooltip),
            alt.Chart(dots).mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=color, tooltip=tooltip),
        ).properties(height=160)
    charts.frame(
        published, words, "gate_history", words("gate_chart"), words("rules"), drawings, history, colors=colors
    )


def _outcome(words: Words, outcome: Any) -> Badge:
    tone = {"published": "good", "unchanged": "good", "refused": "bad", "failed": "bad", "crashed": "bad"}
    return Badge(words.code("outcome", outcome), tone.get(str(outcome), ""))


def _sources(published: Published, words: Words) -> None:
    shell.part(words("sources_quiet"), words("sources_quiet_note"))
    data = published.frame("source_health", order=["-is_quiet", "source_id"])
    quiet = data.filter(pl.col("is_quiet"))
    if data.is_empty():
        st.info(words("no_crawls"))
        return
    st.html(f'<p class="note">{words("sources_count", all=f"{data.height:,}", quiet=f"{quiet.height:,}")}</p>')
    if not quiet.is_empty():
        tables.table(
            [words(key) for key in ("source_id", "last_crawl", "found", "found_before", "expected", "detail")],
            [
                [row["source_id"], row["last_crawl_at"], row["reports_found"], row["previous_found"],
                 row["expected_minimum"], row["details"]]
                for row in quiet.iter_rows(named=True)
            ][:_LONG_LIST],
        )  # fmt: skip
    charts.foot(published, words, "sources", data)


def _set_aside(published: Published, words: Words) -> None:
    shell.part(words("set_aside"), words("set_aside_note"))
    reasons = published.frame("set_aside_reasons", order=["-page_count", "reason_code"])
    if reasons.is_empty():
        st.info(words("nothing_set_aside"))
        return
    tables.table(
        [words(key) for key in ("why", "document_kind", "pages", "example")],
        [
            [
                words.code("reason", row["reason_code"]),
                words.code("kind", row["document_kind"]),
                row["page_count"],
                row["example"],
            ]
            for row in reasons.iter_rows(named=True)
        ],
    )
    pages = published.frame("set_aside", order=["reason_code", "source_id", "source_url", "source_file"])
    with st.expander(words("set_aside_all", count=f"{pages.height:,}")):
        tables.table(
            [words(key) for key in ("why", "source_id", "address", "detail")],
            [
                [
                    words.code("reason", row["reason_code"]),
                    row["source_id"],
                    row["source_url"] or row["source_file"],
                    row["reason"],
                ]
                for row in pages.head(_LONG_LIST).iter_rows(named=True)
            ],
        )
    charts.foot(published, words, "set_aside", pages)


def _missing(published: Published, words: Words) -> None:
    shell.part(words("missing"), words("missing_note"))
    data = published.frame("missing_years", order=["report_year", "form_id", "metric_id", "why"])
    by_year = published.frame("missing_reason_years", order=["report_year", "why"])
    drawings: dict[str, alt.TopLevelMixin] = {}
    names = {code: words.code("missing", code) for code in _WHY}
    colors = {names[code]: color for code, color in _WHY.items()}
    if not by_year.is_empty():
        drawn = by_year.with_columns(pl.col("why").replace(names).alias("why_word"))
        drawings[""] = (
            alt.Chart(drawn)
            .mark_bar()
            .encode(
                x=charts.years_axis(drawn["report_year"].drop_nulls().to_list()),
                y=alt.Y("field_count:Q", title=None, axis=alt.Axis(format=",d")),
                color=alt.Color("why_word:N", scale=charts.scale_of(colors)),
                tooltip=[
                    alt.Tooltip("report_year:O", title=words("year")), alt.Tooltip("why_word:N", title=words("why")),
                    alt.Tooltip("field_count:Q", title=words("count"), format=","),
                ],
            )
            .properties(height=240)
        )  # fmt: skip
    charts.frame(
        published, words, "missing_years", words("missing_title"), words("fields"), drawings, data, colors=colors
    )


def _issues(published: Published, words: Words) -> None:
    shell.part(words("issues_by_code"))
    data = published.frame("issue_codes", order=["-issue_count", "issue_code"])
    if data.is_empty():
        st.info(words("no_issues"))
        return
    tables.table(
        [words(key) for key in ("issue", "severity", "count", "reports", "example")],
        [
            [f"{words.of(row, 'issue')} ({row['issue_code']})",
             Badge(words.code("severity", row["severity"]), _TONES.get(row["severity"], "")),
             row["issue_count"], row["report_count"],
             shell.report_link(words, row["example"], row["example_report_id"])]
            for row in data.iter_rows(named=True)
        ],
    )  # fmt: skip
    charts.foot(published, words, "issue_codes", data)
