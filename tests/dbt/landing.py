"""A landing database made from a few Python rows: invented reports in the shape that the reader would leave behind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from flows.warehouse.counts import count_what_landed

SCHEMA = Path(__file__).resolve().parents[2] / "flows/warehouse/schema.sql"
READER = "reader-1"
CLOCK = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@dataclass
class Value:
    """One figure; its evidence becomes a line of the page."""

    field_id: str
    value: float
    metric_id: str = ""
    unit: str | None = "件"
    applicant: str | None = None
    basis: str = "table"
    state: str = "reported"
    qualifier: str = "exact"
    printed: str = ""


@dataclass
class Doc:
    """One document with its reading. The text is the title and a line per value, so that evidence is always exact."""

    name: str
    values: list[Value] = field(default_factory=list)
    url: str | None = None
    kind: str = "annual_report"
    form: str | None = "F2021"
    place: str | None = "131127"
    place_name: str = "景县"
    level: str = "county"
    parent: str | None = "131100"
    jurisdiction_id: str | None = None
    agency: str | None = None
    scope: str | None = "whole_area"
    year: int | None = 2022
    trust: str = "official"
    published: date | None = date(2023, 1, 20)
    fetched: datetime | None = None
    same_content_as: str | None = None
    media_type: str = "text/html"
    reason: str | None = None
    issues: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[tuple[str, str | None, str]] = field(default_factory=list)  # field, kind of applicant, why
    # kind, value, metric, printed; a line each after the values
    shares: list[tuple[str, float, str | None, str]] = field(default_factory=list)
    reader: str = READER


def document_id(doc: Doc, sha: str) -> str:
    """As docs/architecture.md says: the address (URL, else file name) and the content."""
    return hashlib.sha256(f"{doc.url or doc.name}\n{sha}".encode()).hexdigest()[:16]


class Landing:
    """Writes documents into a new landing database and remembers their ids by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: dict[str, str] = {}
        self.shas: dict[str, str] = {}
        self.db = duckdb.connect(str(path))
        self.db.execute(SCHEMA.read_text(encoding="utf-8"))
        self.run(
            "insert into ops.runs (run_id, flow, source, started_at, ended_at, outcome) values (?, 'refresh', 'pages', ?, ?, 'published')",
            ["run-1", CLOCK, CLOCK],
        )

    def run(self, sql: str, values: list[object]) -> None:
        self.db.execute(sql, values)

    def insert(self, table: str, **row: object) -> None:
        marks = ", ".join("?" * len(row))
        self.run(f"insert or ignore into {table} ({', '.join(row)}) values ({marks})", list(row.values()))

    def add(self, *docs: Doc) -> Landing:
        for doc in docs:
            self._add(doc)
        return self

    def close(self) -> None:
        count_what_landed(self.db)
        self.db.close()

    def _add(self, doc: Doc) -> None:
        lines = [f"{doc.place_name}{doc.year}年政府信息公开工作年度报告 {doc.same_content_as or doc.name}"]
        spans = []
        for value in doc.values:
            start = sum(len(line) + 1 for line in lines)
            shown = value.printed or f"{value.value:g}"
            lines.append(f"{value.field_id} {value.applicant or ''} {shown} {value.unit or ''}。")
            spans.append((start, start + len(lines[-1]), lines[-1], shown))
        share_starts = []
        for *_, shown in doc.shares:
            lines.append(f"所占 {shown} 。")
            share_starts.append(sum(len(line) + 1 for line in lines[:-1]) + 3)
        text = "\n".join(lines)
        sha = hashlib.sha256(text.encode()).hexdigest()
        if doc.same_content_as:
            sha = self.shas[doc.same_content_as]
        self.shas[doc.name] = sha
        self.ids[doc.name] = ident = document_id(doc, sha)
        seq = len(self.ids)
        self.insert(
            "raw.attempts", attempt_id=f"run-1-{seq:07d}", run_id="run-1", source_id="pages", source_file=doc.name, source_url=doc.url,
            attempted_at=CLOCK, outcome="ok", byte_count=len(text), content_sha256=sha,
        )  # fmt: skip
        self.insert(
            "raw.contents", content_sha256=sha, byte_count=len(text), archive_file="gongkai-run-1-00001.warc.gz",
            archive_offset=seq, archive_length=1, landed_run_id="run-1",
        )  # fmt: skip
        self.insert(
            "raw.archive_records", archive_file="gongkai-run-1-00001.warc.gz", archive_offset=seq, archive_length=1,
            record_type="resource", record_id=f"<urn:uuid:{seq}>", record_date=CLOCK, content_sha256=sha, document_id=ident,
        )  # fmt: skip
        self.insert(
            "raw.documents", document_id=ident, source_id="pages", source_file=doc.name, source_url=doc.url, content_sha256=sha,
            content_type=doc.media_type, fetched_at=doc.fetched, landed_seq=seq, landed_run_id="run-1",
        )  # fmt: skip
        if doc.kind != "unreadable":
            self.insert(
                "raw.texts", content_sha256=sha, reader_version=doc.reader, media_type=doc.media_type, encoding="utf-8",
                script="simplified", text=text, text_normalised=text, normal_runs=[0, 0, len(text)], meta="{}",
            )  # fmt: skip
            self.insert(
                "raw.sections", document_id=ident, reader_version=doc.reader, section_no=1, level=1, label="一、",
                heading="总体情况", kind="overview", section_start=0, section_end=len(text), body_start=1,
            )  # fmt: skip
            self.insert(
                "raw.grid_cells", content_sha256=sha, reader_version=doc.reader, grid_no=1, grid_origin="html", row_no=1,
                column_no=1, cell_text=lines[0], cell_start=0, cell_end=len(lines[0]), origin_row=1, origin_column=1,
            )  # fmt: skip
        decided = doc.place is not None and doc.kind in ("annual_report", "annex")
        known = doc.kind in ("annual_report", "annex")
        self.insert(
            "raw.readings", document_id=ident, reader_version=doc.reader, content_sha256=sha, document_kind=doc.kind,
            reason_code=doc.reason, reason=doc.reason, title=lines[0],
            jurisdiction_id=(doc.jurisdiction_id or doc.place) if decided else None,
            jurisdiction_code=doc.place if decided else None, jurisdiction_name=doc.place_name if decided else None,
            jurisdiction_level=doc.level if decided else None, parent_code=doc.parent if decided else None,
            candidate_codes=[] if decided else ["210726", "210727"], agency_name=doc.agency,
            scope=doc.scope if known else None, report_year=doc.year if known else None, published_on=doc.published,
            report_format=doc.form if known else None, report_format_basis="labels", trust=doc.trust, trust_reasons=[],
            section_count=0 if doc.kind == "unreadable" else 1, figure_count=len(doc.values), issue_count=len(doc.issues),
            read_run_id="run-1",
        )  # fmt: skip
        for number, (value, (start, end, evidence, shown)) in enumerate(zip(doc.values, spans, strict=True), 1):
            self.insert(
                "raw.figures", document_id=ident, reader_version=doc.reader, figure_no=number, field_id=value.field_id,
                metric_id=value.metric_id or value.field_id, applicant_type=value.applicant, value=value.value,
                unit=value.unit, value_state=value.state, qualifier=value.qualifier, basis=value.basis, printed=shown,
                evidence=evidence, evidence_start=start, evidence_end=end, section="overview",
                grid_no=1 if value.basis == "table" else None,
            )  # fmt: skip
        for number, (field_id, applicant, why) in enumerate(doc.gaps, 1):
            self.insert(
                "raw.gaps", document_id=ident, reader_version=doc.reader, gap_no=number, field_id=field_id,
                applicant_type=applicant, why=why, printed=lines[0][:2], gap_start=0, gap_end=2,
            )  # fmt: skip
        for number, ((kind, percent, metric, shown), start) in enumerate(zip(doc.shares, share_starts, strict=True), 1):
            self.insert(
                "raw.shares", document_id=ident, reader_version=doc.reader, share_no=number, share_kind=kind, value=percent,
                name="所占", metric_id=metric, printed=shown, share_start=start, share_end=start + len(shown),
                section="overview",
            )  # fmt: skip
        for number, (code, severity) in enumerate(doc.issues, 1):
            self.insert(
                "raw.reader_issues", document_id=ident, reader_version=doc.reader, issue_no=number, issue_code=code,
                severity=severity, detail=code,
            )  # fmt: skip
