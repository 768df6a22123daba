-- Runs up to the one that made this build, with what the gate said: how many rules blocked and warned, and which. A run that came
-- to no gate has no counts.
with gate as (
    select
        run_id,
        count(*) as rules_checked,
        count(*) filter (where not success and severity = 'block') as rules_blocked,
        count(*) filter (where not success and severity <> 'block') as rules_warned,
        string_agg(
            concat(suite, '.', check_id), ', '
            order by severity, suite, check_id
        ) filter (where not success) as failed_rules
    from {{ ref('ops_gate_history') }}
    group by run_id
)

select
    runs.run_id,
    runs.started_at,
    runs.outcome,
    runs.pages_set_aside,
    runs.metric_values,
    gate.rules_checked,
    gate.rules_blocked,
    gate.rules_warned,
    gate.failed_rules,
    runs.build_id,
    runs.message,
    runs.data_origin
from {{ ref('ops_runs') }} as runs
left join gate
    on runs.run_id = gate.run_id
