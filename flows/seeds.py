"""The catalogue and the corrections as tables: CSV seeds for dbt, and the generated column list of the wide marts.

``write_seeds`` writes one CSV a table into a folder of the warehouse's state; dbt_project/models/seeds read them there.
The YAML of the two wide marts, their column macro and the semantic layer come from the catalogue too: ``python -m
flows.seeds --write-yaml`` writes them again after an edit of the catalogue, and a test fails while they are stale.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from flows import place_seeds as place
from flows import published_seeds as published
from flows.corrections import COLUMNS as CORRECTION_COLUMNS
from flows.corrections import correction_rows
from scrapers.catalogue import Catalogue, Check, load_catalogue
from scrapers.catalogue.loading import load_csv
from scrapers.catalogue.schema import Term

Row = dict[str, object]

APPLICANT_TOTAL = "total"
DBT_PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"


class GroupRow(NamedTuple):
    """The definition group of a metric in a form; with ``field_id`` the exception for that one field."""

    metric_id: str
    form_id: str
    field_id: str | None
    definition_group: str


class WideColumn(NamedTuple):
    """One value column of the wide marts: the values of one metric inside one definition group, in ``unit``."""

    name: str
    metric_id: str
    definition_group: str
    unit: str
    description: str


def group_rows(catalogue: Catalogue) -> list[GroupRow]:
    """All groups that a value of the catalogue's metrics can fall into, in the order of the catalogue."""
    rows = []
    for metric_id in catalogue.metrics:
        for form in catalogue.forms.values():
            general = catalogue.group_of(metric_id, form.id, "")
            rows.append(GroupRow(metric_id, form.id, None, general))
            for field in (field for field in form.values() if field.metric_id == metric_id):
                if (own := catalogue.group_of(metric_id, form.id, field.id)) != general:
                    rows.append(GroupRow(metric_id, form.id, field.id, own))
    return rows


def wide_columns(catalogue: Catalogue) -> list[WideColumn]:
    """The value columns of jurisdiction_years and agency_years: one per metric and definition group.

    A metric with one group has a column of its own name; other groups are named after two underscores. Groups that only
    a part field or a form outside of the catalogue's groups has come after the metric's own ones.
    """
    groups: dict[str, dict[str, list[str]]] = {metric_id: {} for metric_id in catalogue.metrics}
    for row in group_rows(catalogue):
        groups[row.metric_id].setdefault(row.definition_group, []).append(row.form_id)
    columns = []
    for metric_id, metric in catalogue.metrics.items():
        own = [group.id for group in metric.groups]
        ordered = own + sorted(set(groups[metric_id]) - set(own))
        for group in ordered:
            forms = sorted(set(groups[metric_id].get(group, [])))
            plain = group in own and len(own) == 1
            name = metric_id if plain else f"{metric_id}__{group}"
            span = "" if plain else f" [{group}: {', '.join(forms)}]"
            text = f"{metric.label_zh} / {metric.label_en}{span} ({metric.unit_std}); NULL = no value, never 0"
            columns.append(WideColumn(name, metric_id, group, metric.unit_std, text))
    return columns


def _forms(catalogue: Catalogue) -> Iterator[Row]:
    for number, form in enumerate(catalogue.forms.values(), 1):
        yield {
            "form_id": form.id, "form_no": number, "name_zh": form.name_zh, "name_en": form.name_en,
            "first_year": form.years.first, "last_year": form.years.last, "legal_basis": form.legal_basis,
        }  # fmt: skip


def _fields(catalogue: Catalogue) -> Iterator[Row]:
    for form in catalogue.forms.values():
        kinds = {table.id: table.kind for table in form.tables}
        for number, field in enumerate(form.values(), 1):
            yield {
                "form_id": form.id, "field_no": number, "field_id": field.id, "metric_id": field.metric_id,
                "label_zh": field.labels[0], "unit": field.unit or None, "table_id": field.table,
                "table_kind": kinds[field.table],
                "row_label": field.code or None, "column_label": field.columns[0] if field.columns else None,
                "parent": field.part_of or field.group or None, "is_variant": field.variant, "verified": field.verified,
            }  # fmt: skip


