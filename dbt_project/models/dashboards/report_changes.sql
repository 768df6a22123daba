-- What the publisher changed on the addresses of a report, figure by figure.
with addresses as (
    select distinct
        report_id,
        source_url
    from {{ ref('fct_page_vintages') }}
    where report_id is not null
)

select
    addresses.report_id,
    changes.source_url,
    changes.vintage_no,
    changes.metric_id,
    metrics.label_zh,
    metrics.label_en,
    changes.applicant_type,
    changes.change,
    changes.old_value,
    changes.new_value,
    changes.data_origin
from addresses
inner join {{ ref('fct_page_changes') }} as changes
    on addresses.source_url = changes.source_url
inner join {{ ref('dim_metrics') }} as metrics
    on changes.metric_id = metrics.metric_id
