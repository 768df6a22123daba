-- The set of figures of a document as one checksum: equal sets of figures are the same report on another address.
with figures as (
    select distinct
        document_id,
        concat_ws(
            '|',
            field_id, {{ applicant_key('applicant_type') }}, basis, qualifier, value, coalesce(unit, '-')
        ) as figure
    from {{ ref('stg_raw__figures') }}
)

select
    document_id,
    md5(string_agg(
        figure,
        chr(10)
        order by figure
    )) as figures_md5
from figures
group by document_id
