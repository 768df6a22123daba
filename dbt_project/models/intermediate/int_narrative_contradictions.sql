-- The numbers in words that the table excludes; the table is preferred, both are kept.
select
    report_id,
    document_id,
    figure_no,
    field_id,
    metric_id,
    words_value,
    table_value,
    qualifier,
    evidence
from {{ ref('int_words_against_table') }}
where is_contradiction
