with changes as (
    select * from {{ ref('int_changes') }}
),

chosen as (
    select * from {{ ref('int_year_reports') }}
),

reports as (
    select * from {{ ref('int_reports') }}
)

select
    chosen.jurisdiction_id,
    chosen.agency_name,
    chosen.report_year,
    changes.metric_id,
    changes.definition_group,
    changes.report_id,
    changes.previous_report_id,
    reports.report_format,
    previous_reports.report_format as previous_format,
    changes.value_std,
    changes.previous_value,
    changes.unit_std,
    changes.difference,
    changes.growth_percent,
    changes.is_break,
    changes.previous_groups,
    changes.is_other_scope,
    changes.is_exact,
    changes.has_correction,
    {{ data_origin() }} as data_origin
from changes
inner join chosen
    on changes.report_id = chosen.report_id
inner join reports
    on changes.report_id = reports.report_id
inner join reports as previous_reports
    on changes.previous_report_id = previous_reports.report_id
