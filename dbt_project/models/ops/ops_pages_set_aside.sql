{{ config(alias='pages_set_aside') }}

with documents as (
    select * from {{ ref('int_documents') }}
),

unread as (
    select
        source_id,
        source_file,
        source_url,
        document_id,
        page_sha256,
        document_kind,
        coalesce(reason_code, document_kind) as reason_code,
        coalesce(reason, 'the reader gave no reason') as reason
    from documents
    where document_kind in ('unreadable', 'not_a_report')
),

lonely_annexes as (
    select
        documents.source_id,
        documents.source_file,
        documents.source_url,
        documents.document_id,
        documents.page_sha256,
        documents.document_kind,
        'annex_without_report' as reason_code,
        'an annex whose report is not among the pages' as reason
    from documents
    inner join {{ ref('int_report_documents') }} as report_documents
        on documents.document_id = report_documents.document_id
    where report_documents.report_id is null
),

last_attempts as (
    select
        *,
        row_number() over (
            partition by source_id, coalesce(source_url, source_file)
            order by attempted_at desc, attempt_id desc
        ) as attempt_no
    from {{ ref('stg_raw__attempts') }}
),

-- pages that never became a document: refused, too large, unsupported …
not_landed as (
    select
        last_attempts.source_id,
        last_attempts.source_file,
        last_attempts.source_url,
        cast(null as varchar) as document_id,
        cast(null as varchar) as page_sha256,
        'not_landed' as document_kind,
        last_attempts.outcome as reason_code,
        coalesce(last_attempts.reason, last_attempts.outcome) as reason
    from last_attempts
    anti join documents as at_url
        on last_attempts.source_url = at_url.source_url
    anti join documents as in_file
        on
            last_attempts.source_id = in_file.source_id
            -- a condition on one side alone would compare every row with every other
            and case when last_attempts.source_url is null then last_attempts.source_file end = in_file.source_file
    where
        last_attempts.attempt_no = 1
        and last_attempts.outcome not in ('ok', 'unchanged', 'not_modified')
),

set_aside as (
    select * from unread
    union all
    select * from lonely_annexes
    union all
    select * from not_landed
)

select
    *,
    {{ data_origin() }} as data_origin
from set_aside
