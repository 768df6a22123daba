{# Incremental models keep the rows of the build before, in tables that flows/base.py carries over with the stamps of that
   build (schema kept). A stamp says what the rows of a key are made of: where it differs, or the key is gone, its rows go
   and are made anew. A build without a base makes all rows. #}

{# For a pre-hook: deletes the rows of keys whose stamp is no longer that of the build before. #}
{% macro forget_changed(column, stamps, kind) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where {{ column }} in (
            select stamp_key from kept.{{ stamps }}
            anti join {{ ref(stamps) }} using (stamp_kind, stamp_key, stamp)
            where stamp_kind = '{{ kind }}'
        )
    {%- endif -%}
{%- endmacro %}

{# A condition (with the word before it): only keys that are new or have another stamp than in the build before. #}
{% macro if_changed(word, column, stamps, kind) -%}
    {#- while dbt reads the project, ref must be seen -#}
    {%- if not execute or is_incremental() -%}
        {{ word }} {{ column }} in (
            select stamp_key from {{ ref(stamps) }}
            anti join kept.{{ stamps }} using (stamp_kind, stamp_key, stamp)
            where stamp_kind = '{{ kind }}'
        )
    {%- endif -%}
{%- endmacro %}
