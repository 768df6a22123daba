{# How many units of a group are expected and, of these, how many are in which state; for the views of the coverage. #}
{% macro coverage_counts() -%}
    count(*) filter (where is_expected) as expected_units,
    count(*) filter (where is_expected and reports_found > 0) as found_units,
    count(*) filter (where is_expected and reports_read > 0) as read_units,
    count(*) filter (where is_expected and coverage_state = 'valid') as valid_units,
    count(*) filter (where is_expected and is_gone) as gone_units,
    count(*) filter (where is_expected and is_blocked) as blocked_units,
    count(*) filter (where is_expected and coverage_state = 'not_found') as not_found_units,
    count(*) filter (where not is_expected and reports_found > 0) as unexpected_units
{%- endmacro %}

{# The same counts and shares for the outer select. Where nothing is expected nothing can be missing: NULL, not 0. #}
{% macro coverage_columns(alias) -%}
    nullif({{ alias }}.expected_units, 0) as expected_units,
    {%- for name in ['found', 'read', 'valid', 'gone', 'blocked', 'not_found'] %}
    if({{ alias }}.expected_units > 0, {{ alias }}.{{ name }}_units, null) as {{ name }}_units,
    {%- endfor %}
    nullif({{ alias }}.unexpected_units, 0) as unexpected_units,
    {%- for name in ['found', 'read', 'valid'] %}
    round(100.0 * {{ alias }}.{{ name }}_units / nullif({{ alias }}.expected_units, 0), 1) as {{ name }}_percent{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
