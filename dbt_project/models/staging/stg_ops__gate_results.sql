with source as (
    select * from {{ source('landing_ops', 'gate_results') }}
),

renamed as (
    select
        run_id,
        build_id,
        suite,
        check_id,
        description,
        severity,
        success,
        observed,
        unexpected_count,
        checked_at
    from source
)

select * from renamed
