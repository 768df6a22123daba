"""Whether the catalogue keeps apart what may not be compared: a sentence for people about every union it would make.

A *column* is a metric inside one of its definition groups: what one column of the wide marts, one line of a chart and
one sum of the semantic layer hold. What the catalogue never puts into one column cannot be added downstream.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapers.catalogue import Catalogue, NeverUnited
    from scrapers.catalogue.schema import FormField, Rate

Column = tuple[str, str]
FieldName = tuple[str, str]  # form, field


def columns_of_fields(catalogue: Catalogue) -> dict[Column, list[FieldName]]:
    """The fields whose values a column holds, as they are printed or as terms of a sum."""
    columns: dict[Column, list[FieldName]] = defaultdict(list)
    for form in catalogue.forms.values():
        for field in form.values():
            group = catalogue.group_of(field.metric_id, form.id, field.id)
            columns[field.metric_id, group].append((form.id, field.id))
    for metric in catalogue.metrics.values():
        for definition in metric.groups:
            for form_id, ids in definition.sum_of.items():
                columns[metric.id, definition.id] += [(form_id, field_id) for field_id in ids]
    return dict(columns)


def comparability_faults(catalogue: Catalogue) -> list[str]:
    """What is wrong, a sentence each; empty where nothing is united that must stay apart."""
    return [
        *_unknown_fields(catalogue),
        *_unsound_groups(catalogue),
        *_mixed_units(catalogue),
        *_totals_added_to_their_parts(catalogue),
        *_united_columns(catalogue),
        *_united_rates(catalogue),
        *_uneven_rates(catalogue),
    ]


def _unknown_fields(catalogue: Catalogue) -> Iterator[str]:
    known = {f"{form.id}.{field.id}" for form in catalogue.forms.values() for field in form.values()}
    for rule in catalogue.never_united:
        for quantity in rule.quantities:
            for name in quantity.fields:
                if name not in known:
                    yield f"comparability.yaml: {rule.id}: no form has the field {name}: name it as form.field"


def _unsound_groups(catalogue: Catalogue) -> Iterator[str]:
    for metric in catalogue.metrics.values():
        forms = [form_id for group in metric.groups for form_id in group.forms]
        for form_id in sorted({one for one in forms if forms.count(one) > 1}):
            yield f"metrics.yaml: {metric.id}: {form_id} stands in two definition groups: a value has one definition"
        for group in metric.groups:
            for form_id in sorted(set(group.sum_of) - set(group.forms)):
                yield f"metrics.yaml: {metric.id}: group {group.id} has a sum of {form_id}, which is none of its forms"
        if metric.comparability == "broken" and len(metric.groups) < 2:
            yield (
                f"metrics.yaml: {metric.id}: its comparability is broken, so it needs a definition group for each side "
                "of the break"
            )


def _mixed_units(catalogue: Catalogue) -> Iterator[str]:
    kinds = {name: unit.kind for unit in catalogue.units for name in unit.names}
    fields: dict[FieldName, FormField] = {
        (form.id, field.id): field for form in catalogue.forms.values() for field in form.values()
    }
    for (metric_id, group), names in columns_of_fields(catalogue).items():
        wanted = catalogue.metrics[metric_id].unit_std
        for form_id, field_id in names:
            unit = fields[form_id, field_id].unit
            if unit and kinds.get(unit) != kinds.get(wanted):
                yield (
                    f"metrics.yaml: {metric_id} ({group}) is counted in {wanted}, but {form_id}.{field_id} is printed "
                    f"in {unit}: give the field a metric of its own"
                )


def _totals_added_to_their_parts(catalogue: Catalogue) -> Iterator[str]:
    for metric in catalogue.metrics.values():
        for group in metric.groups:
            for form_id, ids in group.sum_of.items():
                parents = {field.id: field.part_of for field in catalogue.forms[form_id].values()}
                for field_id in ids:
                    for total in _above(field_id, parents):
                        if total in ids:
                            yield (
                                f"metrics.yaml: {metric.id}: the sum of {form_id} has {total} and its part {field_id}: "
                                "that counts the part twice"
                            )


def _above(field_id: str, parents: dict[str, str]) -> Iterator[str]:
    while field_id := parents.get(field_id, ""):
        yield field_id


def _united_columns(catalogue: Catalogue) -> Iterator[str]:
    columns = columns_of_fields(catalogue)
    metrics: dict[str, list[FieldName]] = defaultdict(list)
    for (metric_id, _), names in columns.items():
        metrics[metric_id] += names
    for rule in catalogue.never_united:
        for (metric_id, group), names in columns.items():
            yield from _united(rule, names, f"metric {metric_id}, definition group {group}")
        if rule.apart == "metric":
            for metric_id, names in metrics.items():
                yield from _united(rule, names, f"metric {metric_id}")


def _united_rates(catalogue: Catalogue) -> Iterator[str]:
    columns = columns_of_fields(catalogue)
    for rate in catalogue.rates:
        for form_id in catalogue.forms:
            for side in ("numerator", "denominator"):
                names = [
                    name
                    for term in rate.terms
                    if term.side == side
                    for name in _sources(catalogue, columns, term.name, form_id)
                ]
                for rule in catalogue.never_united:
                    yield from _united(rule, names, f"the {side} of rate {rate.id}")


def _united(rule: NeverUnited, names: Iterable[FieldName], place: str) -> Iterator[str]:
    """A sentence where fields of two quantities of ``rule`` meet in ``place``."""
    met = {name: quantity for name in names if (quantity := rule.quantity_of(*name))}
    if len(set(met.values())) < 2 or (rule.only_as_sum and _is_whole(rule, set(met))):
        return
    first = next(iter(met))
    other = next(name for name in met if met[name] != met[first])
    yield (
        f"comparability.yaml forbids it ({rule.id}, {rule.label_en}): {'.'.join(first)} and {'.'.join(other)} would "
        f"both be {place}. {rule.why[:1].upper()}{rule.why[1:]}. Give each a "
        f"{'metric' if rule.apart == 'metric' else 'metric or a definition group'} of its own"
    )


def _is_whole(rule: NeverUnited, names: set[FieldName]) -> bool:
    """Whether every form among ``names`` gives all of its fields that the rule speaks of."""
    listed = {tuple(name.split(".", 1)) for quantity in rule.quantities for name in quantity.fields}
    return all({name for name in listed if name[0] == form_id} <= names for form_id, _ in names)


def _sources(
    catalogue: Catalogue, columns: dict[Column, list[FieldName]], metric_id: str, form_id: str
) -> list[FieldName]:
    """The fields of a form that give a rate's term its value."""
    names = columns.get((metric_id, catalogue.group_of(metric_id, form_id, "")), [])
    return [name for name in names if name[0] == form_id]


