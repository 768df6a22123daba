-- What speaks against blaming the publisher for a share that is not right: numbers in its passage, from the first of part, total
-- and share to the last, that were not read. A number is a run of digits, or of numerals before a unit.
with passages as (
    select
        terms.report_id,
        terms.check_id,
        terms.instance,
        min(terms.document_id) as document_id,
        min(terms.page_sha256) as page_sha256,
        min(terms.evidence_start) as first_place,
        max(terms.evidence_end) as end_place
    from {{ ref('int_share_terms') }} as terms
    inner join {{ ref('int_check_results') }} as results
        on
            terms.report_id = results.report_id
            and terms.check_id = results.check_id
            and terms.instance = results.instance
            and results.check_status = 'fail'
    group by terms.report_id, terms.check_id, terms.instance
    having
        min(terms.document_id) = max(terms.document_id)
        -- what stands further apart is no passage
        and max(terms.evidence_end) - min(terms.evidence_start) <= 200
),

places as (
    select
        passages.*,
        texts.text,
        unnest(range(passages.first_place, passages.end_place)) as place
    from passages
    inner join {{ ref('stg_raw__texts') }} as texts
        on passages.page_sha256 = texts.page_sha256
),

-- the code points before and after each place
numbers as (
    select
        report_id,
        check_id,
        instance,
        document_id,
        place,
        substr(text, place, 1) as before,
        regexp_extract(substr(text, place + 1, 16), '^([0-9０-９][0-9０-９.,．]*)', 1) as digits,
        regexp_extract(substr(text, place + 1, 16), '^([〇零一二两三四五六七八九十百千万]+)', 1) as numerals,
        substr(text, place + 1, 16) as after
    from places
),

starts as (
    select
        report_id,
        check_id,
        instance,
        document_id,
        place,
        concat(digits, numerals) as number_text
    from numbers
    where
        (digits <> '' and not regexp_matches(before, '[0-9０-９.,．]'))
        or (
            numerals <> ''
            and not regexp_matches(before, '[〇零一二两三四五六七八九十百千万]')
            and exists (
                select 1 from {{ ref('seed_units') }} as units
                where starts_with(substr(numbers.after, length(numbers.numerals) + 1), units.unit)
            )
        )
),

read_places as (
    select
        document_id,
        evidence_start,
        evidence_end
    from {{ ref('stg_raw__figures') }}
    union all
    select
        document_id,
        share_start as evidence_start,
        share_end as evidence_end
    from {{ ref('stg_raw__shares') }}
)

select
    starts.report_id,
    starts.check_id,
    starts.instance,
    count(*) as unread_count,
    string_agg(starts.number_text, ', ' order by starts.place) as unread_values
from starts
where
    not exists (
        select 1 from read_places
        where
            starts.document_id = read_places.document_id
            and starts.place >= read_places.evidence_start
            and starts.place < read_places.evidence_end
    )
group by starts.report_id, starts.check_id, starts.instance
