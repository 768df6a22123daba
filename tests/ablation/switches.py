"""Switches single rules of the reader off: an entry of a catalogue file, or a function or constant of scrapers.

What a rule is made of is kept in caches all over the reader, so a switched reader gets fresh ones; the caches of the
reader as it is are put back afterwards, filled as they were.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, model_validator

from scrapers.catalogue.loading import load_csv, load_yaml
from scrapers.clean.decode import Decoded
from scrapers.extract import rules
from scrapers.extract.numbers import DATE, NUMBER, Lexicon
from scrapers.extract.trust import TrustFinding
from tests.ablation.patterns import NEVER, SwitchError, without_alternatives, without_group

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\w+)=([^\]]+)\])?\.?")
# Caches that take long to fill, and what they are made of: catalogue files, names of code. All others are renewed for
# every switch.
_SLOW = {
    "scrapers.catalogue.load_catalogue": ("forms/", "metrics.yaml", "checks.yaml", "units.yaml", "applicants.yaml"),
    "scrapers.clean.debris.patterns": ("debris.yaml",),
    "scrapers.clean.normalise._compatibility": ("repairs.yaml",),
    "scrapers.clean.repairs.common_characters": ("repairs.yaml",),
    "scrapers.clean.repairs.scripts": (),
    "scrapers.extract.align.similarity": ("scrapers.extract.align.",),
    "scrapers.extract.places.gazetteer": ("places.yaml", "divisions/", "scrapers.extract.places."),
    "scrapers.extract.rules.rules": ("lexicon.yaml", "sentences/", "scrapers.extract.rules."),
}
# re itself keeps the last 512 patterns only
_REMEMBERING = SimpleNamespace(**(vars(re) | {"compile": cache(re.compile)}))


class _Everything:
    """Stands for a set of names: holds each one."""

    def __contains__(self, name: object) -> bool:
        return True


_STAND_INS: dict[str, Callable[[Any], Any]] = {
    "nothing": lambda _: lambda *args, **kwargs: None,
    "false": lambda _: lambda *args, **kwargs: False,
    "true": lambda _: lambda *args, **kwargs: True,
    "empty": lambda _: lambda *args, **kwargs: (),
    "empty_list": lambda _: lambda *args, **kwargs: [],
    "empty_set": lambda _: lambda *args, **kwargs: frozenset(),
    "identity": lambda _: lambda first, *args, **kwargs: first,
    "false_property": lambda _: property(lambda self: False),
    "never": lambda _: re.compile(NEVER),
    "every_key": lambda _: lambda keys, *args, **kwargs: frozenset(keys),
    "none_and_first": lambda _: lambda first, *args, **kwargs: (None, first),
    "first_and_none": lambda _: lambda first, *args, **kwargs: (first, None),
    "empty_dict": lambda _: lambda *args, **kwargs: {},
    "unknown_trust": lambda _: lambda reasons: TrustFinding("unknown", reasons),
    "as_declared": lambda _: (
        lambda content, declared: Decoded(content.decode(declared or "utf-8", "replace"), declared or "utf-8")
    ),
    "zero": lambda _: 0,
    "everything": lambda _: _Everything(),
    "other_kind": lambda _: lambda *args: "other",
    "markup": lambda _: lambda page: "text/html",
    "only_the_next_number": lambda old: (
        lambda earlier, later: old(earlier, later) if later.number == earlier.number + 1 else None
    ),
}


class Switch(BaseModel):
    """One rule to switch off.

    Either ``catalogue`` (a file) with ``path`` (keys with dots between; ``rules[metric=x]`` picks entries of a list):
    what stands there is emptied (a pattern then matches nothing), becomes ``to``, or loses the ``items`` of a list or
    mapping, or the alternatives ``forget`` of the patterns below it, or the patterns of sentences that read a text
    (``that_read``, # for a number). Or ``code`` (a dotted name): it ``becomes`` a stand-in, or, where it is a pattern, a
    mapping of patterns or a function that makes one, its groups ``unmatch`` match nothing, or its alternatives ``forget``
    or pieces ``cut`` are gone, or its pieces are those of ``instead`` (as where a part is no longer optional); a mapping
    loses its ``items``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    catalogue: str | None = None
    path: str = ""
    items: list[Any] | None = None
    forget: list[str] = []
    to: Any = None
    that_read: str | None = None
    code: str | None = None
    becomes: str | None = None
    unmatch: list[str] = []
    cut: list[str] = []
    instead: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_way(self) -> Switch:
        if (self.catalogue is None) == (self.code is None):
            raise ValueError("a switch names either catalogue or code")
        if self.catalogue and not self.path:
            raise ValueError("catalogue needs path")
        if self.code and not (self.becomes or self.unmatch or self.forget or self.items or self.cut or self.instead):
            raise ValueError("code needs becomes, unmatch, forget, cut, instead or items")
        if self.becomes and self.becomes not in _STAND_INS:
            raise ValueError(f"becomes is one of {', '.join(_STAND_INS)}")
        return self


def switch_off(patch: pytest.MonkeyPatch, switches: list[Switch]) -> None:
    """The reader without the rules, until ``patch`` is undone. Raises SwitchError where a rule is not there."""
    files = {one.catalogue for one in switches if one.catalogue}
    patch.setattr(rules, "re", _REMEMBERING)
    _renew_caches(patch, files | {one.code for one in switches if one.code})
    if files:
        _replace(patch, load_yaml, _edited_loader([one for one in switches if one.catalogue]))
    tables = [one for one in switches if one.catalogue and one.catalogue.endswith(".csv")]
    if tables:
        _replace(patch, load_csv, _edited_tables(tables))
    for one in switches:
        if one.code:
            _switch_code(patch, one)


# --- caches --------------------------------------------------------------------------------------------------------


def _modules() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.startswith("scrapers.") and module]


