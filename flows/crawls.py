"""The ledger of crawls: what an unfinished crawl has already got, and whether a source has gone quiet."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from flows.land import UNCHANGED
from flows.landed import known_pages
from flows.naming import forget_names
from flows.warehouse.rows import insert_rows
from flows.warehouse.store import transaction
from scrapers.fetch.crawl import own_addresses
from scrapers.fetch.outcomes import Fetched, Known, Outcome, Role
from scrapers.sources.schema import Source

log = logging.getLogger("gongkai")

# a crawl that broke off is taken up again within this time; later the site may have changed too much
RESUME_WITHIN = timedelta(hours=72)
# "far fewer than last time": below this share of the last whole crawl, and at least so many fewer
QUIET_SHARE = 0.7
QUIET_FEWEST = 2
# ends after which an address is asked again when a crawl is taken up: what hindered it may have passed
_PASSING = (
    Outcome.timeout, Outcome.connection_error, Outcome.server_error, Outcome.refused, Outcome.over_limit,
    Outcome.waf_challenge, Outcome.blocked_by_robots, Outcome.tls_error,
)  # fmt: skip
# ends after which a recheck asks an address again that never gave a page
_ASKED_AGAIN = (
    Outcome.gone, Outcome.soft_404, Outcome.timeout, Outcome.connection_error, Outcome.server_error, Outcome.refused,
    Outcome.tls_error, Outcome.empty, Outcome.waf_challenge, Outcome.over_limit,
)  # fmt: skip
_FOUND = {str(Outcome.ok), str(Outcome.not_modified), UNCHANGED}
_ISSUE_COLUMNS = ("run_id", "crawl_id", "source_id", "issue_code", "detail", "found", "expected", "noticed_at")


@dataclass(slots=True)
class Crawl:
    """One crawl of one source under way.

    A report counts where a page of the site or the source's file names it. One that is only known from before is asked
    for as well, but says nothing about the lists: with it, a list that no longer names anything would go unnoticed.
    """

    crawl_id: str
    source: Source
    known: dict[str, Known]  # by address: what was landed from it last
    done: dict[str, Known | None]  # what a crawl that broke off has got, with the copy where there is one
    own: frozenset[str] = frozenset()  # the reports that the source's file names
    reports: set[str] = field(default_factory=set)  # those found, by address
    lost_lists: dict[str, str] = field(default_factory=dict)  # list pages that could not be got, with the reason

    def note(self, fetched: Fetched) -> None:
        """Counts the end of one attempt."""
        attempt = fetched.attempt
        address = attempt.source_url or ""
        got = str(attempt.outcome) in _FOUND
        if attempt.role is Role.report and got and (attempt.found_on is not None or address in self.own):
            self.reports.add(address)
        if attempt.role is Role.list_page and not got:
            self.lost_lists[address] = f"{attempt.outcome}: {attempt.reason or ''}"


class PartialCrawls:
    """The crawls of a run that asks for a part only. They are no whole crawls of their sources and say nothing about
    whether one has gone quiet, so they have no row in ops.crawls; what they ask and get stands in raw.attempts.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, archive: Path, run_id: str) -> None:
        self._con = con
        self._archive = archive
        self._run_id = run_id
        self.noticed: list[tuple[str, str, str]] = []
        self.news: list[tuple[str, str, str]] = []

    def open(self, source: Source) -> Crawl:
        """Everything that was ever asked for as a report or an annex, with its landed copy where there is one."""
        keep_source(self._con, source)
        known = known_pages(self._con, self._archive, source.source_id)
        for url, role in self._never_got(source.source_id):
            known.setdefault(url, Known(role=Role(role)))
        return Crawl(f"{self._run_id}-{source.source_id}", source, known, {}, frozenset(own_addresses(source)))

    def close(self, crawl: Crawl) -> list[str]:
        """Nothing to close."""
        for address, reason in sorted(crawl.lost_lists.items()):
            log.warning("%s: the list %s was not read: %s", crawl.source.source_id, address, reason)
        return []

    def _never_got(self, source_id: str) -> list[tuple[str, str]]:
        return self._con.execute(
            """
            select source_url, role from raw.attempts
            where source_id = ? and source_url is not null and role in ('report', 'attachment')
            qualify row_number() over (partition by source_url order by attempted_at desc, attempt_id desc) = 1
                and outcome in (select unnest(?::varchar[]))
            order by source_url
            """,
            [source_id, [str(outcome) for outcome in _ASKED_AGAIN]],
        ).fetchall()


