"""Two people read every page of the corpus; nothing on which they differ is left undecided."""

from __future__ import annotations

import copy
from collections import Counter

import pytest
import yaml

from tests.golden.corpus.second import compare

DECISIONS = yaml.safe_load((compare.HERE / "decisions.yaml").read_text(encoding="utf-8"))
VERDICTS = {"answer", "second", "opinion"}


def test_every_page_was_read_twice() -> None:
    assert compare.load(compare.HERE).keys() == compare.load(compare.CORPUS).keys()


def test_no_disagreement_is_undecided() -> None:
    print("compared:", dict(compare.compared()))
    print("at first:", dict(Counter(entry["kind"] for entry in DECISIONS)))
    print("decided: ", dict(Counter(entry["verdict"] for entry in DECISIONS)))
    print("open:    ", dict(compare.counts()))
    assert compare.disagreements() == []


def test_decisions_name_a_page_a_verdict_and_a_reason() -> None:
    pages = compare.both()
    assert all(entry["page"] in pages and entry["verdict"] in VERDICTS and entry["why"] for entry in DECISIONS)


def test_readme_has_the_counts_of_the_decisions() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (compare.HERE / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    table = {row[0]: row[1:] for row in rows if len(row) == 5}
    kinds = {entry["kind"] for entry in DECISIONS}
    for kind in [*kinds, "all"]:
        of_kind = Counter(entry["verdict"] for entry in DECISIONS if kind in (entry["kind"], "all"))
        assert table[kind] == [str(of_kind.total()), *(str(of_kind[v]) for v in ("answer", "second", "opinion"))], kind


@pytest.mark.parametrize(
    ("part", "key", "kind"),
    [("phone", None, "phone"), ("figures", "value", "figure value"), ("figures", "unit", "figure unit"),
     ("figures", "qualifier", "figure qualifier"), ("figures", "value_state", "figure value_state"),
     ("row_totals", "outcomes_total", "row total"), ("cells", "review_total", "cell")],
)  # fmt: skip
def test_a_slip_in_the_second_reading_is_seen(part: str, key: str | None, kind: str) -> None:
    first, second = copy.deepcopy(compare.both()["34_cangnan_2019"])
    if key is None:
        second[part] = "1"
    elif part == "figures":
        second[part][0][key] = "other"
    else:
        second[part][key] += 1
    parts = (compare.of_identity(first, second), compare.of_figures(first, second), compare.of_tables(first, second))
    assert [seen for found in parts for seen, _ in found] == [kind]


def test_a_figure_left_out_or_added_is_seen() -> None:
    first, second = copy.deepcopy(compare.both()["34_cangnan_2019"])
    dropped = second["figures"].pop()
    second["figures"].append(dropped | {"metric_id": "appeals_total"})
    assert [kind for kind, _ in compare.of_figures(first, second)] == [
        "figure not in the second",
        "figure not in the first",
    ]
