with source as (
    select * from {{ source('landing_ops', 'sources') }}
),

renamed as (
    select
        source_id,
        publisher,
        jurisdiction_code as stated_code,
        level as stated_level,
        official as is_official
    from source
)

select * from renamed
