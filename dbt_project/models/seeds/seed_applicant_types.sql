select
    applicant_type,
    cast(position as integer) as position_no,
    label_zh,
    label_en
from {{ read_seed('applicant_types') }}
