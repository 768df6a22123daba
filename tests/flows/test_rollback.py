"""A rollback stays while nothing changes; what the database says is told as what it is."""

from __future__ import annotations

import json
from pathlib import Path

import flow_fakes as fakes
import pytest

from flows import stages
from flows.faults import Fault, PassingFault
from flows.published import published_build, roll_back
from flows.warehouse.places import Places
from flows.warehouse.store import connect


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Three builds, the third published."""
    places = Places(tmp_path / "warehouse")
    for count in (1, 2, 3):
        assert fakes.run_fake(places.root, fakes.write_pages(tmp_path / "pages", count)).outcome == "published"
    return places


def _shown(places: Places) -> str:
    current = published_build(places)
    assert current is not None
    return current.build_id


def test_a_rollback_stays_until_something_changes(places: Places, tmp_path: Path) -> None:
    chosen = roll_back(places, None).build_id
    for _ in range(2):
        again = fakes.run_fake(places.root, tmp_path / "pages")
        assert (again.outcome, again.build_id, _shown(places)) == ("unchanged", chosen, chosen)
        assert again.message and chosen in again.message and "until pages, code or models change" in again.message
    fakes.write_pages(tmp_path / "pages", 4)
    assert fakes.run_fake(places.root, tmp_path / "pages").outcome == "published"
    assert _shown(places) > chosen
    fakes.write_pages(tmp_path / "pages", 4)
    assert fakes.run_fake(places.root, tmp_path / "pages").message is None


def test_two_rollbacks_and_one_forward(places: Places, tmp_path: Path) -> None:
    newest = _shown(places)
    roll_back(places, None)
    oldest = roll_back(places, None).build_id
    assert fakes.run_fake(places.root, tmp_path / "pages").outcome == "unchanged"
    assert _shown(places) == oldest
    roll_back(places, newest)
    forward = fakes.run_fake(places.root, tmp_path / "pages")
    assert (forward.outcome, _shown(places)) == ("unchanged", newest)


def test_a_note_that_cannot_be_read_or_speaks_of_another_build_does_nothing(places: Places, tmp_path: Path) -> None:
    chosen = roll_back(places, None).build_id
    note = json.loads(places.rollback.read_text(encoding="utf-8"))
    assert note["published"] == chosen
    for text in ("", "[]", json.dumps({**note, "published": "another"})):
        roll_back(places, chosen)
        places.rollback.write_text(text, encoding="utf-8")
        assert fakes.run_fake(places.root, tmp_path / "pages").outcome == "published"
        roll_back(places, chosen)


def test_ctrl_c_inside_the_database_is_told_as_such(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB makes a RuntimeError of it."""

    def interrupted(*_: object) -> None:
        with connect(places.landing):
            raise RuntimeError("Query interrupted")

    monkeypatch.setattr(stages, "input_fingerprint", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fakes.run_fake(places.root, tmp_path / "pages")
    said = fakes.rows(places.landing, "select message from ops.runs order by started_at desc limit 1")
    assert said == [("stopped by hand (Ctrl-C)",)]
    assert json.loads(places.status.read_text(encoding="utf-8"))["last_run"]["message"] == said[0][0]


def test_a_damaged_database_is_no_fault_that_passes(places: Places, tmp_path: Path) -> None:
    """Else a scheduled run would wait a day for it to heal: DuckDB speaks of a *block* there."""
    whole = places.landing.read_bytes()
    places.landing.write_bytes(whole[:12288] + bytes(byte ^ 1 for byte in whole[12288:]))
    with pytest.raises(Fault, match="checksum") as raised, connect(places.landing):
        pass
    assert not isinstance(raised.value, PassingFault)