def _metrics(catalogue: Catalogue) -> Iterator[Row]:
    for number, metric in enumerate(catalogue.metrics.values(), 1):
        yield {
            "metric_id": metric.id, "metric_no": number, "label_zh": metric.label_zh, "label_en": metric.label_en,
            "definition": metric.definition, "unit_std": metric.unit_std, "kind": metric.kind, "family": metric.family,
            "comparability": metric.comparability, "comparability_note": metric.comparability_note or None,
        }  # fmt: skip


def _metric_groups(catalogue: Catalogue) -> Iterator[Row]:
    names = {(column.metric_id, column.definition_group): column.name for column in wide_columns(catalogue)}
    for row in group_rows(catalogue):
        yield row._asdict() | {"column_name": names[row.metric_id, row.definition_group]}


def _derived_terms(catalogue: Catalogue) -> Iterator[Row]:
    for metric in catalogue.metrics.values():
        for group in metric.groups:
            for form_id, field_ids in group.sum_of.items():
                for number, field_id in enumerate(field_ids, 1):
                    yield {
                        "metric_id": metric.id, "definition_group": group.id, "form_id": form_id,
                        "term_no": number, "field_id": field_id,
                    }  # fmt: skip


def _checks(catalogue: Catalogue) -> Iterator[Row]:
    for number, check in enumerate(catalogue.checks, 1):
        yield {
            "check_id": check.id, "check_no": number, "between_reports": check.between, "terms_are": check.of,
            "basis": check.basis, "forms": ",".join(check.forms),
            "other_forms": ",".join(check.other_forms or check.forms) if check.between != "report" else None,
            "per": check.per, "relation": check.relation, "factor": check.factor, "tolerance": check.tolerance,
            "severity": check.severity, "reported_side": _reported_side(check), "blame": check.blame,
            "because": check.because or None, "description": check.description,
            "description_zh": check.description_zh,
        }  # fmt: skip


def _reported_side(check: Check) -> str:
    """The side that holds the printed total: the one with a single term, the left one where both are sums."""
    if check.per == "row":
        return "right"
    return "right" if len(check.left) > 1 and len(check.right) == 1 else "left"


def _check_terms(catalogue: Catalogue) -> Iterator[Row]:
    """Every check spelled out: an instance is a column of the matrix, a field, a name of ``each``, else report."""
    kinds = [kind.id for kind in catalogue.applicant_types]
    for check in catalogue.checks:
        if check.of in ("words", "shares"):  # of the numbers that a report states, not of names
            continue
        for form_id in check.forms:
            if check.per == "row":
                yield from _row_terms(catalogue, check, form_id, kinds)
                continue
            variants = {field.id for field in catalogue.forms[form_id].values() if field.variant}
            instances = kinds if check.per == "applicant" else check.each or ["report"]
            for instance in instances:
                applicant = instance if check.per == "applicant" else APPLICANT_TOTAL
                for term in check.terms(instance):
                    yield _term(check, form_id, instance, term, applicant, term.name in variants)


def _row_terms(catalogue: Catalogue, check: Check, form_id: str, kinds: list[str]) -> Iterator[Row]:
    form = catalogue.forms[form_id]
    matrices = {table.id for table in form.tables if table.kind == "matrix"}
    wanted = {term for term in check.left if term != "*"}
    for field in form.values():
        if field.table in matrices and (not wanted or field.id in wanted):
            for kind in kinds:
                side = "right" if kind == APPLICANT_TOTAL else "left"
                yield _term(check, form_id, field.id, Term(side, field.id, 1, False, False), kind, field.variant)


def _term(check: Check, form_id: str, instance: str, term: Term, applicant: str, variant: bool) -> Row:
    return {
        "check_id": check.id, "form_id": form_id, "instance": instance, "side": term.side, "sign": term.sign,
        "is_other": term.is_other, "is_optional": term.is_optional, "term_id": term.name, "applicant_key": applicant,
        "is_variant": variant,
    }  # fmt: skip


def _rates(catalogue: Catalogue) -> Iterator[Row]:
    for number, rate in enumerate(catalogue.rates, 1):
        yield {
            "rate_id": rate.id, "rate_no": number, "label_zh": rate.label_zh, "label_en": rate.label_en,
            "numerator": " + ".join(rate.numerator), "denominator": " + ".join(rate.denominator),
            "note": rate.note or None,
        }  # fmt: skip


