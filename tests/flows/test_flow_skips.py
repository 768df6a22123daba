"""An unlisted skip fails the run in CI, and only there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_CONFTEST = Path(__file__).parent.parent / "conftest.py"
_TEST = 'import pytest\ndef test_a():\n    pytest.skip("no browser")\ndef test_b():\n    pass\n'


@pytest.mark.parametrize(
    ("ci", "skips", "code"),
    [("true", "", 1), ("", "", 0), ("true", "test_x.py::test_a: needs a browser\n", 0), ("true", "test_x*: x\n", 0)],
)
def test_unlisted_skip(ci: str, skips: str, code: int, tmp_path: Path) -> None:
    shutil.copy(_CONFTEST, tmp_path)
    (tmp_path / "skips.txt").write_text(f"# remark\n{skips}", encoding="utf-8")
    (tmp_path / "test_x.py").write_text(_TEST, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        env={**os.environ, "CI": ci},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stdout
    assert ("test_x.py::test_a: Skipped: no browser" in ended.stdout) == (code == 1)
