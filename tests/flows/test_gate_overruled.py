"""What the gate refused, a person may publish: every refusal of that, and what stands on the record afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import flow_fakes as fakes
import pytest
from typer.testing import CliRunner

from flows import cli
from flows.faults import GateRefused
from flows.published import builds, drop_unfinished, published_build, roll_back
from flows.warehouse.places import UNFINISHED, Places
from flows.warehouse.store import connect
from scrapers.version import READER_VERSION

HOSTILE = '<script>alert("县")</script>'


def gate_that_refuses_two(*_: object) -> list[fakes.Result]:
    """Two rules block, one warns, one passes; 25 rows of the first are kept."""
    kept = tuple(json.dumps({"report_id": f"r{number}", "title": HOSTILE, "value": None}) for number in range(25))
    return [
        fakes.Result(
            success=False, observed="30 failing rows", unexpected_count=30, sample_rows=f"[{', '.join(kept[:20])}]",
            kept_rows=kept, description="没有遗漏 / nothing is lost", because="a reason of limits",
        ),
        fakes.Result("ranges", success=False, unexpected_count=1, sample_rows='[{"value": 1.5}]'),
        fakes.Result("few_reports", "warn", success=False, unexpected_count=2),
        fakes.Result("counts_agree", suite="raw"),
    ]  # fmt: skip


class Warehouse:
    """A warehouse with one published build, and a second one that the gate refused."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder / "warehouse")
        self.pages = folder / "pages"
        there = [build.build_id for build in builds(self.places)]
        if not there:
            fakes.write_pages(self.pages)
            there = [self.run().build_id or ""]
            fakes.write_pages(self.pages, 1, first=100)
            there.append(self.refuse())
        self.first, self.refused = there

    def run(self, gate: object = fakes.gate_that_passes) -> fakes.Summary:
        return fakes.run_fake(self.places.root, self.pages, gate, READER_VERSION)  # type: ignore[arg-type]

    def refuse(self, gate: object = gate_that_refuses_two) -> str:
        with pytest.raises(GateRefused, match=r"refused build .*gate\.html"):
            self.run(gate)
        return builds(self.places)[-1].build_id

    def gongkai(self, *arguments: str) -> tuple[int, str]:
        ended = CliRunner().invoke(
            cli.app, [*arguments, "--warehouse", str(self.places.root)], env={"COLUMNS": "160", "TERM": "dumb"}
        )
        return ended.exit_code, " ".join((ended.stdout + ended.stderr).split())

    def accept(self, *checks: str, reason: str = "counted by hand") -> tuple[int, str]:
        named = [word for check in checks for word in ("--accept", check)]
        return self.gongkai("publish", *named, "--reason", reason, "--by", "Li Si")

    def published(self) -> str:
        current = published_build(self.places)
        assert current is not None
        return current.build_id

    def status(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.places.status.read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("refused")
    Warehouse(folder)
    return folder


@pytest.fixture
def warehouse(original: Path, tmp_path: Path) -> Warehouse:
    shutil.copytree(original, tmp_path / "copy", symlinks=True)
    return Warehouse(tmp_path / "copy")


BOTH = ("marts.counts_reconcile", "ranges")


def test_a_refused_build_has_a_page_that_says_what_to_do(warehouse: Warehouse) -> None:
    assert warehouse.published() == warehouse.first
    folder = warehouse.places.builds / warehouse.refused
    page = (folder / "gate.html").read_text(encoding="utf-8")
    for words in (
        "拒绝发布", "Refused", "nothing is lost", "gongkai publish --warehouse DIR --accept marts.counts_reconcile",
        "the first 20 of 30 rows", "a reason of limits", f"<dd>{warehouse.first}</dd>", 'href="manifest.json"',
    ):  # fmt: skip
        assert words in page, words
    assert "<script" not in page and "&lt;script&gt;" in page
    assert warehouse.status()["last_run"]["gate_page"].endswith(f"{warehouse.refused}/gate.html")  # type: ignore[index]
    code, out = warehouse.gongkai("status")
    assert code == 0 and "gate.html" in out
    code, out = warehouse.gongkai("gate")
    assert code == 0
    assert out.index("block: marts.counts_reconcile") < out.index("block: marts.ranges") < out.index("warn: marts.few")
    assert "r4" in out and "r5" not in out and "gate.html" in out
    assert "r24" in warehouse.gongkai("gate", warehouse.refused[:20], "--check", "counts_reconcile", "--rows", "500")[1]
    assert "pass: raw.counts_agree" in warehouse.gongkai("gate", "--check", "raw.counts_agree", "--sql")[1]


def test_an_accepted_build_is_published_whole_and_on_the_record(warehouse: Warehouse) -> None:
    code, out = warehouse.accept(*BOTH)
    assert code == 0 and "Li Si accepted marts.counts_reconcile, marts.ranges: counted by hand" in out
    assert warehouse.published() == warehouse.refused
    folder = warehouse.places.published.resolve()
    assert not (folder / "build.duckdb").exists()
    assert [path.name for path in warehouse.places.builds.glob(".*")] == []
    query = "select suite, check_id, reason, accepted_by, unexpected_count, build_id from ops.gate_overrides order by 2"
    recorded = fakes.rows(warehouse.places.landing, query)
    assert recorded == [
        ("marts", "counts_reconcile", "counted by hand", "Li Si", 30, warehouse.refused),
        ("marts", "ranges", "counted by hand", "Li Si", 1, warehouse.refused),
    ]
    assert fakes.rows(warehouse.places.published_db, query) == recorded
    rows = "select count(*) from ops.gate_rows where check_id = 'counts_reconcile'"
    assert fakes.rows(warehouse.places.published_db, rows) == [(25,)]
    runs = f"select flow, outcome from ops.runs where build_id = '{warehouse.refused}' order by run_id"
    assert fakes.rows(warehouse.places.published_db, runs) == [("refresh", "refused"), ("publish", "published")]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outcome"] == "published"
    assert [one["reason"] for one in manifest["gate"]["accepted"]] == ["counted by hand"] * 2
    assert manifest["row_counts"]["marts.fct_reports"] == 6
    page = (folder / "gate.html").read_text(encoding="utf-8")
    assert "经人工批准发布" in page and "Li Si" in page and "counted by hand" in page and "--accept" not in page
    assert "published on a person&#x27;s word" not in page
    assert "Li Si accepted" in warehouse.gongkai("gate")[1]
    last = warehouse.status()["last_run"]
    assert (last["flow"], last["outcome"]) == ("publish", "published")  # type: ignore[index]


def test_the_acceptance_counts_for_that_build_only(warehouse: Warehouse) -> None:
    assert warehouse.accept(*BOTH)[0] == 0
    assert warehouse.run(gate_that_refuses_two).outcome == "unchanged"
    fakes.write_pages(warehouse.pages, 1, first=200)
    again = warehouse.refuse()
    assert warehouse.published() == warehouse.refused != again
    page = (warehouse.places.builds / again / "gate.html").read_text(encoding="utf-8")
    assert "Li Si" not in page
    done = warehouse.run()
    assert done.outcome == "published"
    assert fakes.rows(warehouse.places.published_db, "select count(*) from ops.gate_overrides") == [(2,)]


@pytest.mark.parametrize(
    ("checks", "reason", "code", "words"),
    [
        ((), "right", 2, "--accept CHECK is missing"),
        (BOTH, "  ", 2, "--reason TEXT is empty"),
        (("no_such_rule", *BOTH), "right", 2, "no rule 'no_such_rule'; those that blocked: marts.counts_reconcile"),
        (("few_reports", *BOTH), "right", 2, "only warned"),
        (("raw.counts_agree", *BOTH), "right", 2, "did not fail"),
        (("ranges",), "right", 3, "marts.counts_reconcile blocked too and is not accepted"),
    ],
)
def test_words_that_accept_nothing(
    warehouse: Warehouse, checks: tuple[str, ...], reason: str, code: int, words: str
) -> None:
    found, said = warehouse.accept(*checks, reason=reason)
    assert (found, words in said) == (code, True), said
    _nothing_happened(warehouse)


def _nothing_happened(warehouse: Warehouse) -> None:
    assert warehouse.published() == warehouse.first
    assert (warehouse.places.builds / warehouse.refused / "build.duckdb").is_file()
    assert fakes.rows(warehouse.places.landing, "select count(*) from ops.gate_overrides") == [(0,)]


def test_what_has_changed_since_cannot_be_accepted(warehouse: Warehouse) -> None:
    with connect(warehouse.places.landing) as con:
        con.execute("update raw.documents set landed_seq = landed_seq + 1 where landed_seq = 6")
    code, said = warehouse.accept(*BOTH)
    assert code == 3 and "have changed since" in said
    _nothing_happened(warehouse)


def test_a_build_that_was_touched_cannot_be_accepted(warehouse: Warehouse) -> None:
    gate = warehouse.places.builds / warehouse.refused / "gate.json"
    gate.write_text(gate.read_text(encoding="utf-8").replace('"success": false', '"success": true'), encoding="utf-8")
    code, said = warehouse.accept(*BOTH)
    assert code == 3 and "not as the run left it" in said
    _nothing_happened(warehouse)


def test_after_a_rollback_the_comparison_is_another(warehouse: Warehouse) -> None:
    second = fakes.publish_again(warehouse.places)
    assert warehouse.accept(*BOTH)[0] == 2, "a newer build passed"
    warehouse.refused = warehouse.refuse()
    roll_back(warehouse.places, warehouse.first)
    code, said = warehouse.accept(*BOTH)
    assert code == 3 and f"compared with {second}" in said
    _nothing_happened(warehouse)


def test_nothing_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    assert warehouse.run().outcome == "published"
    code, said = warehouse.accept(*BOTH)
    assert code == 2 and "passed the gate" in said
    warehouse.places = Places(tmp_path / "elsewhere")
    code, said = warehouse.accept(*BOTH)
    assert code == 2 and "no run has ended there" in said


def test_a_refused_build_that_was_giving_way_comes_back(warehouse: Warehouse) -> None:
    folder = warehouse.places.builds / warehouse.refused
    folder.replace(warehouse.places.builds / f"{UNFINISHED}replaced-{warehouse.refused}")
    drop_unfinished(warehouse.places)
    assert (folder / "build.duckdb").is_file()
    assert warehouse.accept(*BOTH)[0] == 0
