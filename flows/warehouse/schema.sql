-- The landing database (landing.duckdb): append-only, idempotent by checksum and reader version.
-- Timestamps are the clock of a run; fetched_at is the time of the fetch, null where a local copy does not say it.
create schema if not exists raw;
create schema if not exists ops;

create table if not exists ops.schema_version (version integer not null, applied_at timestamptz not null);
-- kind: 'sample' or 'real', fixed by the first run
create table if not exists ops.warehouse (kind varchar not null, created_at timestamptz not null);
create table if not exists ops.runs (
    run_id varchar primary key, flow varchar not null, -- refresh, recheck, rebuild, backfill
    source varchar not null, -- pages folder, sources folder or 'sample', and what it was restricted to
    started_at timestamptz not null, ended_at timestamptz,
    outcome varchar, -- running, published, unchanged, refused, failed, cancelled, crashed
    pages_seen integer, pages_fetched integer, pages_landed integer, reports_read integer, pages_set_aside integer,
    metric_values integer, checks_failed integer, build_id varchar, reader_version varchar, message varchar,
    deployment varchar, prefect_flow_run_id varchar -- of a scheduled run; the id also of one by hand that Prefect saw
);
-- one row per expectation and run of the gate
create table if not exists ops.gate_results (
    run_id varchar not null, build_id varchar not null, suite varchar not null, check_id varchar not null,
    description varchar not null, severity varchar not null, -- block, warn
    success boolean not null, observed varchar, unexpected_count bigint, sample_rows varchar, checked_at timestamptz not null
);

-- a person overruled the gate for one refused build and one failed check; append-only
create table if not exists ops.gate_overrides (
    build_id varchar not null, suite varchar not null, check_id varchar not null, reason varchar not null,
    accepted_by varchar not null, accepted_at timestamptz not null,
    unexpected_count bigint, -- how many rows failed, null where the rule could not be evaluated
    run_id varchar not null -- of `gongkai publish`
);
-- the ledger of landing: what each batch added, written in its transaction; the gate reconciles the raw tables with it
create table if not exists ops.landed_batches (
    run_id varchar not null, attempts bigint not null, contents bigint not null, documents bigint not null,
    archive_records bigint not null
);

