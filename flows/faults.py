"""Faults that a person can act on: one sentence, and the exit code of the command."""

from __future__ import annotations


class Fault(Exception):
    """Something that went wrong in an expected way; its text is one sentence for people."""

    exit_code = 1


class PassingFault(Fault):
    """Something that is likely to pass by itself, such as a file that another program holds: worth another try."""


class UsageFault(Fault):
    """The command was asked for something that cannot be: a folder that is not there, the wrong kind of warehouse."""

    exit_code = 2


class GateRefused(Fault):
    """The gate refused the build; what was published before stays."""

    exit_code = 3


def is_interruption(error: BaseException) -> bool:
    """Whether someone pressed Ctrl-C: within a query DuckDB makes a RuntimeError of it."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    )
