select
    source_id,
    publisher,
    jurisdiction_code,
    level as jurisdiction_level,
    family,
    base_url,
    string_split(hosts, ',') as hosts,
    cast(is_official as boolean) as is_official,
    cast(is_verified as boolean) as is_verified,
    terms,
    terms_en,
    terms_from,
    terms_page,
    contact,
    notes
from {{ read_seed('sources') }}
