{{ config(alias='sources') }}

with sources as (
    select * from {{ ref('stg_ops__sources') }}
),

units as (
    select * from {{ ref('stg_raw__source_readings') }}
)

select
    sources.source_id,
    sources.publisher,
    sources.stated_code,
    sources.stated_level,
    sources.is_official,
    units.jurisdiction_id,
    units.jurisdiction_name,
    units.jurisdiction_level,
    units.agency_name,
    {{ data_origin() }} as data_origin
from sources
left join units
    on sources.source_id = units.source_id
