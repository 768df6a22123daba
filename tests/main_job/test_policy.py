"""docs/data-policy.md holds in what is published: contacts of offices only, and no way to a hijacked page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.main_job.conftest import Published

# Columns whose name speaks of a name, a person or a contact: what they hold instead of people.
NAMES = {
    "jurisdiction_name": "a place",
    "agency_name": "an authority",
    "standing_agency_name": "an authority",
    "name": "words in front of a share",
    "applicant_type": "a kind of applicant",
    "applicant_no": "order of the kinds of applicant",
    "applicant_key": "a kind of applicant",
    "issuer": "an authority",
    "publisher": "an authority",
    "contact": "where an authority wants to be written to",
    "phone": "of the office", "fax": "of the office", "email": "of the office", "address": "of the office",
    "asked_by": "a role",
    "name_zh": "a form", "name_en": "a form",
    "table_name": "a table",
    "jurisdiction_name_en": "a place",
    "province_name": "a place", "province_name_en": "a place", "province_name_zh": "a place",
    "parent_name_en": "a place", "parent_name_zh": "a place",
}  # fmt: skip
PERSONAL = re.compile(
    r"(^|_)(name|names|person|people|applicant|requester|citizen|author|staff|official|officer|contact|signer|editor|phone"
    r"|mobile|fax|email|mail|address|birth|gender|sex|id_?card|identity|passport|ethnic|issuer|publisher|asked_by)(_|$)"
)


def test_no_column_is_for_people(sample: Published) -> None:
    columns = sample.rows(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() where not internal"
    )
    telling = {
        (table, column)
        for table, column, kind in columns
        if PERSONAL.search(column) and kind not in ("DOUBLE", "BOOLEAN")  # a count of people names nobody
    }
    unknown = sorted(f"{table}.{column}" for table, column in telling if column not in NAMES)
    assert unknown == [], "a column that may hold people: say in NAMES what it holds instead, or leave it out"
    assert not [kind for _, _, kind in columns if "STRUCT" in kind and re.search(r'"?(name|person)"? VARCHAR', kind)]


def test_contacts_are_those_of_offices(sample: Published) -> None:
    """A mobile number or a private mailbox would be a person's."""
    rows = sample.rows("select phone, fax, email from marts.fct_reports")
    assert any(phone for phone, _, _ in rows)
    mobile = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    assert [row for row in rows if any(mobile.search(cell or "") for cell in row[:2])] == []


@pytest.fixture(scope="module")
def hijacked(sample: Published) -> list[tuple[str, str]]:
    rows = sample.rows("select report_id, source_url from marts.fct_reports where trust = 'hijacked'")
    assert len(rows) == 2
    return rows


def test_nothing_published_links_to_a_page(sample: Published, hijacked: list[tuple[str, str]]) -> None:
    folder = Path(sample.root / "published").resolve()
    for file in (
        *folder.glob("docs/dictionary.*"),
        *folder.glob("docs/data-policy.md"),
        *folder.glob("*.cff"),
        folder / "datapackage.json",
    ):
        text = file.read_text(encoding="utf-8")
        assert not [url for _, url in hijacked if url in text], file.name
        links = re.findall(r"href=[\"']?([^\"' >]+)|\]\(([^)]+)\)|<(https?:[^>]+)>", text)
        assert [link for group in links for link in group if link and re.match(r"\w+:", link)] == [], file.name


def test_lineage_gives_no_link_to_a_hijacked_page(sample: Published, hijacked: list[tuple[str, str]]) -> None:
    wrong = "select count(*) from marts.value_lineage where (link_url is null) <> (trust = 'hijacked')"
    assert sample.rows(wrong) == [(0,)]
    addresses = sample.rows(
        "select distinct source_url from marts.value_lineage where trust = 'hijacked' and link_url is null"
    )
    assert set(addresses) <= {(url,) for _, url in hijacked} and addresses


def test_why_writes_the_address_of_a_hijacked_page_so_that_nobody_clicks(
    sample: Published, hijacked: list[tuple[str, str]]
) -> None:
    for report, url in hijacked:
        answer = CliRunner().invoke(
            app, ["why", report, "requests_received_new", "--warehouse", str(sample.root)], env={"COLUMNS": "200"}
        )
        assert answer.exit_code == 0, answer.output
        assert url not in answer.output
        assert url.replace("http://", "hxxp://") in answer.output and "do not open" in answer.output


def test_terms_are_known_or_null(sample: Published, shared: Published) -> None:
    [row] = sample.rows("select publisher, terms_from, terms is not null, document_count > 30 from marts.dim_sources")
    assert row == ("示例站点（数据为虚构）", "publisher", True, True)
    rows = shared.rows("select source_id, publisher, terms, terms_from, terms_page from marts.dim_sources")
    assert rows == [("pages", None, None, None, None)], "of local copies nothing is known"
