"""Makes pages/, pages/manifest.csv and the answers beside this file from specs/*.yaml.

Run it after editing a spec: `python -m tests.golden.corpus.make_corpus`. What is committed counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import yaml

from tests.golden.corpus.maker import spec as specs
from tests.golden.corpus.maker.damage import DAMAGES
from tests.golden.corpus.maker.frames import FRAMES, Facts
from tests.golden.corpus.maker.styles import markup, rows_of
from tests.golden.corpus.maker.traps import known, traps_of
from tests.golden.sample.maker import office
from tests.golden.sample.maker.grids import (
    Part,
    Table,
    article_20,
    requests_matrix,
    review_and_litigation,
    shanghai,
    statistics_2014,
)

HERE = Path(__file__).resolve().parent
DECLARED = {
    "none": "", "http": '<meta http-equiv="Content-Type" content="text/html; charset={}">', "short": '<meta charset="{}">',
}  # fmt: skip
MADE = "<!-- made by make_corpus.py from here on -->\n"
Stamp = Callable[[str], str]


class _Row(list[Any]):
    """A list that the answers write in one line."""


yaml.SafeDumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)
)


def tables_of(page: specs.Spec) -> dict[str, Table]:
    """The tables of a page by the mark that places them in its body."""
    made: dict[str, Table] = {}
    printed = {field: text for field, (_, text) in specs.cells_of(page).items()}
    form = specs.form_of(page)
    if "sh" in page:
        made["SH"] = shanghai(printed)
    if "t2014" in page:
        made["T2014"] = statistics_2014(printed)
    if "t2" in page:
        made["T2"] = article_20(page.get("t2_form") or form, printed)
    if "t3" in page:
        rows = {field: [text for _, text in row] for field, row in specs.matrix_of(page).items()}
        made["T3"] = requests_matrix(page.get("t3_form") or form, rows)
    if "t4" in page:
        made["T4"] = review_and_litigation([text for _, text in specs.list_of(page, "t4").values()])
    for name, rows_text in page.get("own_tables", {}).items():
        made[name] = [[Part(cell) for cell in line.split("|")] for line in rows_text.strip().splitlines()]
    return {name: _edited(page, name, table) for name, table in made.items()}


def _edited(page: specs.Spec, name: str, table: Table) -> Table:
    """Labels renamed, rows put in or taken out, columns put in, as the spec says."""
    for old, new in page.get("relabel", {}).get(name, ()):
        if not any(part.text == old for row in table for part in row):
            raise ValueError(f"{page['name']}: no label {old}")
        table = [[replace(part, text=new) if part.text == old else part for part in row] for row in table]
    for after, *cells in page.get("extra_rows", {}).get(name, ()):
        at = next(i for i, row in enumerate(table) if row[0].text == after)
        table = [*table[: at + 1], [Part(str(cell)) for cell in cells], *table[at + 1 :]]
    for label in page.get("drop_rows", {}).get(name, ()):
        table = [row for row in table if row[0].text != label]
    for head, texts in page.get("columns_before_value", {}).get(name, ()):
        values = [head, *(_portion(row[-1].text, texts) for row in table[1:])]
        table = [[*row[:-1], Part(text), row[-1]] for row, text in zip(table, values, strict=True)]
    return table


def _portion(total: str, part: str) -> str:
    """A part of a printed total: the half, the rest, the last quarter; a sign stays itself."""
    if not total.isdigit():
        return total
    number = int(total)
    return str({"half": number // 2, "rest": number - number // 2, "quarter": number // 4}[part])


def _stamp(page: specs.Spec) -> Stamp:
    return DAMAGES[page["damage"]] if page.get("damage") else lambda text: text


def html_page(page: specs.Spec, answer: dict[str, Any]) -> str:
    """One page as HTML."""
    stamp, tables = _stamp(page), tables_of(page)
    blocks, later = [], []
    for line in page["body"].splitlines():
        if line.startswith("@@"):
            later.append(_table(page, tables, line[2:], stamp))
        elif line.startswith("@"):
            blocks.append(_table(page, tables, line[1:], stamp))
        else:
            blocks.append(_block(page, line, stamp))
    glue = "" if page.get("glue") else "\n"
    title = stamp(page["frame_title"] or "") or None if "frame_title" in page else answer["title"]
    head = page.get("head", title or "政府信息公开")
    charset = DECLARED[page.get("how", "http")].format(page.get("declare", page.get("encoding", "utf-8")))
    facts = Facts(
        title,
        head,
        page.get("site", "政府门户网站"),
        _text(page.get("when")),
        _text(page.get("meta")),
        charset,
        page.get("head_extra", ""),
        "\n".join(later),
    )
    return FRAMES[page.get("frame", "portal")](facts, glue.join(blocks))


def _text(value: Any) -> str | None:
    return None if value is None else f"{value}"


def _table(page: specs.Spec, tables: dict[str, Table], name: str, stamp: Stamp) -> str:
    style = page.get("styles", {}).get(name) or page.get("style", "plain")
    return markup(tables[name], style, stamp)


def _block(page: specs.Spec, line: str, stamp: Stamp) -> str:
    """`== ` heading, `> ` signature, `raw ` markup; in the page's own way of writing paragraphs."""
    if line.startswith("raw "):
        return line[4:]
    heading, signed = line.startswith("== "), line.startswith("> ")
    text = escape(stamp(line[3:] if heading else line[2:] if signed else line), quote=False)
    match page.get("paragraphs", "p"):
        case "nbsp":
            return f"<p>{'&nbsp;' * 4}{text}</p>"
        case "br":
            return f"　　{text}<br>"
        case "bare":
            return text + " "
        case "div":
            return f"<div>{'' if heading else '　　'}{text}</div>"
        case "spans":
            return f"<p>{_spanned(text)}</p>"
    if heading:
        return f"<p><b>{text}</b></p>"
    return f'<p align="right">{text}</p>' if signed else f"<p>　　{text}</p>"


