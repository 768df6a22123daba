{# invented_sample or published_reports: whether the figures of this build are real; a column of every mart. #}
{% macro data_origin() -%}
    cast('{{ var("data_origin") }}' as varchar)
{%- endmacro %}
