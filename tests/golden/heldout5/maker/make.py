"""Makes the pages and the answers of this folder: the writer of the fourth set with the texts and frames of this folder.

``python -m tests.golden.heldout5.maker.make PLACES...`` with the division tables (units.csv, towns.csv).
"""

from __future__ import annotations

import contextlib
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


@contextlib.contextmanager
def lent() -> Iterator[None]:
    """The writer with the folder, the frames and the units of this set; as it was afterwards."""
    before = (writer.HERE, writer.OUT, writer.UNITS)
    writer.answer_of = answer_of
    writer.HERE, writer.OUT, writer.UNITS = HERE, HERE.parent, f"{writer.UNITS}|则|项"
    markup.FRAMES.update(frames.FRAMES)
    try:
        yield
    finally:
        writer.HERE, writer.OUT, writer.UNITS = before
        writer.answer_of = _answer
        for name in frames.FRAMES:
            del markup.FRAMES[name]


def main() -> None:
    with lent():
        writer.main()


if __name__ == "__main__":
    main()