def _spanned(text: str) -> str:
    """Runs of three letters in spans of their own, as word processors leave them; tags cut numbers."""
    return "".join(f"<span>{text[i : i + 3]}</span>" for i in range(0, len(text), 3)) if "&" not in text else text


def text_page(page: specs.Spec, answer: dict[str, Any]) -> str:
    """One page as plain text."""
    stamp, tables = _stamp(page), tables_of(page)
    title = stamp(page["frame_title"] or "") if "frame_title" in page else answer["title"]
    lines = [title] if title else []
    lines += [f"{page['when']}"] if page.get("when") else []
    for line in page["body"].splitlines():
        if line.startswith("@"):
            name = line.lstrip("@")
            rows = rows_of(tables[name], page.get("styles", {}).get(name) or page.get("style", "pipes"))
            lines += [stamp(row) for row in rows or ()]
        else:
            lines.append(stamp(line.removeprefix("== ").removeprefix("> ")))
    return "\n".join(lines) + "\n"


def page_bytes(page: specs.Spec, answer: dict[str, Any]) -> bytes:
    """One page as it lies in the folder."""
    ending, lines = Path(page["file"]).suffix, page.get("body", "").splitlines()
    title = page.get("frame_title", answer["title"])
    if ending == ".docx":
        return office.docx_bytes(title, lines, tables_of(page))
    if ending == ".pdf":
        return office.pdf_bytes(title, lines, tables_of(page))
    encoding = page.get("encoding", "utf-8")
    if ending == ".txt":
        return text_page(page, answer).encode(encoding)
    return html_page(page, answer).encode(encoding, "xmlcharrefreplace")


def finished(page: specs.Spec) -> dict[str, Any]:
    """The answer with title, address and evidence as the damaged page prints them."""
    answer, stamp = specs.answer_of(page), _stamp(page)
    plain = answer["title"]
    text = _plain_text(page, plain)
    answer["traps"] = traps_of(page["traps"], plain, text + stamp(text), answer["document_kind"] != "not_a_report")
    if plain and "title_kept" not in page:
        answer["title"] = stamp(plain)
        if answer["title"] != plain:
            answer["accept"] = {**answer["accept"], "title": [*answer["accept"].get("title", []), plain]}
    if answer["address"] and stamp(answer["address"]) != answer["address"]:
        answer["accept"] = {
            **answer["accept"],
            "address": [*answer["accept"].get("address", []), stamp(answer["address"])],
        }
    for figure in answer["figures"]:
        figure["evidence"] = stamp(figure["evidence"])
    return answer


def _plain_text(page: specs.Spec, title: str | None) -> str:
    """What a page says before its script is damaged: title, line under it, text and cells."""
    lines = [title or "", _text(page.get("when")) or "", *re.sub(r"<[^>]*>", "", page.get("body", "")).splitlines()]
    cells = [part.text for table in tables_of(page).values() for row in table for part in row if not part.label]
    return "\n".join([*(re.sub("^(== |> |raw )", "", line) for line in lines), *cells])


def _answer_text(answer: dict[str, Any]) -> str:
    lined = {**answer, "matrix": {f: _Row(row) for f, row in answer["matrix"].items()}}
    for key in ("traps", "candidate_codes", "issues", "accept_issues", "missing", "tolerated"):
        lined[key] = _Row(answer[key])
    return yaml.safe_dump(lined, allow_unicode=True, sort_keys=False, width=10**6)


def made() -> dict[str, bytes]:
    """Every file of the corpus that comes from the specs, by its path below this folder."""
    files: dict[str, bytes] = {}
    answers = {}
    pages = specs.load_specs(HERE / "specs")
    for name, page in pages.items():
        answers[name] = answer = finished(page)
        content = files[f"pages/{pages[page['copy_of']]['file']}"] if "copy_of" in page else page_bytes(page, answer)
        files[f"pages/{page['file']}"] = content
        files[f"{name}.yaml"] = _answer_text(answer).encode()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "url"])
    writer.writerows([answer["file"], answer["url"]] for answer in answers.values() if answer["url"])
    return files | {"pages/manifest.csv": table.getvalue().encode(), "README.md": _readme(answers).encode()}


def _readme(answers: dict[str, dict[str, Any]]) -> str:
    """The README with its two tables made anew."""
    said = (HERE / "README.md").read_text(encoding="utf-8").partition(MADE)[0]
    numbers = {name: name.partition("_")[0] for name in answers}
    lines = ["", "| trap | what | pages |", "|---|---|---|"]
    for trap, facts in known().items():
        pages = " ".join(numbers[name] for name, answer in answers.items() if trap in answer["traps"])
        lines.append(f"| {trap} | {facts['about']} | {pages} |")
    lines += ["", "## The pages", "", "| page | file | form | what is special |", "|---|---|---|---|"]
    for name, answer in sorted(answers.items(), key=lambda one: int(numbers[one[0]])):
        form = answer["report_format"] or answer["reason"]
        lines.append(f"| {numbers[name]} | {answer['file']} | {form} | {answer['about'].replace('|', ',')} |")
    return said + MADE + "\n".join(lines) + "\n"


def main() -> None:
    """Write every page, the manifest and every answer."""
    for name, content in made().items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
