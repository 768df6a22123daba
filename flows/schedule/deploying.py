"""What a file (prefect.yaml) describes, in Prefect's server: made by its own command; those taken out are deleted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flows.faults import Fault, UsageFault
from flows.schedule.api import Api
from flows.settings import PROJECT

SHIPPED = PROJECT / "prefect.yaml"
_SECONDS = 180


def deployment_names(file: Path) -> list[str]:
    """``flow/deployment`` of each deployment of the file; a deployment bears the name of its flow.

    Raises UsageFault where the file cannot be used.
    """
    try:
        found = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        names = [f"{one['entrypoint'].rpartition(':')[2]}/{one['name']}" for one in found["deployments"]]
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UsageFault(f"{file} cannot be read: {' '.join(str(error).split())}.") from None
    except (KeyError, TypeError, AttributeError):
        raise UsageFault(f"{file}: each deployment needs a name and an entrypoint.") from None
    if not names:
        raise UsageFault(f"{file} holds no deployment.")
    return names


def deploy(file: Path, api: Api, environment: dict[str, str], log: Path) -> list[str]:
    """Makes the deployments of ``file`` and gives their names. Raises Fault with what Prefect said where it fails."""
    names = deployment_names(file)
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    try:
        done = subprocess.run(
            command, cwd=PROJECT, env=environment | {"PWD": str(PROJECT)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Fault(f"The deployments of {file} were not made within {_SECONDS} s (log: {log}).") from None
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    there = api.deployments()
    missing = [name for name in names if name not in there]
    if done.returncode or missing:
        said = " ".join((done.stderr or done.stdout).split())[-500:]
        raise Fault(f"The deployments of {file} could not be made: {said} (log: {log}).")
    for name, identity in there.items():
        if name not in names:
            api.take_away(identity)
    return names
