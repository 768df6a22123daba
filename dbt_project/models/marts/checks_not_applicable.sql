select
    reports.report_id,
    checks.check_id,
    case
        when reports.report_format is null then 'form_unknown'
        when not list_contains(checks.forms, reports.report_format) then 'other_form'
        when checks.between_reports = 'years' then 'no_report_of_the_year_before'
        when checks.between_reports in ('child', 'children') then 'no_report_of_a_part'
        when checks.terms_are = 'words' then 'not_in_words_and_table'
        when checks.terms_are = 'shares' then 'no_share_of_a_total'
        else 'other_variant_of_the_form'
    end as reason_code,
    reports.data_origin
from {{ ref('fct_reports') }} as reports
-- no cross join: the database prints one as a comma, which binds otherwise when the view is copied
inner join {{ ref('dim_checks') }} as checks
    on reports.document_kind = 'annual_report'
anti join {{ ref('fct_check_results') }} as results
    on
        reports.report_id = results.report_id
        and checks.check_id = results.check_id
