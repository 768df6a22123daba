-- What the build holds, in one row.
select
    count(*) filter (where document_kind = 'annual_report') as report_count,
    count(distinct jurisdiction_id) filter (where document_kind = 'annual_report') as place_count,
    min(report_year) filter (where document_kind = 'annual_report') as first_year,
    max(report_year) filter (where document_kind = 'annual_report') as last_year,
    (select count(*) from {{ ref('fct_metric_values') }}) as value_count,
    (select count(*) from {{ ref('ops_pages_set_aside') }}) as set_aside_count,
    any_value(data_origin) as data_origin
from {{ ref('fct_reports') }}
