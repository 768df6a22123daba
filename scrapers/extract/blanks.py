"""Which blank cells are zero: those that a printed total proves (blank_as_zero). All other blanks stay missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scrapers.catalogue import load_catalogue
from scrapers.extract.cells import CellValue

Key = tuple[str, str | None]


def prove_blanks(cells: Mapping[Key, CellValue], form_id: str) -> frozenset[Key]:
    """The blank cells that must be zero: the printed parts of a sum already reach its printed total.

    ``cells``: (field, kind of applicant) → cell. Counts are never negative, so no blank part can be anything else.
    """
    values = {key: cell.value for key, cell in cells.items() if cell.value is not None}
    blank = {key for key, cell in cells.items() if cell.kind == "blank"}
    proven: set[Key] = set()
    while True:
        more = set()
        for total, parts in _sums(cells, form_id):
            open_parts = [part for part in parts if part in blank and part not in proven]
            known = all(part in values or part in blank for part in parts)
            if open_parts and known and total in values:
                reached = sum(values.get(part, 0.0) for part in parts if part not in blank)
                if reached == values[total]:
                    more.update(open_parts)
        if not more:
            return frozenset(proven)
        proven |= more
        values.update(dict.fromkeys(more, 0.0))


def _sums(cells: Mapping[Key, CellValue], form_id: str) -> Iterator[tuple[Key, list[Key]]]:
    """(total, parts) of every identity of the form with one total on its left."""
    catalogue = load_catalogue()
    kinds = [kind.id for kind in catalogue.applicant_types if kind.id != "total"]
    for check in catalogue.checks:
        if form_id not in check.forms or not check.is_sum_of_cells:
            continue
        if check.per == "row":
            for field in dict.fromkeys(field for field, kind in cells if kind == "total"):
                yield (field, "total"), [(field, kind) for kind in kinds]
        elif len(check.left) == 1:
            for kind in _columns(cells, check.per):
                yield (check.left[0], kind), [(field, kind) for field in check.right]


def _columns(cells: Mapping[Key, CellValue], per: str) -> Iterable[str | None]:
    if per == "report":
        return (None,)
    return dict.fromkeys(kind for _, kind in cells if kind is not None)
