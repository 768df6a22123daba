"""The small world that the tests of models and gate build: each document is there for one clause of the contract."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from builds import failures, rows, run_dbt
from landing import READER, Doc, Landing, Value

KINDS = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_org",
    "legal_service_org",
    "other_org",
]
REFUSED = [
    "refused_state_secret", "refused_other_law_prohibits", "refused_three_securities_one_stability",
    "refused_third_party_rights", "refused_internal_affairs", "refused_process_information",
    "refused_enforcement_case_file", "refused_administrative_query",
]  # fmt: skip


def matrix_row(field_id: str, persons: float, total: float | None = None) -> list[Value]:
    """One row of the requests matrix: all by natural persons, other kinds 0."""
    cells = [Value(field_id, persons if kind == "natural_person" else 0, applicant=kind) for kind in KINDS]
    return [*cells, Value(field_id, persons if total is None else total, applicant="total")]


def requests(new: float, concluded: float, carried_out: float) -> list[Value]:
    return [
        *matrix_row("requests_received_new", new),
        *matrix_row("requests_carried_over_in", 0),
        *matrix_row("outcomes_total", concluded),
        *matrix_row("requests_carried_over_out", carried_out),
    ]


JINYUN: dict[str, Any] = {"place": "331122", "place_name": "缙云县", "parent": "331100"}
DAY = datetime(2023, 2, 1, tzinfo=UTC)

DOCS = [
    # table against words, money, a zero in words, a part that is missing
    Doc(
        "matrix.html",
        [
            *requests(5, 4, 1),
            Value("requests_received_new", 7, basis="narrative", printed="7"),
            *[value for field in REFUSED for value in matrix_row(field, 1)],
            Value("litigation_direct_total", 2),
            Value("admin_fees_amount", 2.14, unit="万元"),
            Value("foi_processing_fee_amount", 0, unit="元", basis="narrative", state="stated_zero", printed="未收取"),
            Value("info_disclosed_total", 22000, unit="条", basis="narrative", printed="2.2万"),
            Value("training_sessions", 3, unit="元", basis="narrative"),
        ],
        url="http://www.jingxian.gov.cn/a.html",
    ),
    # the total column does not add up
    Doc("mismatch.html", [*matrix_row("requests_received_new", 5, total=6)], year=2021),
    # the same content under two names
    Doc("twice_a.html", [*matrix_row("outcome_disclosed_full", 9)], place="331121", place_name="青田县", parent="331100"),
    Doc("twice_b.html", same_content_as="twice_a.html", place="331121", place_name="青田县", parent="331100"),
    # new content at the same address, and then an error page there
    Doc("v1", [Value("review_total", 1)], url="http://q.gov.cn/r", place="360104", place_name="青云谱区", parent="360100"),
    Doc(
        "v2", [Value("review_total", 2)], url="http://q.gov.cn/r", place="360104", place_name="青云谱区", parent="360100",
        fetched=DAY,
    ),
    Doc("v3", url="http://q.gov.cn/r", kind="not_a_report", reason="notice", fetched=DAY.replace(day=2)),
    # an official page, a mirror with the same figures, a hijacked one with others
    Doc("mirror", [Value("review_total", 4)], url="http://m.example.com/1", trust="mirror", place="210726", place_name="黑山县", parent="210700"),
    Doc("official", [Value("review_total", 4)], url="http://h.gov.cn/1", place="210726", place_name="黑山县", parent="210700"),
    Doc("hijacked", [Value("review_total", 5)], url="http://x.example.com/1", trust="hijacked", place="210726", place_name="黑山县", parent="210700"),
    # a revision under a second address
    Doc("first", [Value("review_total", 10)], url="http://y.gov.cn/1", place="210727", place_name="义县", parent="210700", published=date(2023, 1, 5)),
    Doc("second", [Value("review_total", 11)], url="http://y.gov.cn/2", place="210727", place_name="义县", parent="210700", published=date(2023, 3, 5)),
    # a form of 2014 with a page of words and its table on a second page
    Doc("words.html", [Value("info_disclosed_total", 8, unit="条", basis="narrative")], url="http://t.gov.cn/2015/1.html", form="F2014", year=2015),
    Doc(
        "table.html",
        [
            Value("info_disclosed_total", 9, unit="条"), Value("reply_info_not_exist", 2, "unable_not_held"),
            Value("reply_not_this_agency", 3, "unable_not_held"), Value("refused_trade_secret", 1),
            Value("reply_refused_total", 6, "refused_total"), Value("normative_docs_issued", 12),
            Value("foi_fees_collected", 0.5, unit="万元"),
        ],
        url="http://t.gov.cn/2015/2.html", kind="annex", form="F2014", year=2015,
    ),
    Doc("lonely.html", [Value("review_total", 3)], kind="annex", place="110101", place_name="东城区", parent="110000"),
    # a department, a township, a zone, an undecided place
    Doc("bureau.html", [Value("review_total", 0)], agency="统计局", scope="own_agency"),
    Doc("town.html", [Value("review_total", 0)], place="430621112", place_name="新开镇", level="township", parent="430621", scope="own_agency"),
    Doc("zone.html", [Value("review_total", 1)], place="321300", jurisdiction_id="321300宿迁经济技术开发区", place_name="宿迁经济技术开发区", level="functional_zone", parent="321300"),
    Doc("nowhere.html", [Value("review_total", 6)], place=None, trust="hijacked"),
    # two years of a county and its prefecture: what is carried over differs, and the area has less than its part
    Doc("county_2021", [*matrix_row("requests_carried_over_out", 3)], year=2021, **JINYUN),
    Doc("county_2022", [*matrix_row("requests_carried_over_in", 2), *matrix_row("requests_received_new", 8)], **JINYUN),
    Doc("city_2022", [*matrix_row("requests_received_new", 7)], place="331100", place_name="丽水市", level="prefecture", parent="330000"),
    # a later copy that lost its table
    Doc(
        "whole", [Value("review_total", 2), Value("info_disclosed_total", 30, unit="条", basis="narrative")],
        url="http://w.gov.cn/1", place="331123", place_name="遂昌县", parent="331100",
    ),
    Doc(
        "torn", [Value("info_disclosed_total", 30, unit="条", basis="narrative")], url="http://w.gov.cn/2", place="331123",
        place_name="遂昌县", parent="331100", published=date(2023, 6, 1),
        issues=[("tables_lost", "warning")], gaps=[("review_upheld", None, "blank"), ("outcomes_total", None, "cell_lost")],
    ),
    # shares in words: right as rounded, misprinted, without a total, approximate; growth is compared with nothing
    Doc(
        "shares.html",
        [
            Value("requests_received_new", 17, basis="narrative"), Value("requests_by_network", 12, basis="narrative"),
            Value("requests_by_letter", 5, basis="narrative"), Value("info_via_website", 30, unit="条", basis="narrative"),
            Value("requests_by_in_person", 1, basis="narrative"),
        ],
        place="440303", place_name="罗湖区", parent="440300",
        shares=[
            ("share", 70.6, "requests_by_network", "70.6%"), ("share", 39.4, "requests_by_letter", "３９．４％"),
            ("share", 50, "info_via_website", "50%"), ("share", 6, "requests_by_in_person", "约6%"),
            ("growth", -6.3, "requests_received_new", "6.3%"), ("rate", 100, None, "100%"),
        ],
    ),
    # set aside
    Doc("notice.html", kind="not_a_report", reason="guide"),
    Doc("empty.html", kind="unreadable", reason="empty_file", trust="unknown"),
]  # fmt: skip


def build_world(path: Path) -> Landing:
    """The world as a landing database at ``path``; the connection is closed."""
    landing = Landing(path)
    landing.add(*DOCS)
    landing.insert(
        "raw.attempts", attempt_id=f"run-1-{len(landing.ids) + 1:07d}", run_id="run-1", source_id="pages", source_file="big.pdf", attempted_at=DAY,
        outcome="too_large", reason="60 MB are more than the limit of 50 MB", byte_count=60_000_000,
    )  # fmt: skip
    town = {"jurisdiction_id": "430621112", "jurisdiction_name": "新开镇", "jurisdiction_level": "township"}
    for source_id, publisher, code, level in (
        ("town", "新开镇人民政府", "430621112", "township"),
        ("pages", "某网", None, None),
    ):
        landing.insert(
            "ops.sources", source_id=source_id, publisher=publisher, jurisdiction_code=code, level=level, official=True
        )
        landing.insert(
            "raw.source_readings", source_id=source_id, reader_version=READER, publisher=publisher,
            **({**town, "jurisdiction_code": code, "parent_code": "430621"} if code else {}),
        )  # fmt: skip
    # the file that could not be read, and a page that was never got
    for number, (address, place, name, year) in enumerate(
        [("empty.html", "210102", "和平区", 2021), ("http://g.gov.cn/1", "210103", "沈河区", 2020)]
    ):
        landing.insert(
            "raw.named_reports", address=address, reader_version=READER, source_id="pages", words=f"{name}{year}年年报",
            jurisdiction_id=place, jurisdiction_code=place, jurisdiction_name=name, jurisdiction_level="county",
            parent_code="210100", report_year=year,
        )  # fmt: skip
        landing.insert(
            "raw.attempts", attempt_id=f"run-1-{len(landing.ids) + 2 + number:07d}", run_id="run-1", source_id="pages", attempted_at=DAY, role="report",
            source_url="http://g.gov.cn/1", outcome="gone" if number else "timeout", reason="answers 404",
        )  # fmt: skip
    # of all other addresses that gave no report the words say nothing
    landing.run(
        """
        insert or ignore into raw.named_reports (address, reader_version, source_id, words)
        select coalesce(source_url, source_file), ?, any_value(source_id), any_value(source_file) from raw.attempts
        where source_file is not null and coalesce(source_url, source_file) not in (
            select coalesce(d.source_url, d.source_file) from raw.documents as d join raw.readings as r using (document_id)
            where r.reader_version = ? and r.document_kind in ('annual_report', 'annex')
        )
        group by all
        """,
        [READER, READER],
    )
    landing.insert(
        "raw.figures", document_id=landing.ids["matrix.html"], reader_version="older", figure_no=1, field_id="review_total",
        metric_id="review_total", value=999, value_state="reported", qualifier="exact", basis="table", printed="999",
        evidence="999", evidence_start=0, evidence_end=3,
    )  # fmt: skip
    landing.close()
    return landing


@dataclass
class Built:
    """A finished build of the small world; ``ids`` maps the names of its documents to report ids."""

    state: Path
    landing: Path
    build: Path
    ids: dict[str, str]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query; ``$name$`` stands for the report id of a document of the world."""
        for name, ident in self.ids.items():
            sql = sql.replace(f"${name}$", f"'{ident}'")
        return rows(self.build, sql)

    def one(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query."""
        found = self.rows(sql)
        assert len(found) == 1, found
        return found[0]

    def name(self, ident: str | None) -> str | None:
        """The name of the document with this id."""
        return next((name for name, known in self.ids.items() if known == ident), ident)


@cache
def built_world(base: Path) -> tuple[Path, dict[str, str]]:
    """The world built once a session: the folder with landing.duckdb and build.duckdb, and report ids by document."""
    folder = Path(mkdtemp(prefix="world", dir=base))
    landing = build_world(folder / "landing.duckdb")
    result = run_dbt(
        folder, folder / "landing.duckdb", folder / "build.duckdb", "build", "--exclude-resource-type", "unit_test"
    )
    assert failures(result) == []
    # a later command of another test writes a manifest that knows less
    shutil.copy(folder / "target" / "manifest.json", folder / "manifest.json")
    return folder, landing.ids
