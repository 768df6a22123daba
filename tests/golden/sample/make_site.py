"""Makes scrapers/sources/sample_site/ and the golden answers beside this file from specs/*.yaml.

Run it after editing a spec: `python -m tests.golden.sample.make_site`, or as a script. What is committed counts;
nothing needs this at run time.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
if __package__ in (None, ""):
    sys.path.insert(0, str(HERE))
    from maker import html, listing, office, spec
    from maker.grids import article_20, requests_matrix, review_and_litigation, shanghai, statistics_2014
else:
    from .maker import html, listing, office, spec
    from .maker.grids import article_20, requests_matrix, review_and_litigation, shanghai, statistics_2014

SITE = HERE.parents[2] / "scrapers" / "sources" / "sample_site"


class _Row(list[Any]):
    """A list that the answers write in one line."""


def _represent_row(dumper: yaml.SafeDumper, row: _Row) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)


yaml.SafeDumper.add_representer(_Row, _represent_row)


def tables_of(page: spec.Spec) -> dict[str, Any]:
    """The tables of a page by the mark that places them in its body."""
    cells = {**spec.cells_of(page)}
    printed = {f: str(page.get("printed", {}).get(f, spec.as_printed(v))) for f, v in cells.items()}
    form = spec.form_of(page)
    tables: dict[str, Any] = {}
    if "sh" in page:
        tables["SH"] = shanghai(printed)
    if "t2014" in page:
        tables["T2014"] = statistics_2014(printed)
    if "t2" in page:
        tables["T2"] = article_20(form, printed)
    if "t3" in page:
        matrix = {f: [spec.as_printed(v) for v in row] for f, row in spec.matrix_of(page).items()}
        tables["T3"] = requests_matrix(form, matrix)
    if "t4" in page:
        tables["T4"] = review_and_litigation(_t4(page))
    return tables


def _t4(page: spec.Spec) -> list[str]:
    return ["" if value in ("z", None) else str(value) for value in page["t4"]]


def page_bytes(page: spec.Spec, answer: dict[str, Any]) -> bytes:
    """One page as it is served."""
    lines = page["body"].splitlines() if "body" in page else []
    tables = tables_of(page)
    if page["frame"] == "docx":
        return office.docx_bytes(answer["title"], lines, tables)
    if page["frame"] == "pdf":
        return office.pdf_bytes(answer["title"], lines, tables)
    style = page.get("labels", "plain")
    content = html.body_html(lines, tables, style, nested=page["frame"] == "nested")
    return html.page_html(page, answer, content).encode(page.get("encoding", "utf-8"))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _answer_text(answer: dict[str, Any]) -> str:
    lined = {**answer, "matrix": {f: _Row(row) for f, row in answer["matrix"].items()}}
    for key in ("candidate_codes", "annexes", "issues", "accept_issues", "missing", "tolerated"):
        lined[key] = _Row(answer[key])
    return yaml.safe_dump(lined, allow_unicode=True, sort_keys=False, width=10**6)


def main(site: Path = SITE, answer_folder: Path = HERE) -> None:
    """Write every page, the list pages and every answer."""
    pages = spec.load_specs(HERE / "specs")
    answers: dict[str, dict[str, Any]] = {}
    for name, page in pages.items():
        if "copy_of" in page:
            answer = _answer_of_copy(page, answers[page["copy_of"]])
            _write(site / page["file"], (site / answer["duplicate_of"]).read_bytes())
        else:
            answer = spec.answer_of(page)
            _write(site / page["file"], page_bytes(page, answer))
        answers[name] = answer
        _write(answer_folder / f"{name}.yaml", _answer_text(answer).encode("utf-8"))
    for file, text in listing.list_pages(answers).items():
        _write(site / file, text.encode("utf-8"))


def _answer_of_copy(page: spec.Spec, original: dict[str, Any]) -> dict[str, Any]:
    place = {"file": page["file"], "url_path": "/" + page["file"], "about": page["about"]}
    return {**original, **place, "duplicate_of": original["file"], "issues": ["duplicate"]}


if __name__ == "__main__":
    main()