def _renew_caches(patch: pytest.MonkeyPatch, switched: set[str]) -> None:
    """A fresh, empty cache in place of each cache of the reader, in every module that knows it."""
    fresh: dict[int, Any] = {}
    for module in _modules():
        for attribute, value in list(vars(module).items()):
            if not isinstance(value, functools._lru_cache_wrapper):
                continue
            sources = _SLOW.get(".".join((value.__module__, getattr(value, "__name__", ""))))
            if sources is not None and not any(name.startswith(sources) for name in switched):
                continue
            if id(value) not in fresh:
                fresh[id(value)] = functools.lru_cache(**value.cache_parameters())(value.__wrapped__)
            patch.setattr(module, attribute, fresh[id(value)])


def _replace(patch: pytest.MonkeyPatch, old: Any, new: Any) -> None:
    """``new`` in place of ``old`` in every module that knows it by some name."""
    for module in _modules():
        for name, value in list(vars(module).items()):
            if value is old:
                patch.setattr(module, name, new)


# --- catalogue -----------------------------------------------------------------------------------------------------


@cache
def _loaded(name: str, model: Any) -> Any:
    return load_yaml(name, model)


def _edited_loader(switches: list[Switch]) -> Callable[..., Any]:
    def load(name: str, model: Any, text: str | None = None) -> Any:
        mine = [one for one in switches if one.catalogue == name]
        if text is not None or not mine:
            return load_yaml(name, model, text) if text is not None else _loaded(name, model)
        data = _loaded(name, model).model_dump(by_alias=True, mode="json")
        for one in mine:
            _edit(data, one)
        return model.model_validate(data)

    return load


def _edited_tables(switches: list[Switch]) -> Callable[[str], list[dict[str, str]]]:
    """A table loses the rows ``path`` picks: ``rows[column=value]``, or all of them: ``rows``."""

    def load(name: str) -> list[dict[str, str]]:
        rows = load_csv(name)
        for one in switches:
            if one.catalogue == name:
                picked = _STEP.match(one.path)
                assert picked is not None
                kept = [row for row in rows if picked[2] and row[picked[2]] != picked[3]]
                if len(kept) == len(rows):
                    raise SwitchError(f"{name}: no row has {one.path}")
                rows = kept
        return rows

    return load


def _edit(data: Any, switch: Switch) -> None:
    places = [*_places(data, switch.path)]
    if not places:
        raise SwitchError(f"{switch.catalogue} has no {switch.path}")
    if all(isinstance(holder, list) for holder, _ in places):
        for holder, key in reversed(places):
            del holder[key]
        return
    before = [repr(holder[key]) for holder, key in places]
    for holder, key in places:
        holder[key] = _without(holder[key], switch)
    if before == [repr(holder[key]) for holder, key in places]:
        raise SwitchError(
            f"{switch.catalogue}: {switch.path} holds none of {switch.items or switch.forget or switch.that_read or 'it'}"
        )


def _places(data: Any, path: str) -> Iterator[tuple[Any, Any]]:
    """(container, key) of everything that ``path`` names."""
    match = _STEP.match(path)
    assert match is not None, path
    key, rest = match[1], path[match.end() :]
    if not isinstance(data, dict) or key not in data:
        return
    if not match[2]:
        if rest:
            yield from _places(data[key], rest)
        else:
            yield data, key
        return
    for number, item in enumerate(data[key]):
        if str(item.get(match[2])) == match[3]:
            if rest:
                yield from _places(item, rest)
            else:
                yield data[key], number


