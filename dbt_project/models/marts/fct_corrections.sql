with corrections as (
    select * from {{ ref('int_corrections') }}
)

select
    correction_id,
    correction_status,
    reason_code,
    case reason_code
        when 'no_such_report' then 'this warehouse does not hold the report'
        when 'report_superseded' then concat('the report was superseded by ', superseded_by)
        when 'value_gone' then 'nothing was read from the report in that place'
        when 'value_changed'
            then concat('the report now shows ', {{ plain_number('found_value') }}, ', not ', {{ plain_number('reported') }})
        when 'now_corrected' then 'the report itself now shows the corrected number, so that the correction has done its work'
        when 'several_fields' then 'several fields of the metric show this number: name the field'
        when 'page_changed' then 'the page has another checksum than expected'
        when 'evidence_changed' then 'the words beside the number are no longer those that were expected'
        when 'corrected_twice' then 'another correction holds for the same number'
    end as status_reason,
    file,
    line_no,
    report_id,
    report_key_kind,
    report_key,
    metric_id,
    field_id,
    applicant_key as applicant_type,
    reported,
    corrected,
    corrected_unit,
    is_withdrawn,
    found_value,
    cast(len(applied_to) as integer) as applied_count,
    reason,
    said_by_kind,
    said_by,
    said_by_url,
    said_on,
    expect_evidence,
    expect_page_sha256,
    {{ data_origin() }} as data_origin
from corrections
