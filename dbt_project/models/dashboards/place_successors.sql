-- The places that an abolished place became part of, under their newest names.
with spans as (
    select * from {{ ref('dim_jurisdictions') }}
),

names as (
    select
        unit_id,
        arg_max(jurisdiction_name, (valid_from is not null, valid_from)) as name_zh,
        arg_max_null(jurisdiction_name_en, (valid_from is not null, valid_from)) as name_en
    from spans
    group by unit_id
),

successors as (
    select
        unit_id,
        valid_to as last_year,
        unnest(successor_codes) as successor_code
    from spans
),

units_of_codes as (
    select distinct
        jurisdiction_code,
        unit_id
    from spans
    where jurisdiction_code = jurisdiction_id
)

select distinct
    successors.unit_id as place_id,
    successors.last_year,
    names.unit_id as successor_id,
    names.name_zh,
    names.name_en
from successors
inner join units_of_codes
    on successors.successor_code = units_of_codes.jurisdiction_code
inner join names
    on units_of_codes.unit_id = names.unit_id
where successors.unit_id <> names.unit_id