class Crawls:
    """The crawls of one run, in the landing database; ``archive`` is the folder that holds what was landed."""

    def __init__(self, con: duckdb.DuckDBPyConnection, archive: Path, run_id: str) -> None:
        self._con = con
        self._archive = archive
        self._run_id = run_id
        self.noticed: list[tuple[str, str, str]] = []  # source, code and sentence of what is wrong
        self.news: list[tuple[str, str, str]] = []  # those that the last whole crawl of the source did not notice

    def open(self, source: Source) -> Crawl:
        """Begins a crawl of ``source``, or takes up the last one where that broke off."""
        begun = self._unfinished(source.source_id)
        known = known_pages(self._con, self._archive, source.source_id)
        crawl = Crawl(f"{self._run_id}-{source.source_id}", source, known, {}, frozenset(own_addresses(source)))
        if begun:
            crawl.crawl_id = begun
            self._take_up(crawl)
        keep_source(self._con, source)
        self._con.execute(
            "insert into ops.crawls (crawl_id, run_id, source_id, started_at, expected_minimum) values (?, ?, ?, ?, ?)",
            [crawl.crawl_id, self._run_id, source.source_id, datetime.now(UTC), source.expected_minimum],
        )
        return crawl

    def close(self, crawl: Crawl) -> list[str]:
        """Closes a crawl that came to its end; the codes of what is wrong with its source, none where all is well."""
        previous = self._previous(crawl)
        issues = issues_of(crawl, previous)
        before = self._noticed_before(crawl)
        now = datetime.now(UTC)
        with transaction(self._con):
            self._con.execute(
                """
                update ops.crawls set ended_at = ?, reports_found = ?, previous_found = ?
                where crawl_id = ? and run_id = ?
                """,
                [now, len(crawl.reports), previous, crawl.crawl_id, self._run_id],
            )
            rows = [
                (self._run_id, crawl.crawl_id, crawl.source.source_id, code, detail, len(crawl.reports), expected, now)
                for code, detail, expected in issues
            ]
            insert_rows(self._con, "ops.source_issues", _ISSUE_COLUMNS, rows)
        noticed = [(crawl.source.source_id, code, detail) for code, detail, _ in issues]
        self.noticed += noticed
        self.news += [one for one in noticed if one[1] not in before]
        return [code for code, _, _ in issues]

    def _noticed_before(self, crawl: Crawl) -> set[str]:
        """The codes of what the last whole crawl of the source noticed."""
        rows = self._con.execute(
            """
            select issue_code from ops.source_issues where crawl_id = (
                select arg_max(crawl_id, ended_at) from ops.crawls
                where source_id = ? and crawl_id <> ? and ended_at is not null
            )
            """,
            [crawl.source.source_id, crawl.crawl_id],
        ).fetchall()
        return {code for (code,) in rows}

    def _unfinished(self, source_id: str) -> str | None:
        """The id of the last crawl of a source where it broke off not long ago."""
        row = self._con.execute(
            """
            select crawl_id, bool_or(ended_at is not null) as ended, min(started_at) as began
            from ops.crawls where source_id = ? group by crawl_id order by max(started_at) desc limit 1
            """,
            [source_id],
        ).fetchone()
        if row is None or row[1] or datetime.now(UTC) - row[2] > RESUME_WITHIN:
            return None
        return str(row[0])

    def _take_up(self, crawl: Crawl) -> None:
        """What the runs of the broken crawl have got."""
        rows = self._con.execute(
            """
            select source_url, role, arg_max(outcome, (attempted_at, attempt_id)) as outcome,
                bool_or(found_on is not null) as is_named
            from raw.attempts
            where source_id = ? and source_url is not null
                and run_id in (select run_id from ops.crawls where crawl_id = ?)
            group by source_url, role
            """,
            [crawl.source.source_id, crawl.crawl_id],
        ).fetchall()
        for address, role, outcome, is_named in rows:
            if outcome in _PASSING:
                continue
            crawl.done[address] = crawl.known.get(address) if outcome in _FOUND else None
            if role == Role.report and outcome in _FOUND and (is_named or address in crawl.own):
                crawl.reports.add(address)

    def _previous(self, crawl: Crawl) -> int | None:
        row = self._con.execute(
            """
            select reports_found from ops.crawls
            where source_id = ? and crawl_id <> ? and ended_at is not null order by ended_at desc limit 1
            """,
            [crawl.source.source_id, crawl.crawl_id],
        ).fetchone()
        return None if row is None else row[0]


def keep_source(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Remembers whom a source names: its units are expected to report, also when its file is gone one day."""
    row = (source.source_id, source.publisher, source.jurisdiction_code, source.level, source.official)
    before = con.execute("select * from ops.sources where source_id = ?", [source.source_id]).fetchone()
    if before == row:
        return
    forget_names(con, source.source_id)
    con.execute(
        "insert or replace into ops.sources (source_id, publisher, jurisdiction_code, level, official) "
        "values (?, ?, ?, ?, ?)",
        row,
    )


def issues_of(crawl: Crawl, previous: int | None) -> list[tuple[str, str, int | None]]:
    """What is wrong with the source of a finished crawl: code, one sentence, the number that was expected.

    ``previous`` is the number of reports that the last whole crawl found; None where there was none.
    """
    found, least = len(crawl.reports), crawl.source.expected_minimum
    issues: list[tuple[str, str, int | None]] = []
    if found < least:
        issues.append(("fewer_than_expected", f"{found} reports found, its file expects at least {least}", least))
    if previous and previous - found >= QUIET_FEWEST and found < QUIET_SHARE * previous:
        issues.append(("fewer_than_last_time", f"{found} reports found, {previous} the time before", previous))
    for address, reason in sorted(crawl.lost_lists.items()):
        issues.append(("list_not_read", f"the list {address} was not read: {reason}"[:500], None))
    return issues
