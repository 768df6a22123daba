"""Makes the pages and the answers of this folder: the writer of the fourth set with the texts and frames of this folder.

``python -m tests.golden.heldout5.maker.make PLACES...`` with the division tables (units.csv, towns.csv); with
``--set tests/golden/heldout6`` (to 9) those of a later set, whose texts are written in the same way.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.golden.heldout4.maker import make as writer
from tests.golden.heldout4.maker import markup
from tests.golden.heldout5.maker import frames
from tests.golden.sample.answers import expected_values

HERE = Path(__file__).resolve().parent
# Parts and by-figures in words, which one careful person records and the next leaves.
PARTS = [
    *(f"{case}_{result}" for case in ("review", "litigation") for result in ("upheld", "corrected", "other")),
    "outcomes_total", "refused_total", "unable_not_held", "visitors_received", "web_column_visits", "foi_budget",
    "requests_concluded_on_time",
]  # fmt: skip
_answer = writer.answer_of


def answer_of(
    name: str, spec: dict[str, Any], rows: list[dict[str, Any]], where: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The answer, with what may stand beside it: nothing that it states or forbids."""
    answer = _answer(name, spec, rows, where)
    tolerated = list(answer["tolerated"])
    if answer["document_kind"] == "annual_report":
        tolerated += PARTS
    if any(f["metric_id"] == "foi_processing_fee_amount" for f in answer["figures"]):
        tolerated.append("foi_fees_collected")
    stated = {name for v in expected_values(answer) for name in (v.metric_id, v.field_id)} | set(answer["missing"])
    answer["tolerated"] = sorted({m for m in tolerated if m not in stated})
    return answer


def set_folder() -> Path:
    """The folder of the set that is asked for with ``--set``, which is taken off the command line; else this set's."""
    if "--set" not in sys.argv:
        return HERE.parent
    place = sys.argv.index("--set")
    folder = Path(sys.argv[place + 1]).resolve()
    del sys.argv[place : place + 2]
    return folder


@contextlib.contextmanager
def lent(folder: Path = HERE.parent) -> Iterator[None]:
    """The writer with the folder, the frames and the units of a set; as it was afterwards."""
    before = (writer.HERE, writer.OUT, writer.UNITS)
    writer.answer_of = answer_of
    writer.HERE, writer.OUT, writer.UNITS = folder / "maker", folder, f"{writer.UNITS}|则|项"
    markup.FRAMES.update(frames.FRAMES)
    try:
        yield
    finally:
        writer.HERE, writer.OUT, writer.UNITS = before
        writer.answer_of = _answer
        for name in frames.FRAMES:
            del markup.FRAMES[name]


def main() -> None:
    with lent(set_folder()):
        writer.main()


if __name__ == "__main__":
    main()
