-- Addresses whose page is not there any more: the site said so after it was last seen. A time-out or a refusal says nothing.
with attempts as (
    select * from {{ ref('stg_raw__attempts') }}
    where source_url is not null
),

last_seen as (
    select
        source_url,
        max(attempted_at) as last_seen_at
    from attempts
    where outcome in ('ok', 'unchanged')
    group by source_url
)

select
    attempts.source_url,
    min(attempts.attempted_at) as gone_since,
    max(attempts.attempted_at) as gone_confirmed_at,
    arg_min(attempts.outcome, attempts.attempted_at) as gone_outcome,
    arg_min(attempts.reason, attempts.attempted_at) as gone_reason
from attempts
inner join last_seen
    on
        attempts.source_url = last_seen.source_url
        and attempts.attempted_at > last_seen.last_seen_at
where attempts.outcome in ('gone', 'soft_404')
group by attempts.source_url
