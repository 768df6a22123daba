-- What places of one level report for a metric, year by year. Only reports that speak for a whole area, no hijacked page;
-- levels are never added up, nor definition groups.
select
    year_values.jurisdiction_level,
    year_values.metric_id,
    metrics.metric_no,
    metrics.label_zh,
    metrics.label_en,
    year_values.definition_group,
    year_values.report_year,
    year_values.unit_std,
    count(*) as place_count,
    count(*) filter (where year_values.basis = 'table') as table_count,
    count(*) filter (where year_values.basis <> 'table') as words_count,
    count(*) filter (where year_values.value_std = 0) as zero_count,
    sum(year_values.value_std) as value_sum,
    median(year_values.value_std) as value_median,
    quantile_cont(year_values.value_std, 0.25) as value_lower_quartile,
    quantile_cont(year_values.value_std, 0.75) as value_upper_quartile,
    min(year_values.value_std) as value_min,
    max(year_values.value_std) as value_max,
    any_value(year_values.data_origin) as data_origin
from {{ ref('fct_year_values') }} as year_values
inner join {{ ref('dim_metrics') }} as metrics
    on year_values.metric_id = metrics.metric_id
where
    year_values.agency_name is null
    and year_values.scope = 'whole_area'
    and year_values.trust <> 'hijacked'
group by
    year_values.jurisdiction_level,
    year_values.metric_id,
    metrics.metric_no,
    metrics.label_zh,
    metrics.label_en,
    year_values.definition_group,
    year_values.report_year,
    year_values.unit_std
