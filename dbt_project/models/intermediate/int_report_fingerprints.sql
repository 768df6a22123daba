{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed('document_id', 'int_read_stamps', 'document') }}"
) }}

-- The set of figures of a document: as one checksum (equal sets are the same report on another address) and as hashes (a
-- copy that lost some of its figures is a part of the whole one). A lost table may change the form and so the field of a
-- number in words, but not its metric.
with figures as (
    select distinct
        document_id,
        concat_ws(
            '|',
            field_id, {{ applicant_key('applicant_type') }}, basis, qualifier, value, coalesce(unit, '-')
        ) as figure,
        hash(concat_ws(
            '|',
            if(basis = 'table', field_id, metric_id), {{ applicant_key('applicant_type') }},
            basis, qualifier, value, coalesce(unit, '-')
        )) as figure_hash
    from {{ ref('stg_raw__figures') }}
    where document_id in ({{ keys_to_make('int_read_stamps', 'document') }})
)

select
    document_id,
    md5(string_agg(
        figure,
        chr(10)
        order by figure
    )) as figures_md5,
    list_sort(list(distinct figure_hash)) as figure_hashes
from figures
group by document_id
