-- From one year to the next on a constant basis: only places of one level that have a comparable value in both years. A hijacked
-- page is neither this year's report nor that of the year before.
with year_values as (
    select * from {{ ref('fct_year_values') }}
    where
        agency_name is null
        and scope = 'whole_area'
        and trust <> 'hijacked'
),

previous_reports as (
    select report_id
    from {{ ref('fct_reports') }}
    where trust <> 'hijacked'
)

select
    year_values.jurisdiction_level,
    changes.metric_id,
    changes.definition_group,
    changes.report_year,
    changes.unit_std,
    count(*) as place_count,
    sum(changes.previous_value) as previous_sum,
    sum(changes.value_std) as value_sum,
    case
        when sum(changes.previous_value) > 0
            then round(100 * (sum(changes.value_std) / sum(changes.previous_value) - 1), 2)
    end as growth_percent,
    any_value(changes.data_origin) as data_origin
from {{ ref('fct_changes') }} as changes
inner join year_values
    on
        changes.report_id = year_values.report_id
        and changes.metric_id = year_values.metric_id
        and changes.definition_group = year_values.definition_group
inner join previous_reports
    on changes.previous_report_id = previous_reports.report_id
where
    changes.previous_value is not null
    and not changes.is_other_scope
    and changes.agency_name is null
group by
    year_values.jurisdiction_level,
    changes.metric_id,
    changes.definition_group,
    changes.report_year,
    changes.unit_std
