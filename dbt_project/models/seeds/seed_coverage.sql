select
    about,
    code,
    means
from {{ read_seed('coverage') }}
