"""The software: Python, and every package against the lock."""

from __future__ import annotations

import platform
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from flows.doctor.findings import Check, Finding, Patient, counted, fault, listed, ok, warning
from flows.settings import PROJECT

_PINNED = re.compile(r"^([A-Za-z0-9][^\\\n#]*==[^\\\n#]*)", re.MULTILINE)
_REASON = re.compile(r'^\s*"(?P<requirement>[^"]+)",?\s*#\s*(?P<reason>.+?)\s*$', re.MULTILINE)
_ANEW = "Set up again: rm -rf .venv && make setup."


def python(patient: Patient) -> Iterator[Finding]:
    """Python is one that the project runs on."""
    wanted, here = _project().get("requires-python", ">=3.11"), platform.python_version()
    if SpecifierSet(wanted).contains(here, prereleases=True):
        yield ok("python", f"Python {here} (wanted: {wanted}).")
    else:
        yield fault("python", f"Python {here} is not {wanted}.", "rm -rf .venv && make PYTHON=python3.11 setup")


def declared(patient: Patient) -> Iterator[Finding]:
    """Every dependency is there in a version that works; what is held back says why."""
    reasons = _reasons()
    held, wrong = [], 0
    for one in _declared():
        here, why = _version(one.name), reasons.get(one.name, "a dependency")
        if "held" in why or ";" in why:
            held.append(f"{one.name} {one.specifier} ({why.rpartition('; ')[2].removeprefix('held: ')})")
        if here is None:
            wrong += 1
            yield fault("declared", f"{one.name} is not installed ({why}).", _ANEW)
        elif not one.specifier.contains(here, prereleases=True):
            wrong += 1
            yield fault("declared", f"{one.name} {here} does not work, wanted is {one.specifier} ({why}).", _ANEW)
    if not wrong:
        yield ok("declared", f"All dependencies are within their bounds. Held back: {'; '.join(held) or 'none'}.")


def lock(patient: Patient) -> Iterator[Finding]:
    """Every package has the version that requirements.txt pins: those were tested together."""
    pinned = _pinned(PROJECT / "requirements.txt")
    if not pinned:
        yield warning(
            "lock", f"There is no requirements.txt in {PROJECT}, so versions were compared with declared bounds only.",
            "Work from a checkout: it pins every package.",
        )  # fmt: skip
        return
    here = {name: _version(name) for name in pinned}
    other = [
        f"{name} {here[name]} instead of {want}" for name, want in pinned.items() if here[name] not in {None, want}
    ]
    missing = [name for name in pinned if here[name] is None]
    if other:
        yield warning("lock", f"{counted(other, 'package')} not as in requirements.txt: {listed(other)}.", _ANEW)
    if missing:
        yield warning("lock", f"{counted(missing, 'package')} of requirements.txt missing: {listed(missing)}.", _ANEW)
    if not other and not missing:
        yield ok("lock", f"All {len(pinned)} packages are those of requirements.txt.")


def _project() -> dict[str, str]:
    return dict(_toml().get("project", {}))


def _toml() -> dict[str, dict[str, str]]:
    try:
        return tomllib.loads(_pyproject())
    except tomllib.TOMLDecodeError:
        return {}


def _pyproject() -> str:
    try:
        return (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _declared() -> list[Requirement]:
    texts = list(_project().get("dependencies", []))
    if not texts:
        try:
            texts = metadata.requires("gongkai") or []
        except metadata.PackageNotFoundError:
            texts = []
    found = [Requirement(text) for text in texts]
    return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def _reasons() -> dict[str, str]:
    return {Requirement(one["requirement"]).name: one["reason"] for one in _REASON.finditer(_pyproject())}


def _pinned(path: Path) -> dict[str, str]:
    """Name and version of each package that belongs on this system."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    pinned = {}
    for line in _PINNED.findall(text):
        try:
            one = Requirement(line.strip())
        except InvalidRequirement:
            continue
        if one.marker is None or one.marker.evaluate():
            pinned[one.name] = next(iter(one.specifier)).version
    return pinned


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


CHECKS: tuple[Check, ...] = (python, declared, lock)
