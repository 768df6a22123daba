with source as (
    select * from {{ source('landing_ops', 'runs') }}
    where ended_at is not null
),

renamed as (
    select
        run_id,
        flow,
        deployment,
        prefect_flow_run_id,
        source,
        started_at,
        ended_at,
        outcome,
        pages_seen,
        pages_fetched,
        pages_landed,
        reports_read,
        pages_set_aside,
        metric_values,
        checks_failed,
        build_id,
        reader_version,
        message
    from source
)

select * from renamed
