"""Version 3 → 4: what had landed before is counted once, and the gate reconciles it from then on."""

from __future__ import annotations

from pathlib import Path

import flow_fakes as fakes

from flows.warehouse.places import Places
from flows.warehouse.store import SCHEMA_VERSION, connect, prepare


def test_counts_of_an_older_database_are_taken_from_what_it_holds(tmp_path: Path) -> None:
    places = Places(tmp_path / "warehouse")
    fakes.run_fake(places.root, fakes.write_pages(tmp_path / "pages"))
    readings = "select document_id, gap_count, share_count, has_text from raw.readings order by 1"
    sums = "sum(attempts), sum(contents), sum(documents), sum(archive_records)"
    batches = f"select run_id, {sums} from ops.landed_batches group by 1"
    now = fakes.rows(places.landing, readings), fakes.rows(places.landing, batches)
    assert now[0][0][1:] == (0, 0, True) and now[1][0][1:4] == (5, 5, 5)
    with connect(places.landing) as con:
        con.execute("drop table ops.landed_batches")
        con.execute("drop table ops.gate_overrides")
        for column in ("gap_count", "share_count", "has_text"):
            con.execute(f"alter table raw.readings drop column {column}")
        con.execute("alter table raw.texts drop column cell_count")
        con.execute("delete from ops.schema_version")
        con.execute("insert into ops.schema_version values (3, now())")
    prepare(places, "real")
    assert (fakes.rows(places.landing, readings), fakes.rows(places.landing, batches)) == now
    assert fakes.rows(places.landing, "select max(version) from ops.schema_version") == [(SCHEMA_VERSION,)]