-- one row per source that was ever crawled, as its file said the last time
create table if not exists ops.sources (
    source_id varchar primary key, publisher varchar not null, jurisdiction_code varchar, level varchar,
    official boolean not null
);
-- one row per run and source that it crawled; a crawl that broke off is taken up by the next run under its old crawl_id
create table if not exists ops.crawls (
    crawl_id varchar not null, run_id varchar not null, source_id varchar not null,
    started_at timestamptz not null, ended_at timestamptz, -- null: broken off
    reports_found integer, previous_found integer, -- by this crawl, by the last whole one before
    expected_minimum integer not null,
    primary key (crawl_id, run_id)
);
-- what a crawl noticed about its source: fewer_than_expected, fewer_than_last_time, list_not_read
create table if not exists ops.source_issues (
    run_id varchar not null, crawl_id varchar not null, source_id varchar not null, issue_code varchar not null,
    detail varchar not null, found integer not null, expected integer, noticed_at timestamptz not null
);
create table if not exists raw.attempts (
    attempt_id varchar primary key, run_id varchar not null, source_id varchar not null,
    source_file varchar, source_url varchar, attempted_at timestamptz not null,
    outcome varchar not null, -- ok, unchanged, too_large, … see scrapers/fetch
    reason varchar, http_status integer, content_type varchar, byte_count bigint, content_sha256 varchar,
    role varchar, -- report, attachment, list_page, file, manifest
    final_url varchar, found_on varchar, link_text varchar, link_date varchar, etag varchar, last_modified varchar,
    tls_exception varchar -- what the source's file excepts from strict TLS; null where strict
);
-- the bytes stand in a record of the archive (scrapers/archive): file in the archive folder, first byte, length packed
create table if not exists raw.contents (
    content_sha256 varchar primary key, byte_count bigint not null,
    archive_file varchar not null, archive_offset bigint not null, archive_length bigint not null,
    landed_run_id varchar not null
);
-- the index of the archive, a row a record; document_id: of the document that the record landed
create table if not exists raw.archive_records (
    archive_file varchar not null, archive_offset bigint not null, archive_length bigint not null,
    record_type varchar not null, -- warcinfo, request, response, resource, revisit, metadata
    record_id varchar not null, target_uri varchar, record_date timestamptz not null,
    payload_digest varchar, -- of the body as sent
    content_sha256 varchar, document_id varchar,
    primary key (archive_file, archive_offset)
);
create table if not exists raw.documents (
    document_id varchar primary key, source_id varchar not null, source_file varchar, source_url varchar,
    content_sha256 varchar not null, content_type varchar, fetched_at timestamptz,
    landed_seq bigint not null, -- order of landing, 1, 2 …
    landed_run_id varchar not null,
    role varchar, found_on varchar, link_text varchar, link_date varchar, -- of the attempt that landed it
    official boolean -- the source registry says that the host is the publisher's own; null before version 3
);
create table if not exists raw.texts (
    content_sha256 varchar not null, reader_version varchar not null, media_type varchar not null, encoding varchar,
    script varchar not null, text varchar not null, text_normalised varchar not null,
    -- flattened runs (normal_start, source_start, length): where each stretch of the twin stands in the text
    normal_runs integer[] not null, meta json not null,
    cell_count integer, -- cells of all grids
    primary key (content_sha256, reader_version)
);
create table if not exists raw.grid_cells (
    content_sha256 varchar not null, reader_version varchar not null, grid_no integer not null, grid_origin varchar not null,
    row_no integer not null, column_no integer not null, -- from 1
    cell_text varchar not null, cell_start integer not null, cell_end integer not null,
    origin_row integer not null, origin_column integer not null,
    primary key (content_sha256, reader_version, grid_no, row_no, column_no)
);
create table if not exists raw.readings (
    document_id varchar not null, reader_version varchar not null, content_sha256 varchar not null,
    document_kind varchar not null, -- annual_report, annex, not_a_report, unreadable
    reason_code varchar, reason varchar,
    title varchar, issuer varchar,
    jurisdiction_id varchar, jurisdiction_code varchar, jurisdiction_name varchar, jurisdiction_level varchar,
    parent_code varchar, candidate_codes varchar[], jurisdiction_basis varchar,
    agency_name varchar, scope varchar, report_year integer, report_year_basis varchar,
    period_start date, period_end date, published_on date,
    phone varchar, fax varchar, email varchar, postcode varchar, address varchar, website varchar,
    report_format varchar, report_format_basis varchar, trust varchar, trust_reasons varchar[],
    section_count integer not null, figure_count integer not null, issue_count integer not null,
    read_run_id varchar not null,
    gap_count integer, share_count integer, has_text boolean, -- in rows older than version 4: as found by the migration
    primary key (document_id, reader_version)
);
create table if not exists raw.sections (
    document_id varchar not null, reader_version varchar not null, section_no integer not null, level integer not null,
    label varchar not null, heading varchar not null, kind varchar not null,
    section_start integer not null, section_end integer not null, body_start integer not null,
    primary key (document_id, reader_version, section_no)
);
create table if not exists raw.figures (
    document_id varchar not null, reader_version varchar not null, figure_no integer not null,
    field_id varchar not null, metric_id varchar not null, applicant_type varchar,
    value double not null, unit varchar, value_state varchar not null, qualifier varchar not null, basis varchar not null,
    printed varchar not null, evidence varchar not null, evidence_start integer not null, evidence_end integer not null,
    section varchar, grid_no integer, table_row varchar, table_column varchar,
    primary key (document_id, reader_version, figure_no)
);
create table if not exists raw.reader_issues (
    document_id varchar not null, reader_version varchar not null, issue_no integer not null,
    issue_code varchar not null, severity varchar not null, detail varchar not null,
    reported_value double, recomputed_value double,
    primary key (document_id, reader_version, issue_no)
);
-- places of the form that stand on the page without a value; why: blank, unreadable, cell_lost
create table if not exists raw.gaps (
    document_id varchar not null, reader_version varchar not null, gap_no integer not null,
    field_id varchar not null, applicant_type varchar, why varchar not null,
    printed varchar not null, gap_start integer not null, gap_end integer not null,
    primary key (document_id, reader_version, gap_no)
);
-- shares, growth and rates in the words, in percent: never counts
create table if not exists raw.shares (
    document_id varchar not null, reader_version varchar not null, share_no integer not null,
    share_kind varchar not null, value double not null, name varchar not null, metric_id varchar,
    printed varchar not null, share_start integer not null, share_end integer not null, section varchar,
    primary key (document_id, reader_version, share_no)
);
-- the unit that a source's publisher is, as one version of the reader understands its name; all null where it does not
create table if not exists raw.source_readings (
    source_id varchar not null, reader_version varchar not null, publisher varchar not null,
    jurisdiction_id varchar, jurisdiction_code varchar, jurisdiction_name varchar, jurisdiction_level varchar,
    parent_code varchar, agency_name varchar,
    primary key (source_id, reader_version)
);
-- whose report of which year the words of a link (of a file: its name) speak of, for pages that gave no report
create table if not exists raw.named_reports (
    address varchar not null, reader_version varchar not null, -- URL, else file name
    source_id varchar not null, words varchar not null,
    jurisdiction_id varchar, jurisdiction_code varchar, jurisdiction_name varchar, jurisdiction_level varchar,
    parent_code varchar, agency_name varchar, report_year integer,
    primary key (address, reader_version)
);
