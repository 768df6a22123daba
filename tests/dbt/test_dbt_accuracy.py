"""The measure of the catalogue's accuracy.csv stands with the metrics and the forms it is about."""

from __future__ import annotations

from world import Built

from scrapers.catalogue.loading import load_csv

ROWS = load_csv("accuracy.csv")


def _row(form: str, basis: str, metric: str) -> dict[str, str]:
    return next(row for row in ROWS if (row["form"], row["basis"], row["metric_id"]) == (form, basis, metric))


def test_a_metric_has_its_measure(world: Built) -> None:
    wanted = _row("*", "narrative", "requests_received_new")
    sql = """
        select narrative_sample_size, narrative_precision, narrative_recall, cast(accuracy_measured_on as varchar),
            accuracy_set, accuracy_reader_version
        from marts.dim_metrics where metric_id = 'requests_received_new'
    """
    size, precision, recall, day, name, reader = world.rows(sql)[0]
    assert (size, precision, recall) == (
        int(wanted["sample_size"]), float(wanted["precision"]), float(wanted["recall"])
    )  # fmt: skip
    assert (day, name, reader) == (wanted["measured_on"], wanted["set"], wanted["reader_version"])


def test_a_metric_has_its_measure_by_form(world: Built) -> None:
    sql = """
        select one.form_id, one.basis, one.sample_size, one.recall_share
        from (select unnest(accuracy_by_form) as one from marts.dim_metrics where metric_id = 'requests_received_new')
    """
    wanted = [
        (row["form"], row["basis"], int(row["sample_size"]), float(row["recall"]) if row["recall"] else None)
        for row in ROWS
        if row["metric_id"] == "requests_received_new" and row["form"] != "*"
    ]
    assert sorted(world.rows(sql)) == sorted(wanted)


def test_what_was_not_measured_has_no_figure(world: Built) -> None:
    measured = {row["metric_id"] for row in ROWS}
    sql = """
        select metric_id, coalesce(table_sample_size, narrative_sample_size), len(accuracy_by_form) from marts.dim_metrics
    """
    for metric, size, forms in world.rows(sql):
        assert (size is not None) == (forms > 0) == (metric in measured), metric


def test_a_form_has_the_measure_of_all_its_values(world: Built) -> None:
    size, recall = world.rows("select table_sample_size, table_recall from marts.dim_forms where form_id = 'F2021'")[0]
    wanted = _row("F2021", "table", "*")
    assert (size, recall) == (int(wanted["sample_size"]), float(wanted["recall"]))
