-- The years of the coverage: from the first official form to the last year that an annual report speaks of. A year after
-- that of the last attempt is a slip of a pen or of the reader, and the clock of the build says nothing.
with reports as (
    select report_year
    from {{ ref('stg_raw__readings') }}
    where document_kind = 'annual_report'
),

last_look as (
    select max(year(attempted_at)) as last_look_year
    from {{ ref('stg_raw__attempts') }}
),

first_form as (
    select min(first_year) as first_year
    from {{ ref('seed_forms') }}
),

bounds as (
    select
        min(first_form.first_year) as first_year,
        max(reports.report_year) as last_year
    from reports
    inner join last_look
        on reports.report_year <= last_look.last_look_year
    cross join first_form
)

select cast(unnest(generate_series(first_year, last_year)) as integer) as report_year
from bounds
where last_year is not null
