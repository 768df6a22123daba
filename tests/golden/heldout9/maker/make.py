"""Makes the pages and the answers of this folder with the writer of the fifth set.

``python -m tests.golden.heldout9.maker.make PLACES...`` with the division tables (units.csv, towns.csv).
"""

from __future__ import annotations

from pathlib import Path

from tests.golden.heldout5.maker import make as fifth

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    fifth.HERE = HERE
    fifth.main()
