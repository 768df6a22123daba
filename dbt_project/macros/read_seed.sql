{# A seed of the catalogue as varchar columns; an empty cell is NULL. #}
{% macro read_seed(name) -%}
    read_csv(
        '{{ env_var("GONGKAI_SEEDS_DIR", "seeds") | replace("'", "''") }}/{{ name }}.csv',
        header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', nullstr = ''
    )
{%- endmacro %}