def _rate_terms(catalogue: Catalogue) -> Iterator[Row]:
    for rate in catalogue.rates:
        for term in rate.terms:
            yield {
                "rate_id": rate.id, "side": term.side, "metric_id": term.name, "is_optional": term.is_optional,
            }  # fmt: skip


def _units(catalogue: Catalogue) -> Iterator[Row]:
    for unit in catalogue.units:
        for name in unit.names:
            yield {"unit": name, "unit_class": unit.kind, "factor": unit.factor}


def _applicant_types(catalogue: Catalogue) -> Iterator[Row]:
    for number, kind in enumerate(catalogue.applicant_types, 1):
        yield {"applicant_type": kind.id, "position": number, "label_zh": kind.label_zh, "label_en": kind.label_en}


ACCURACY_COLUMNS = (
    "measured_on", "set", "reader_version", "form", "basis", "metric_id", "sample_size", "right", "wrong", "missed",
    "invented", "precision", "recall",
)  # fmt: skip


def _accuracy(_: Catalogue) -> Iterator[Row]:
    """The published measure; it says of itself by which reader and on which set it was made."""
    for row in load_csv("accuracy.csv"):
        yield {column: row[column] or None for column in ACCURACY_COLUMNS}


TABLES: dict[str, tuple[tuple[str, ...], Callable[[Catalogue], Iterable[Row]]]] = {
    "forms": (("form_id", "form_no", "name_zh", "name_en", "first_year", "last_year", "legal_basis"), _forms),
    "fields": (
        ("form_id", "field_no", "field_id", "metric_id", "label_zh", "unit", "table_id", "table_kind", "row_label",
         "column_label", "parent", "is_variant", "verified"),
        _fields,
    ),
    "metrics": (
        ("metric_id", "metric_no", "label_zh", "label_en", "definition", "unit_std", "kind", "family", "comparability",
         "comparability_note"),
        _metrics,
    ),
    "metric_groups": (("metric_id", "form_id", "field_id", "definition_group", "column_name"), _metric_groups),
    "derived_terms": (("metric_id", "definition_group", "form_id", "term_no", "field_id"), _derived_terms),
    "checks": (
        ("check_id", "check_no", "between_reports", "terms_are", "basis", "forms", "other_forms", "per", "relation",
         "factor", "tolerance", "severity", "reported_side", "blame", "because", "description", "description_zh"),
        _checks,
    ),
    "check_terms": (
        ("check_id", "form_id", "instance", "side", "sign", "is_other", "is_optional", "term_id", "applicant_key",
         "is_variant"),
        _check_terms,
    ),
    "rates": (("rate_id", "rate_no", "label_zh", "label_en", "numerator", "denominator", "note"), _rates),
    "rate_terms": (("rate_id", "side", "metric_id", "is_optional"), _rate_terms),
    "units": (("unit", "unit_class", "factor"), _units),
    "applicant_types": (("applicant_type", "position", "label_zh", "label_en"), _applicant_types),
    "accuracy": (ACCURACY_COLUMNS, _accuracy),
    "divisions": (place.DIVISION_COLUMNS, lambda _: place.division_rows()),
    "provinces": (place.PROVINCE_COLUMNS, lambda _: place.province_rows()),
    "coverage": (place.COVERAGE_COLUMNS, lambda _: place.coverage_rows()),
    "successors": (place.SUCCESSOR_COLUMNS, lambda _: place.successor_rows()),
    "corrections": (CORRECTION_COLUMNS, correction_rows),
    "issues": (published.ISSUE_COLUMNS, lambda _: published.issue_rows()),
    "sources": (published.SOURCE_COLUMNS, lambda _: published.source_rows()),
    "takedowns": (published.TAKEDOWN_COLUMNS, lambda _: published.takedown_rows()),
}  # fmt: skip


