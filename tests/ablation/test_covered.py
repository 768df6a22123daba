"""The traps of covered.yaml: right with the rules, wrong without them, and a page without the trap right all the same."""

from __future__ import annotations

import pytest

from scrapers.read import read_page
from tests.ablation.reading import document, faults_as_it_is, faults_of, of_extract
from tests.ablation.seen import concerning
from tests.ablation.small import CoveredTrap, SmallPage
from tests.ablation.switches import Switch, switch_off
from tests.ablation.test_traps import COVERED

each_trap = pytest.mark.parametrize("trap", COVERED.traps, ids=lambda trap: trap.name)

each_set = pytest.mark.parametrize(
    "trap", [trap for trap in COVERED.traps if len(trap.disable) > 1], ids=lambda trap: trap.name
)


def _wrong(page: SmallPage) -> dict[str, str]:
    return page.wrong(read_page(page.page()))


def _controls(trap: CoveredTrap) -> list[SmallPage]:
    return trap.unharmed or [COVERED.plain, COVERED.plain.as_markup()]


@each_trap
def test_the_rules_read_the_page(trap: CoveredTrap) -> None:
    wrong = [concerning(faults_as_it_is(name), about) for name, about in trap.pages.items()]
    wrong += [_wrong(page) for page in trap.small]
    assert [found for found in wrong if found] == []


@each_trap
def test_without_the_rules_it_fails_and_a_page_without_the_trap_does_not(
    trap: CoveredTrap, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _read_right_without(trap, trap.disable, monkeypatch) == []
    assert [wrong for page in _controls(trap) if (wrong := _wrong(page))] == []


@each_set
def test_each_rule_of_a_set_is_needed(trap: CoveredTrap) -> None:
    for left_on in trap.disable:
        with pytest.MonkeyPatch.context() as patch:
            others = [one for one in trap.disable if one is not left_on]
            assert _read_right_without(trap, others, patch), f"the trap is shown without {left_on}"


def _read_right_without(trap: CoveredTrap, switches: list[Switch], patch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are read right although the rules are switched off, until ``patch`` is undone."""
    keep = of_extract(switches)
    for name in trap.pages if keep else ():
        document(name)  # made before the rules are switched off
    switch_off(patch, switches)
    with patch.context() as own:
        right = [name for name, about in trap.pages.items() if not concerning(faults_of(own, name, keep), about)]
    return right + [page.text or page.title for page in trap.small if not _wrong(page)]


def test_the_plain_page_is_read_right() -> None:
    assert (_wrong(COVERED.plain), _wrong(COVERED.plain.as_markup())) == ({}, {})
