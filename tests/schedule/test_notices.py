"""What people are told, and what they are not told."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from flows import notices, run_markdown
from flows.faults import Fault
from flows.history import Summary


def _summary(**changes: Any) -> Summary:
    return Summary("R1", "sources", "real", datetime.now(UTC), "v", **changes)


WAREHOUSE = Path("/somewhere/warehouse")


def test_nothing_to_tell_of_a_run_that_went_well() -> None:
    for outcome in ("published", "unchanged"):
        assert notices.notice_of(WAREHOUSE, "refresh", _summary(outcome=outcome), None) is None
    known = _summary(outcome="published", source_issues=["a: 0 reports found"])
    assert notices.notice_of(WAREHOUSE, "refresh", known, None) is None, "told when it was first noticed"


@pytest.mark.parametrize(
    ("changes", "title", "words"),
    [
        ({"outcome": "refused", "message": "counts_reconcile"}, "the gate refused the build", "counts_reconcile"),
        ({"outcome": "failed", "message": "dbt could not run"}, "the run failed", "dbt could not run"),
        ({"outcome": "cancelled", "message": "asked"}, "the run was stopped", "asked"),
        ({"outcome": "published", "new_issues": ["a: 0 reports"]}, "a source has gone quiet", "a: 0 reports"),
        ({"outcome": "published", "new_issues": ["a"] * 30}, "30 sources have gone quiet", "… and 20 more"),
        ({"outcome": "published", "crashed_before": ["R0"]}, "a run before crashed", "R0"),
    ],
)
def test_each_reason_has_its_words(changes: dict[str, Any], title: str, words: str) -> None:
    notice = notices.notice_of(WAREHOUSE, "refresh", _summary(**changes), None)
    assert notice is not None
    assert notice.title == f"Gongkai refresh: {title}"
    assert words in notice.body
    assert str(WAREHOUSE) in notice.body
    assert "R1" in notice.body
    assert len(notice.body) <= 1_500


def test_run_that_did_not_begin() -> None:
    notice = notices.notice_of(WAREHOUSE, "refresh", None, Fault("Another run is still writing"))
    assert notice is not None
    assert "Another run is still writing" in notice.body


def test_notice_arrives_at_each_address(notices_hook: tuple[str, list[dict[str, Any]]]) -> None:
    address, taken = notices_hook
    taken.clear()
    assert notices.send(notices.Notice("标题 title", "body\nmore"), SecretStr(f"{address}, {address}"))
    assert [(one["title"], one["message"]) for one in taken] == [("标题 title", "body\nmore")] * 2


@pytest.mark.parametrize("address", ["json://127.0.0.1:9/secret-word", "nonsense://secret-word", "secret-word"])
def test_address_that_fails_is_a_warning_without_the_address(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not notices.send(notices.Notice("title", "body"), SecretStr(address))
    assert "not taken by address 1" in caplog.text
    assert "secret-word" not in "".join(
        r.getMessage() for r in caplog.records if r.name.startswith(("gongkai", "apprise"))
    )


def test_without_an_address_nothing_is_sent() -> None:
    assert notices.send(notices.Notice("title", "body"), None)


def test_artifacts_show_text_of_pages_as_text() -> None:
    evil = "<script>alert(1)</script> | [x](http://evil.example) `a` ![](http://evil.example/p.png)\n# head"
    text = run_markdown.issues_text(_summary(source_issues=[evil], new_issues=[evil]))
    assert "<script>" not in text
    assert "](http" not in text
    assert "http://" not in text
    assert "\n# head" not in text
    assert len(text.splitlines()) == 5
    failed = [{"severity": "block", "suite": "s", "check_id": evil, "description": evil, "observed": evil}]
    assert "<script>" not in run_markdown.gate_text(_summary(failed_checks=failed), None)
    assert "<script>" not in run_markdown.summary_text(_summary(message=evil), None)