def write_seeds(
    folder: Path, catalogue: Catalogue | None = None, places: Iterable[tuple[str, str]] = ()
) -> dict[str, int]:
    """Write every seed as ``folder/<table>.csv``; the number of rows by table.

    ``places``: names and levels of towns and zones, which no seed lists, that want an English name.
    Same catalogue, corrections and places, same bytes. An empty cell is NULL. Raises CatalogueError where one of them
    cannot be used.
    """
    catalogue = catalogue or load_catalogue()
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, (columns, rows_of) in TABLES.items():
        counts[name] = _write_seed(folder / f"{name}.csv", columns, rows_of(catalogue))
    counts["place_names"] = _write_seed(folder / "place_names.csv", place.NAME_COLUMNS, place.name_rows(places))
    return counts


def _write_seed(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
        count += 1
    path.write_text(text.getvalue(), encoding="utf-8")
    return count


def _cell(value: object) -> object:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


GENERATED = "Generated from the catalogue by python -m flows.seeds --write-yaml; do not edit."


def generated_files(catalogue: Catalogue, project: Path = DBT_PROJECT) -> dict[Path, str]:
    """The text of every file of ``project`` that is generated from the catalogue, by path."""
    columns = wide_columns(catalogue)
    wide = YAML(typ="safe").load((project / "wide_marts.yml").read_text(encoding="utf-8"))
    files = {project / "macros/wide_columns.sql": _columns_macro(columns)}
    for mart in wide["marts"]:
        fixed = [column for column in wide["columns"] if column.get("only", mart["name"]) == mart["name"]]
        files[project / f"models/marts/{mart['name']}.yml"] = _mart_yaml(mart, fixed, columns)
    from flows.semantic_layer import semantic_files  # it is made of the columns above

    return files | semantic_files(catalogue, project)


def _columns_macro(columns: list[WideColumn]) -> str:
    entries = ",\n".join(
        f"    {{'name': '{name}', 'metric_id': '{metric_id}', 'definition_group': '{group}'}}"
        for name, metric_id, group, _, _ in columns
    )
    head = f"{{# {GENERATED} #}}\n{{% macro wide_columns() %}}\n    {{%- set columns = [\n"
    return f"{head}{entries}\n    ] -%}}\n    {{{{ return(columns) }}}}\n{{% endmacro %}}\n"


def _mart_yaml(mart: dict[str, str], fixed: list[dict[str, Any]], columns: list[WideColumn]) -> str:
    lines = [f"# {GENERATED}", "version: 2", "models:", f"  - name: {mart['name']}"]
    lines += [f"    description: {_quoted(mart['description'])}", "    columns:"]
    for column in fixed:
        lines += [f"      - name: {column['name']}", f"        data_type: {column['type']}"]
        lines.append(f"        description: {_quoted(column['text'])}")
        if column.get("required"):
            lines.append("        constraints: [{type: not_null}]")
    for value in columns:
        lines += [f"      - name: {value.name}", "        data_type: double"]
        lines.append(f"        description: {_quoted(value.description)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A YAML string in single quotes; braces are cut apart so that dbt reads no Jinja in them."""
    return "'" + text.strip().replace("'", "''").replace("{{", "{ {").replace("{%", "{ %") + "'"


def stale_files(catalogue: Catalogue, project: Path = DBT_PROJECT) -> dict[Path, str]:
    """The generated files whose text on disk differs from what the catalogue gives, with the right text."""
    return {
        path: text
        for path, text in generated_files(catalogue, project).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(arguments: list[str] | None = None) -> int:
    """``python -m flows.seeds [--write-yaml] [--seeds FOLDER]``; without an option exit code 1 says what is stale."""
    parser = argparse.ArgumentParser(prog="python -m flows.seeds", description=__doc__)
    parser.add_argument("--write-yaml", action="store_true", help="write the generated files of dbt_project")
    parser.add_argument("--seeds", type=Path, metavar="FOLDER", help="write the CSV seeds into this folder")
    options = parser.parse_args(arguments)
    if options.seeds:
        print(f"{sum(write_seeds(options.seeds).values())} rows written to {options.seeds}")
        return 0
    stale = stale_files(load_catalogue())
    if options.write_yaml:
        for path, text in stale.items():
            path.write_text(text, encoding="utf-8")
            print(f"written: {path}")
        return 0
    for path in stale:
        print(f"stale: {path} (run python -m flows.seeds --write-yaml)")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
