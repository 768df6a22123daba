-- The rates of places of one level, year by year and form by form: medians and quartiles of what single reports give.
with rates as (
    select * from {{ ref('fct_rates') }}
    where
        is_chosen
        and agency_name is null
        and scope = 'whole_area'
),

reports as (
    select * from {{ ref('fct_reports') }}
    where trust <> 'hijacked'
)

select
    reports.jurisdiction_level,
    rates.rate_id,
    names.rate_no,
    names.label_zh,
    names.label_en,
    names.note,
    rates.report_format,
    rates.report_year,
    count(rates.rate_percent) as place_count,
    count(*) - count(rates.rate_percent) as without_rate_count,
    median(rates.rate_percent) as rate_median,
    quantile_cont(rates.rate_percent, 0.25) as rate_lower_quartile,
    quantile_cont(rates.rate_percent, 0.75) as rate_upper_quartile,
    any_value(rates.data_origin) as data_origin
from rates
inner join reports
    on rates.report_id = reports.report_id
inner join {{ ref('dim_rates') }} as names
    on rates.rate_id = names.rate_id
group by
    reports.jurisdiction_level,
    rates.rate_id,
    names.rate_no,
    names.label_zh,
    names.label_en,
    names.note,
    rates.report_format,
    rates.report_year
