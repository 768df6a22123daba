with rates as (
    select * from {{ ref('int_rates') }}
),

chosen as (
    select * from {{ ref('int_year_reports') }}
),

reports as (
    select * from {{ ref('int_reports') }}
)

select
    rates.report_id,
    rates.rate_id,
    reports.jurisdiction_id,
    chosen.agency_name,
    reports.report_year,
    reports.scope,
    reports.report_format,
    chosen.report_id is not null as is_chosen,
    rates.rate_percent,
    rates.numerator,
    rates.denominator,
    rates.why_null,
    rates.is_exact,
    rates.has_correction,
    rates.basis,
    {{ data_origin() }} as data_origin
from rates
inner join reports
    on rates.report_id = reports.report_id
left join chosen
    on rates.report_id = chosen.report_id
