select
    unit,
    unit_class,
    cast(factor as double) as factor
from {{ read_seed('units') }}
