-- The days that MetricFlow needs to be there, from the first year that a form is about; reports know years only.
select cast(unnest(generate_series(date '2008-01-01', date '2049-12-31', interval 1 day)) as date) as date_day
