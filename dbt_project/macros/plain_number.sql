{# A number for a sentence: 18, not 18.0; NULL for NULL. #}
{% macro plain_number(column) -%}
    if({{ column }} = floor({{ column }}), cast(cast({{ column }} as bigint) as varchar), cast({{ column }} as varchar))
{%- endmacro %}
