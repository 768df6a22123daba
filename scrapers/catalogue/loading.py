"""Reads a catalogue file into its typed schema; an error names the file, the line and what to mend."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib import resources
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Model = TypeVar("Model", bound=BaseModel)


class CatalogueError(ValueError):
    """A catalogue file that cannot be used. The message is for the person who edits it."""


def catalogue_text(name: str) -> str:
    """The text of the catalogue file ``name`` (a path below scrapers/catalogue, with "/")."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def load_yaml(name: str, model: type[Model], text: str | None = None) -> Model:
    """The catalogue file ``name`` as ``model``. ``text`` stands in for the file's text (tests).

    Raises CatalogueError naming file and line.
    """
    source = catalogue_text(name) if text is None else text
    try:
        data = _parser("rt").load(source)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise CatalogueError(f"{name}, line {line}: not valid YAML: {error.problem}") from None
    except (YAMLError, ValueError) as error:  # characters that no YAML holds; 2020-99-99
        raise CatalogueError(f"{name}: not valid YAML: {' '.join(str(error).split())[:200]}") from None
    except RecursionError:
        raise CatalogueError(f"{name}: nested too deeply") from None
    plain = plain_tree(name, data, most=len(source) + 1)
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        raise CatalogueError("\n".join(_describe(name, data, fault) for fault in error.errors())) from None


def load_csv(name: str) -> list[dict[str, str]]:
    """The rows of the catalogue file ``name``; lines that begin with # are comments."""
    lines = (line for line in catalogue_text(name).splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines))


def _parser(kind: str) -> YAML:
    parser = YAML(typ=kind)
    parser.preserve_quotes = True
    return parser


def plain_tree(name: str, data: Any, most: int) -> Any:
    """The loaded tree as plain dicts, lists and scalars.

    Raises CatalogueError over ``most`` nodes: aliases of aliases (&a, *a) unfold to billions from a few lines.
    """
    nodes = 0

    def plain(node: Any) -> Any:
        nonlocal nodes
        nodes += 1
        if nodes > most:
            raise CatalogueError(f"{name}: its aliases (*name) unfold to more than the file holds: write it out")
        if isinstance(node, Mapping):
            return {str(key): plain(value) for key, value in node.items()}
        if isinstance(node, list):
            return [plain(value) for value in node]
        return str(node) if isinstance(node, str) else node

    try:
        return plain(data)
    except RecursionError:
        raise CatalogueError(f"{name}: nested too deeply") from None


def _describe(name: str, data: Any, fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    return f"{name}, line {_line_of(data, fault['loc'])}: {where}: {fault['msg']}"


def _line_of(data: Any, location: tuple[Any, ...]) -> int:
    """The line of the deepest part of ``location`` that the file holds, from 1."""
    node: Any = data
    line = node.lc.line if hasattr(node, "lc") else 0
    for part in location:
        try:
            line = (node.lc.key if hasattr(node, "keys") else node.lc.item)(part)[0]
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        if not hasattr(node, "lc"):
            break
    return int(line) + 1
