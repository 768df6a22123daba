{# Which of several copies of a report is taken: official before mirror before unknown before hijacked. #}
{% macro trust_rank(column) -%}
    case {{ column }} when 'official' then 1 when 'mirror' then 2 when 'unknown' then 3 when 'hijacked' then 4 else 5 end
{%- endmacro %}

{# Of several values of one field: a counted number before "at least" before "about". #}
{% macro qualifier_rank(column) -%}
    case {{ column }} when 'exact' then 1 when 'at_least' then 2 else 3 end
{%- endmacro %}

{# Of table and words, the table. #}
{% macro basis_rank(column) -%}
    case {{ column }} when 'table' then 1 else 2 end
{%- endmacro %}

{# A figure without applicant type is the total of its row. #}
{% macro applicant_key(column) -%}
    coalesce({{ column }}, 'total')
{%- endmacro %}
