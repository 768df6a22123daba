{# invented_sample or published_reports: whether the figures of this build are real; a column of every mart. #}
{% macro data_origin() -%}
    cast('{{ var("data_origin") }}' as varchar)
{%- endmacro %}

{# Comments of tables say where the figures come from, before the description. #}
{% macro duckdb__alter_relation_comment(relation, comment) %}
    {%- set origins = {
        'invented_sample': '[示例数据,数字为虚构 / invented sample figures] ',
        'published_reports': '[已发布的年度报告 / published reports] ',
    } -%}
    {%- set text = origins.get(var('data_origin'), '') ~ comment -%}
    comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(text) }};
{% endmacro %}
