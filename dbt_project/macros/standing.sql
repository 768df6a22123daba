{# Whom a report stands for. Whole areas and townships stand for themselves; departments and other own-agency reports stand under an
   agency's name; where the scope is not known, for nobody. #}
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
