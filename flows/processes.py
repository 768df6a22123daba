"""Other processes of this machine."""

from __future__ import annotations

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs (it may be another one than was meant: numbers come again)."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def is_part_of_living(path: Path) -> bool:
    """Whether ``.<name>.<pid>.part`` is being written by a process that runs, another than this one."""
    number = path.name.removesuffix(".part").rpartition(".")[2]
    return number.isdecimal() and int(number) != os.getpid() and is_alive(int(number))