def _uneven_rates(catalogue: Catalogue) -> Iterator[str]:
    """An optional term that a form prints, but not as the term's metric: the rate would leave it out there."""
    for rate in catalogue.rates:
        having = _forms_with(catalogue, rate, optional=False)
        for metric_id, forms in _optional_forms(catalogue, rate).items():
            for form_id in sorted(having - forms):
                if forms:
                    yield (
                        f"rates.yaml: {rate.id}: {form_id} has all terms but {metric_id}, so that the rate would mean "
                        f"something else there: say in metrics.yaml what {metric_id} is in {form_id} (sum_of)"
                    )


def _forms_with(catalogue: Catalogue, rate: Rate, optional: bool) -> set[str]:
    columns = columns_of_fields(catalogue)
    needed = {term.name for term in rate.terms if term.is_optional == optional}
    return {
        form_id
        for form_id in catalogue.forms
        if all(_sources(catalogue, columns, metric_id, form_id) for metric_id in needed)
    }


def _optional_forms(catalogue: Catalogue, rate: Rate) -> dict[str, set[str]]:
    columns = columns_of_fields(catalogue)
    return {
        term.name: {form_id for form_id in catalogue.forms if _sources(catalogue, columns, term.name, form_id)}
        for term in rate.terms
        if term.is_optional
    }
