{# Incremental models keep the rows of the build before, in tables that flows/base.py carries over with the stamps of that
   build (schema kept). A stamp says what a key's rows are made of: where it differs, or the key is gone, its rows go and
   are made anew. A build without a base makes all rows and never comes here. #}

{# In a pre-hook: deletes the rows of keys whose stamp is no longer that of the build before. #}
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

{# The keys whose rows are to be made: all, or those that are new or have another stamp than in the build before. #}
{% macro keys_to_make(stamps, kind) -%}
    select stamp_key from {{ ref(stamps) }}
    {% if is_incremental() -%}
    anti join kept.{{ stamps }} using (stamp_kind, stamp_key, stamp)
    {% endif -%}
    where stamp_kind = '{{ kind }}'
{%- endmacro %}
