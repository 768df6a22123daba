with fields as (
    select
        form_id,
        count(*) as field_count
    from {{ ref('seed_fields') }}
    group by form_id
),

measured as (
    select
        form_id,
        any_value(measured_on) as accuracy_measured_on,
        any_value(measured_set) as accuracy_set,
        any_value(reader_version) as accuracy_reader_version,
        max(sample_size) filter (where basis = 'table') as table_sample_size,
        max(precision_share) filter (where basis = 'table') as table_precision,
        max(recall_share) filter (where basis = 'table') as table_recall,
        max(sample_size) filter (where basis = 'narrative') as narrative_sample_size,
        max(precision_share) filter (where basis = 'narrative') as narrative_precision,
        max(recall_share) filter (where basis = 'narrative') as narrative_recall
    from {{ ref('seed_accuracy') }}
    where metric_id = '*'
    group by form_id
)

select
    forms.form_id,
    forms.form_no,
    forms.name_zh,
    forms.name_en,
    forms.first_year,
    forms.last_year,
    forms.legal_basis,
    cast(fields.field_count as integer) as field_count,
    measured.accuracy_measured_on,
    measured.accuracy_set,
    measured.accuracy_reader_version,
    measured.table_sample_size,
    measured.table_precision,
    measured.table_recall,
    measured.narrative_sample_size,
    measured.narrative_precision,
    measured.narrative_recall,
    {{ data_origin() }} as data_origin
from {{ ref('seed_forms') }} as forms
left join fields
    on forms.form_id = fields.form_id
left join measured
    on forms.form_id = measured.form_id
