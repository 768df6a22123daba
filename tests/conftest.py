"""In CI a test may be skipped only where tests/skips.txt lists it with a reason; GONGKAI_ settings of the shell are off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SKIPS = Path(__file__).with_name("skips.txt")
_unlisted: list[str] = []

for _name in [name for name in os.environ if name.startswith("GONGKAI_")]:
    del os.environ[_name]


def listed_skips(text: str) -> dict[str, str]:
    """Test ids (or beginnings of ids that end in *) with their reasons: one ``id: reason`` a line, # for remarks."""
    listed = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            test, separator, reason = line.partition(": ")
            if not separator or not reason.strip():
                raise pytest.UsageError(f"tests/skips.txt: no reason after ': ' in {line!r}")
            listed[test.strip()] = reason.strip()
    return listed


def is_listed(nodeid: str, listed: dict[str, str]) -> bool:
    """Whether the test, or a beginning of its id that ends in *, is listed."""
    return any(nodeid == test or (test.endswith("*") and nodeid.startswith(test[:-1])) for test in listed)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes skipped tests that are not listed (an expected failure is not a skip)."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _note(report.nodeid, report.longrepr)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Notes skipped modules that are not listed."""
    if report.skipped:
        _note(report.nodeid, report.longrepr)


def _note(nodeid: str, why: object) -> None:
    if not is_listed(nodeid, listed_skips(_SKIPS.read_text(encoding="utf-8"))):
        reason = why[2] if isinstance(why, tuple) else str(why)
        _unlisted.append(f"{nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI an unlisted skip makes the whole run fail."""
    if _unlisted and _in_ci() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which skips made the run fail."""
    if _unlisted and _in_ci():
        terminalreporter.section("skipped without a line in tests/skips.txt", red=True)
        for line in _unlisted:
            terminalreporter.line(line)
