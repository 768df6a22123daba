"""The catalogue: complete against the official forms, and an error says where to mend it."""

from __future__ import annotations

import pytest

from scrapers.catalogue import CatalogueError, load_catalogue
from scrapers.catalogue.loading import catalogue_text, load_yaml
from scrapers.catalogue.schema import Form, Metrics, Units
from scrapers.extract.rules import rules


def test_the_forms_have_the_fields_of_the_official_notices() -> None:
    forms = load_catalogue().forms
    counts = {form: len([field for field in forms[form].values() if not field.variant]) for form in forms}
    assert counts == {"F2008": 39, "F2014": 58, "F2019": 60, "F2021": 52}
    assert len([field for field in forms["F2014"].fields if field.header]) == 7
    assert len(forms["F2019"].values("T3")) == 23
    assert len([field for field in forms["F2021"].values("T3") if not field.variant]) == 25
    assert [len(forms[form].values("T4")) for form in ("F2019", "F2021")] == [15, 15]


def test_what_the_crosswalk_forbids_shares_no_group() -> None:
    catalogue = load_catalogue()
    for metric, older, newer in [
        ("refused_total", "F2014", "F2021"), ("refused_total", "F2008", "F2014"), ("normative_docs_issued", "F2019", "F2021"),
        ("rules_issued", "F2019", "F2021"), ("outcome_disclosed_full", "F2014", "F2019"),
        ("unable_unclear_after_correction", "F2008", "F2019"),
    ]:  # fmt: skip
        assert catalogue.group_of(metric, older, metric) != catalogue.group_of(metric, newer, metric), metric
    fees = {"foi_fees_collected", "admin_fees_amount", "admin_fees_items_previous_year", "admin_fees_items_change"}
    assert fees <= set(catalogue.metrics), "three quantities under similar words are three metrics"


def test_a_part_of_a_sum_is_in_a_group_of_its_own() -> None:
    catalogue = load_catalogue()
    assert catalogue.group_of("unable_not_held", "F2014", "reply_info_not_exist") == "reply_info_not_exist"
    assert catalogue.group_of("unable_not_held", "F2021", "unable_not_held") == "all"


def test_an_unknown_key_is_named_with_file_and_line() -> None:
    text = catalogue_text("forms/f2021.yaml").replace("verified: page}", "verifed: page}", 1)
    with pytest.raises(CatalogueError, match=r"forms/f2021.yaml, line \d+: .*verifed"):
        load_yaml("forms/f2021.yaml", Form, text)


def test_a_wrong_value_is_named_with_file_and_line() -> None:
    with pytest.raises(CatalogueError, match=r"units.yaml, line 3: units.1.factor"):
        load_yaml(
            "units.yaml",
            Units,
            "units:\n- {class: count, factor: 1, names: [件]}\n- {class: money, factor: many, names: [元]}\n",
        )
    with pytest.raises(CatalogueError, match=r"metrics.yaml, line 2: not valid YAML"):
        load_yaml("metrics.yaml", Metrics, "metrics:\n- [")


def test_every_rule_reads_a_metric_of_the_catalogue() -> None:
    known = load_catalogue().metrics
    assert {rule.metric for rule in rules()} <= set(known)
    assert all(rule.entry.anchors for rule in rules())
