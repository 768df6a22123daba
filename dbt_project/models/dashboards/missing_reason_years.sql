-- Fields without a value by year and reason.
select
    reports.report_year,
    missing.why,
    count(*) as field_count,
    any_value(missing.data_origin) as data_origin
from {{ ref('fct_missing') }} as missing
inner join {{ ref('fct_reports') }} as reports
    on missing.report_id = reports.report_id
group by
    reports.report_year,
    missing.why
