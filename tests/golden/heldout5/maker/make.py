"""Makes the pages and the answers of this folder: the writer of the fourth set with the texts and frames of this folder.

``python -m tests.golden.heldout5.maker.make PLACES...`` with the division tables (units.csv, towns.csv).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.golden.heldout4.maker import make as writer
from tests.golden.heldout4.maker import markup
from tests.golden.heldout5.maker import frames

HERE = Path(__file__).resolve().parent


@contextlib.contextmanager
def lent() -> Iterator[None]:
    """The writer with the folder, the frames and the units of this set; as it was afterwards."""
    before = (writer.HERE, writer.OUT, writer.UNITS)
    writer.HERE, writer.OUT, writer.UNITS = HERE, HERE.parent, f"{writer.UNITS}|则|项"
    markup.FRAMES.update(frames.FRAMES)
    try:
        yield
    finally:
        writer.HERE, writer.OUT, writer.UNITS = before
        for name in frames.FRAMES:
            del markup.FRAMES[name]


def main() -> None:
    with lent():
        writer.main()


if __name__ == "__main__":
    main()
