"""Figures from the official tables of a document, whatever form they follow.

The form is found from labels and shape, never from the year (formats.md, "Which format?").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scrapers.catalogue import FORM_IDS, load_catalogue
from scrapers.catalogue.schema import Form, FormTable
from scrapers.document import Document, Figure, Gap, Grid, Issue, Section
from scrapers.extract.align import best_similarity
from scrapers.extract.blanks import prove_blanks
from scrapers.extract.blocks import read_blocks
from scrapers.extract.cells import CellValue, read_cell
from scrapers.extract.grids import GridView, Slot, label_views
from scrapers.extract.listed import column_of_values, read_listed
from scrapers.extract.matrix import read_matrix
from scrapers.extract.rebuild import LostRow
from scrapers.extract.results import read_results


@dataclass(frozen=True, slots=True)
class TableReading:
    """What the tables of a document say. ``form`` is None where no official table stands in it."""

    form: str | None = None
    found: frozenset[str] = frozenset()  # ids of the tables found
    figures: tuple[Figure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    issues: tuple[Issue, ...] = field(default=())


def read_tables(
    document: Document, grids: Sequence[Grid], sections: Sequence[Section], lost: Sequence[LostRow] = ()
) -> TableReading:
    """The figures of all official tables. ``grids`` are the document's own and those rebuilt from its paragraphs.

    ``lost`` are the rows that could not be rebuilt; like blanks and unreadable cells they become gaps.
    """
    views = label_views(document, grids)
    form = choose_form(views)
    if form is None:
        return TableReading()
    slots: dict[tuple[str, str | None], Slot] = {}
    for table in form.tables:
        columns: dict[int, int] = {}
        for view in views:
            for slot in _read_table(view, form, table, columns):
                slots.setdefault((slot.field.id, slot.applicant), slot)
    if not slots:
        return TableReading()
    read = {key: (slot, read_cell(slot.text)) for key, slot in slots.items()}
    figures, issues = _figures(read, form, sections)
    tables = frozenset(slot.field.table for slot in slots.values())
    gaps = (*_cell_gaps(read, figures), *_lost_gaps(lost, form, {field_id for field_id, _ in read}, document))
    return TableReading(form.id, tables, figures, gaps, issues)


def _cell_gaps(read: dict[tuple[str, str | None], tuple[Slot, CellValue]], figures: Sequence[Figure]) -> Iterator[Gap]:
    """The cells of the form that hold no value: blank, or words and several numbers."""
    valued = {(figure.field_id, figure.applicant_type) for figure in figures}
    for (field_id, applicant), (slot, value) in read.items():
        if (field_id, applicant) not in valued:
            why = "blank" if value.kind == "blank" else "unreadable"
            yield Gap(field_id, applicant, why, slot.cell.text, slot.cell.start, slot.cell.end)


def _lost_gaps(lost: Sequence[LostRow], form: Form, read: set[str], document: Document) -> Iterator[Gap]:
    """The fields whose row stands in a flattened table without all of its cells, and nowhere else."""
    rows: dict[str, LostRow] = {}
    for row in lost:
        for one in form.values():
            if tuple(one.labels) == row.labels and one.id not in read:
                rows.setdefault(one.id, row)
    for field_id, row in rows.items():
        yield Gap(field_id, None, "cell_lost", document.text[row.start : row.end], row.start, row.end)


def choose_form(views: Sequence[GridView]) -> Form | None:
    """The form whose own labels stand in the grids; labels that two forms share decide nothing between them."""
    forms = load_catalogue().forms
    keys = [key for view in views for key in view.keys]
    hits: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    for form_id in FORM_IDS:
        for table in forms[form_id].tables:
            for anchor in table.anchors:
                if any(best_similarity(key, [anchor]) >= 0.88 for key in keys):
                    (shared if _is_shared(anchor, form_id) else hits)[form_id] += 1
    if hits:
        best, count = max(hits.items(), key=lambda item: (item[1], item[0]))
        if count >= 2 or shared[best] or forms[best].tables[0].kind != "list":
            return forms[best]
    if shared:
        split = any(best_similarity(key, ["逾期不补正", "申请人无正当理由逾期不补正"]) >= 0.85 for key in keys)
        return forms["F2021" if split or not _has(keys, "其他处理") else "F2019"]
    return None


def _has(keys: Sequence[str], label: str) -> bool:
    return any(best_similarity(key, [label]) >= 0.9 for key in keys)


def _is_shared(anchor: str, form_id: str) -> bool:
    forms = load_catalogue().forms
    return any(anchor in table.anchors for other in FORM_IDS if other != form_id for table in forms[other].tables)


def _read_table(view: GridView, form: Form, table: FormTable, columns: dict[int, int]) -> list[Slot]:
    """``columns``: width of a grid → its column of values, for grids that continue a table without its header."""
    fields = form.values(table.id)
    if table.kind == "matrix":
        return read_matrix(view, fields)
    if table.kind == "blocks":
        return read_blocks(view, fields)
    if table.kind == "results":
        return read_results(view, fields)
    if table.kind == "list":
        column = column_of_values(view, table)
        if column is not None:
            columns.setdefault(view.width, column)
        column = columns.get(view.width) if column is None else column
        return read_listed(view, table, [one for one in form.fields if one.table == table.id], column)
    return []


def _figures(
    read: dict[tuple[str, str | None], tuple[Slot, CellValue]], form: Form, sections: Sequence[Section]
) -> tuple[tuple[Figure, ...], tuple[Issue, ...]]:
    proven = prove_blanks({key: value for key, (_, value) in read.items()}, form.id)
    figures: list[Figure] = []
    issues: list[Issue] = []
    for key, (slot, value) in read.items():
        where = f"{slot.row_label} / {slot.column_label}"
        if value.kind in ("number", "zero_word") and value.value is not None:
            state = "stated_zero" if value.kind == "zero_word" else "reported"
            figures.append(_figure(slot, value.value, value.unit, state, sections))
        elif value.kind == "blank" and key in proven:
            figures.append(_figure(slot, 0.0, None, "blank_as_zero", sections))
        elif value.kind in ("text", "unreadable"):
            issues.append(Issue("cell_unreadable", "warning", f"{where}: {slot.text[:60]!r} is no single number"))
    figures.sort(key=lambda one: (one.evidence_start, one.evidence_end))
    return tuple(figures), tuple(issues)


def _figure(slot: Slot, value: float, unit: str | None, state: str, sections: Sequence[Section]) -> Figure:
    """A blank that is proven zero leads back to its label, since an empty cell shows nothing."""
    shown = slot.label_cell if state == "blank_as_zero" else slot.cell
    chapter = next((one.kind for one in sections if one.level == 1 and one.start <= slot.cell.start < one.end), None)
    return Figure(
        field_id=slot.field.id,
        metric_id=slot.field.metric_id,
        applicant_type=slot.applicant,
        value=value,
        unit=unit or slot.field.unit,
        value_state=state,
        qualifier="exact",
        basis="table",
        printed=slot.cell.text,
        evidence=shown.text,
        evidence_start=shown.start,
        evidence_end=shown.end,
        section=chapter,
        grid=slot.grid,
        table_row=slot.row_label,
        table_column=slot.column_label,
    )
