select
    cast(measured_on as date) as measured_on,
    set as measured_set,
    reader_version,
    form as form_id,
    basis,
    metric_id,
    cast(sample_size as integer) as sample_size,
    cast("right" as integer) as right_values,
    cast(wrong as integer) as wrong_values,
    cast(missed as integer) as missed_values,
    cast(invented as integer) as invented_values,
    cast(precision as double) as precision_share,
    cast(recall as double) as recall_share
from {{ read_seed('accuracy') }}
