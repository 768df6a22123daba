{# The value columns of the reports of a wide mart: one per metric and definition group (see wide_columns, generated from the
   catalogue). A pivot with its columns written out: five times faster than an aggregate a column. #}
{% macro wide_values(reports) -%}
    select *
    from (
        pivot (
            select
                choices.report_id,
                columns.column_name,
                choices.value_used
            from {{ ref('int_metric_choices') }} as choices
            inner join (
                values
    {%- for column in wide_columns() %}
                ('{{ column.metric_id }}', '{{ column.definition_group }}', '{{ column.name }}'){{ "," if not loop.last }}
    {%- endfor %}
            ) as columns (metric_id, definition_group, column_name)
                on
                    choices.metric_id = columns.metric_id
                    and choices.definition_group = columns.definition_group
            where choices.report_id in (select report_id from {{ reports }})
        )
        on column_name in (
    {%- for column in wide_columns() %}
            '{{ column.name }}'{{ "," if not loop.last }}
    {%- endfor %}
        )
        using max(value_used)
        group by report_id
    )
{%- endmacro %}

{# The names of the value columns, for the outer select. #}
{% macro wide_value_names(alias) -%}
    {%- for column in wide_columns() %}
        {{ alias }}.{{ column.name }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# Whom a report stands for. Whole areas and townships stand for themselves; departments and other own-agency reports stand
   under an agency's name; where the scope is not known, for nobody. #}
{% macro wide_mart_of(alias) -%}
    case
        when {{ alias }}.agency_name is not null then 'agency'
        when {{ alias }}.scope = 'whole_area' or {{ alias }}.jurisdiction_level = 'township' then 'jurisdiction'
        when {{ alias }}.scope = 'own_agency' then 'agency'
    end
{%- endmacro %}

{# The name of that agency: where the page names none, that of the issuer, else of the place. #}
{% macro wide_agency_of(alias) -%}
    case
        when {{ alias }}.agency_name is not null then {{ alias }}.agency_name
        when {{ alias }}.scope = 'own_agency' and {{ alias }}.jurisdiction_level <> 'township'
            then coalesce({{ alias }}.issuer, {{ alias }}.jurisdiction_name)
    end
{%- endmacro %}
