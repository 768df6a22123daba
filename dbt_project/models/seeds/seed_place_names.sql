select
    name,
    level,
    name_en
from {{ read_seed('place_names') }}
