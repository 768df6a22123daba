{# The value columns of a report: one per metric and definition group (see wide_columns, generated from the catalogue). #}
{% macro wide_values() -%}
    {%- for column in wide_columns() %}
    max(value_used) filter (
        where metric_id = '{{ column.metric_id }}' and definition_group = '{{ column.definition_group }}'
    ) as {{ column.name }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The names of the value columns, for the outer select. #}
{% macro wide_value_names(alias) -%}
    {%- for column in wide_columns() %}
        {{ alias }}.{{ column.name }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
