"""Checks pages against answers as the fifth set does: ``python -m tests.golden.heldout9.check``."""

from __future__ import annotations

from pathlib import Path

from tests.golden.heldout5 import check as fifth

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    fifth.HERE = HERE
    fifth.main()
