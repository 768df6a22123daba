"""The facts about the reports, as data. Parser, dbt seeds, Great Expectations and the dictionary read this one copy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scrapers.catalogue.comparability import comparability_faults
from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.catalogue.schema import (
    Applicants,
    ApplicantType,
    Check,
    Checks,
    Comparability,
    Form,
    FormField,
    Metric,
    Metrics,
    NeverUnited,
    Rate,
    Rates,
    UnitClass,
    Units,
)

FORM_IDS = ("F2008", "F2014", "F2019", "F2021")


@dataclass(frozen=True)
class Catalogue:
    """All facts about forms and metrics, checked against each other."""

    forms: dict[str, Form]
    metrics: dict[str, Metric]
    checks: tuple[Check, ...]
    rates: tuple[Rate, ...]
    units: tuple[UnitClass, ...]
    applicant_types: tuple[ApplicantType, ...]
    never_united: tuple[NeverUnited, ...] = ()

    def group_of(self, metric_id: str, form_id: str, field_id: str) -> str:
        """The definition group of a value: compare only inside one group."""
        for group in self.metrics[metric_id].groups:
            if form_id in group.forms:
                summed = field_id in group.sum_of.get(form_id, [])
                return field_id if summed or self._second_field(metric_id, form_id, field_id) else group.id
        return f"other_{form_id.lower()}"

    def _second_field(self, metric_id: str, form_id: str, field_id: str) -> bool:
        """Where two fields of a form share a metric without being summed, only the first has the metric's column."""
        ids = [field.id for field in self.forms[form_id].fields if field.metric_id == metric_id]
        return field_id in ids[1:]

    def field_for(self, metric_id: str, form_id: str) -> str:
        """The field of the form that holds the metric, where exactly one does; else the metric's own id."""
        if form_id not in self.forms:
            return metric_id
        ids = [field.id for field in self.forms[form_id].fields if field.metric_id == metric_id and not field.header]
        return ids[0] if len(ids) == 1 else metric_id


@cache
def load_catalogue() -> Catalogue:
    """The catalogue, validated. Raises CatalogueError naming file and line."""
    forms = {form_id: load_yaml(f"forms/{form_id.lower()}.yaml", Form) for form_id in FORM_IDS}
    metrics = {metric.id: metric for metric in load_yaml("metrics.yaml", Metrics).metrics}
    catalogue = Catalogue(
        forms=forms,
        metrics=metrics,
        checks=tuple(load_yaml("checks.yaml", Checks).checks),
        rates=tuple(load_yaml("rates.yaml", Rates).rates),
        units=tuple(load_yaml("units.yaml", Units).units),
        applicant_types=tuple(load_yaml("applicants.yaml", Applicants).applicant_types),
        never_united=tuple(load_yaml("comparability.yaml", Comparability).never_united),
    )
    _check_references(catalogue)
    if faults := comparability_faults(catalogue):
        raise CatalogueError("\n".join(faults))
    return catalogue


def _check_references(catalogue: Catalogue) -> None:
    for form in catalogue.forms.values():
        for field in form.values():
            if field.metric_id not in catalogue.metrics:
                raise CatalogueError(
                    f"forms/{form.id.lower()}.yaml: field {field.id}: metrics.yaml has no {field.metric_id}"
                )
    for check in catalogue.checks:
        _check_terms(catalogue, check)
    for rate in catalogue.rates:
        for unknown in {term.name for term in rate.terms} - set(catalogue.metrics):
            raise CatalogueError(f"rates.yaml: {rate.id}: metrics.yaml has no {unknown}")
    for metric in catalogue.metrics.values():
        for group in metric.groups:
            for form_id, ids in group.sum_of.items():
                missing = set(ids) - {field.id for field in catalogue.forms[form_id].values()}
                if missing:
                    raise CatalogueError(f"metrics.yaml: {metric.id}: {form_id} has no field {', '.join(missing)}")


def _check_terms(catalogue: Catalogue, check: Check) -> None:
    """Every term is a field of the report's form (of the other report's, where it is taken from there) or a metric."""
    terms = [term for name in check.each or ["*"] for term in check.terms(name) if term.name != "*"]
    if check.of == "metrics":
        for unknown in {term.name for term in terms} - set(catalogue.metrics):
            raise CatalogueError(f"checks.yaml: {check.id}: metrics.yaml has no {unknown}")
        return
    for is_other, form_ids in ((False, check.forms), (True, check.other_forms or check.forms)):
        for form_id in form_ids:
            known = {field.id for field in catalogue.forms[form_id].values()}
            for unknown in {term.name for term in terms if term.is_other == is_other} - known:
                raise CatalogueError(f"checks.yaml: {check.id}: {form_id} has no field {unknown}")


__all__ = [
    "FORM_IDS", "ApplicantType", "Catalogue", "CatalogueError", "Check", "Form", "FormField", "Metric",
    "NeverUnited", "Rate", "UnitClass",
    "load_catalogue",
]  # fmt: skip