def _without(value: Any, switch: Switch) -> Any:
    if switch.to is not None:
        return switch.to
    if switch.that_read is not None:
        return [item for item in value if not _reads(item, switch.that_read)]
    if switch.forget:
        return _forgotten(value, switch.forget)
    if switch.items is None:
        return _empty(value)
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if key not in switch.items}
    if isinstance(value, list):
        return [item for item in value if item not in switch.items]
    return "".join(char for char in value if char not in switch.items)


def _reads(pattern: Any, text: str) -> bool:
    """Whether an entry with a pattern of sentences finds the text, or a phrase begins it."""
    source = pattern["match"] if isinstance(pattern, dict) else pattern
    macros = _loaded("lexicon.yaml", Lexicon).macros  # the lexicon itself may be under change
    for _ in range(3):
        source = re.sub(r"\{([a-z_]+)\}", lambda found: macros[found[1]], source)
    find = re.search if isinstance(pattern, dict) else re.match
    return find(source.replace("#", NUMBER).replace("@", DATE), text.replace("#", NUMBER)) is not None


def _empty(value: Any) -> Any:
    if isinstance(value, str):
        return NEVER
    if isinstance(value, bool):
        return False
    return type(value)() if value is not None else None


def _forgotten(value: Any, words: list[str]) -> Any:
    """``value`` with the patterns in it that no longer know the words."""
    if isinstance(value, dict):
        return {key: _forgotten(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_forgotten(item, words) for item in value]
    return without_alternatives(value, words) if isinstance(value, str) else value


# --- code ----------------------------------------------------------------------------------------------------------


def _switch_code(patch: pytest.MonkeyPatch, switch: Switch) -> None:
    assert switch.code is not None
    holder, name = _holder(switch.code)
    old = vars(holder)[name] if isinstance(holder, type) else getattr(holder, name)
    new = _STAND_INS[switch.becomes](old) if switch.becomes else _altered(old, switch)
    if callable(old) and isinstance(holder, ModuleType):
        _replace(patch, old, new)
    elif isinstance(holder, ModuleType):
        patch.setattr(holder, name, new)  # a constant may be equal to another one, and is known by its name only
    else:
        patch.setattr(holder, name, staticmethod(new) if isinstance(old, staticmethod) else new)


def _holder(dotted: str) -> tuple[Any, str]:
    """The module or class that holds the name, and the name."""
    parts = dotted.split(".")
    for size in range(len(parts) - 1, 0, -1):
        try:
            importlib.import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        holder: Any = sys.modules[".".join(parts[:size])]  # a package may show a function of the same name
        for part in parts[size:-1]:
            holder = getattr(holder, part, None)
        if hasattr(holder, parts[-1]):
            return holder, parts[-1]
        break
    raise SwitchError(f"there is no {dotted}")


def _altered(old: Any, switch: Switch) -> Any:
    if isinstance(old, re.Pattern):
        return _altered_pattern(old, switch)
    if isinstance(old, dict) and not switch.items:
        return _altered_patterns(old, switch)
    if isinstance(old, dict):
        if not set(switch.items or ()) & set(old):
            raise SwitchError(f"{switch.code} has none of {switch.items}")
        return {key: value for key, value in old.items() if key not in (switch.items or ())}
    if isinstance(old, str):
        return _altered_text(old, switch)
    made = getattr(old, "__wrapped__", old)
    return cache(lambda *args: _altered_pattern(made(*args), switch))


def _altered_patterns(patterns: dict[str, re.Pattern[str]], switch: Switch) -> dict[str, re.Pattern[str]]:
    """The patterns of which at least one has what the switch names."""
    changed: dict[str, re.Pattern[str]] = {}
    for key, pattern in patterns.items():
        with contextlib.suppress(SwitchError):
            changed[key] = _altered_pattern(pattern, switch)
    if not changed:
        raise SwitchError(f"no pattern of {switch.code} has {[*switch.instead] or switch.forget or switch.cut}")
    return patterns | changed


def _altered_pattern(pattern: re.Pattern[str], switch: Switch) -> re.Pattern[str]:
    return re.compile(_altered_text(pattern.pattern, switch), pattern.flags)


def _altered_text(pattern: str, switch: Switch) -> str:
    source = pattern
    for group in switch.unmatch:
        source = without_group(source, group)
    for piece in switch.cut:
        source = source.replace(piece, "")
    for piece, other in switch.instead.items():
        source = source.replace(piece, other)
    changed = without_alternatives(source, switch.forget)
    if changed == pattern:
        raise SwitchError(f"{switch.code} has no {switch.unmatch or switch.forget or switch.cut or [*switch.instead]}")
    return changed
