-- What the values of a report that count are made of: its documents, and the corrections that hold for its numbers.
with corrections as (
    select
        report_id,
        md5(string_agg(
            concat_ws(
                '|',
                document_id,
                figure_no,
                correction_id,
                coalesce(cast(corrected_value as varchar), '-'),
                coalesce(corrected_unit, '-'),
                coalesce(cast(value_used as varchar), '-')
            ),
            ';' order by document_id, figure_no
        )) as correction_stamp
    from {{ ref('int_applied_corrections') }}
    group by report_id
)

select
    stamps.stamp_kind,
    stamps.stamp_key,
    concat_ws('|', stamps.stamp, corrections.correction_stamp) as stamp
from {{ ref('int_report_stamps') }} as stamps
left join corrections
    on stamps.stamp_key = corrections.report_id
