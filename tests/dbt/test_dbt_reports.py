"""Reports, their versions and their documents, as the published contract has them."""

from __future__ import annotations

from world import Built


def version(world: Built, name: str) -> tuple[bool, str | None, str | None]:
    current, superseded, duplicate = world.one(
        f"select is_current, superseded_by, duplicate_of from marts.fct_reports where report_id = ${name}$"
    )
    return current, world.name(superseded), world.name(duplicate)


def issues(world: Built, name: str) -> set[str]:
    return {
        code for (code,) in world.rows(f"select issue_code from marts.fct_report_issues where report_id = ${name}$")
    }


def test_every_page_but_annexes_is_a_report_row(world: Built) -> None:
    found = {world.name(ident) for (ident,) in world.rows("select report_id from marts.fct_reports")}
    assert found == set(world.ids) - {"table.html", "lonely.html"}


def test_same_content_under_two_names_gives_two_rows_the_later_a_duplicate(world: Built) -> None:
    assert version(world, "twice_a.html") == (True, None, None)
    assert version(world, "twice_b.html") == (True, None, "twice_a.html")
    assert "duplicate" in issues(world, "twice_b.html")
    assert "duplicate" not in issues(world, "twice_a.html")


def test_new_content_at_an_address_supersedes_but_an_error_page_does_not(world: Built) -> None:
    assert version(world, "v1") == (False, "v2", None)
    assert version(world, "v2") == (True, None, None)
    assert version(world, "v3") == (True, None, None)
    assert {"revised"} <= issues(world, "v1") & issues(world, "v2")


def test_same_figures_elsewhere_are_a_duplicate_of_the_most_trusted_copy(world: Built) -> None:
    assert version(world, "official") == (True, None, None)
    assert version(world, "mirror") == (True, None, "official")


def test_other_figures_of_other_trust_stay_and_say_so(world: Built) -> None:
    assert version(world, "hijacked") == (True, None, None)
    assert "conflicting_copies" in issues(world, "hijacked") & issues(world, "official")
    chosen = world.one(
        "select report_id, review_total, copy_count from marts.jurisdiction_years where jurisdiction_id = '210726'"
    )
    assert (world.name(chosen[0]), *chosen[1:]) == ("official", 4, 2)


def test_other_figures_of_equal_trust_are_a_revision(world: Built) -> None:
    assert version(world, "first") == (False, "second", None)
    assert version(world, "second") == (True, None, None)
    assert "revised" in issues(world, "first") & issues(world, "second")
    assert world.one("select review_total from marts.jurisdiction_years where jurisdiction_id = '210727'") == (11,)


def test_an_annex_belongs_to_its_report(world: Built) -> None:
    roles = world.rows(
        "select document_id, document_role, joined_by from marts.fct_report_documents where report_id = $words.html$ order by 2 desc"
    )
    assert [(world.name(ident), role, by) for ident, role, by in roles] == [
        ("words.html", "page", None), ("table.html", "annex", "identity"),
    ]  # fmt: skip
    values = world.rows(
        "select value, basis, is_preferred from marts.fct_metric_values"
        " where report_id = $words.html$ and field_id = 'info_disclosed_total' order by value"
    )
    assert values == [(8, "narrative", False), (9, "table", True)]


def test_evidence_of_an_annex_stands_in_its_own_page(world: Built) -> None:
    wrong = world.rows(
        "select v.field_id from marts.fct_metric_values v join evidence.texts t using (page_sha256)"
        " where substr(t.text, v.evidence_start + 1, v.evidence_end - v.evidence_start) <> v.evidence"
    )
    assert wrong == []
    assert world.one(
        "select count(distinct page_sha256) from marts.fct_metric_values where report_id = $words.html$"
    ) == (2,)


def test_an_annex_without_report_is_set_aside(world: Built) -> None:
    assert world.one("select report_id from marts.fct_report_documents where document_id = $lonely.html$") == (None,)
    assert world.rows("select 1 from marts.fct_metric_values where document_id = $lonely.html$") == []


def test_every_page_set_aside_has_its_reason(world: Built) -> None:
    found = world.rows("select source_file, reason_code from ops.pages_set_aside order by 1")
    assert found == [
        ("big.pdf", "too_large"), ("empty.html", "empty_file"), ("lonely.html", "annex_without_report"),
        ("notice.html", "guide"), ("v3", "notice"), (None, "gone"),
    ]  # fmt: skip


def test_undecided_place_keeps_candidates_and_values(world: Built) -> None:
    code, ident, candidates = world.one(
        "select jurisdiction_code, jurisdiction_id, candidate_codes from marts.fct_reports where report_id = $nowhere.html$"
    )
    assert (code, ident, candidates) == (None, None, ["210726", "210727"])
    assert world.one("select value from marts.fct_metric_values where report_id = $nowhere.html$") == (6,)
    assert {"jurisdiction_undecided", "hijacked"} <= issues(world, "nowhere.html")


def test_places_seen_in_reports_join_the_dimension(world: Built) -> None:
    found = world.rows(
        "select jurisdiction_id, jurisdiction_code, province_code from marts.dim_jurisdictions where basis = 'seen_in_reports' order by 1"
    )
    assert found == [("321300宿迁经济技术开发区", "321300", "320000"), ("430621112", "430621112", "430000")]


def test_history_of_places(world: Built) -> None:
    spans = world.rows(
        "select jurisdiction_name, valid_to, successor_codes from marts.dim_jurisdictions where jurisdiction_code = '110104'"
    )
    assert spans == [("宣武区", 2009, ["110102"])]


def test_every_row_says_that_figures_are_invented(world: Built) -> None:
    tables = world.rows(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('marts', 'evidence', 'ops')"
    )
    for schema, table in tables:
        assert (
            world.rows(f"select distinct data_origin from {schema}.{table} where data_origin <> 'invented_sample'")
            == []
        )


def test_every_table_and_column_has_a_comment(world: Built) -> None:
    bare = world.rows(
        "select schema_name || '.' || table_name || '.' || column_name from duckdb_columns() where database_name = 'build'"
        " and schema_name in ('marts', 'evidence', 'ops') and coalesce(comment, '') = ''"
    )
    assert bare == []
