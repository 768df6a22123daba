"""The corpus holds together: answers follow from the specs, every figure is on its page, the tables add up.

The pages are read here with parsers of no relation to the reader; neither the reader nor its catalogue is imported.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pytest
import yaml
from bs4 import BeautifulSoup

from tests.golden.corpus import make_corpus
from tests.golden.corpus.maker import spec as specs
from tests.golden.corpus.maker.damage import DAMAGES
from tests.golden.corpus.maker.traps import known
from tests.golden.sample.maker.grids import FORMS

HERE = make_corpus.HERE
PAGES = HERE / "pages"
SAMPLE = HERE.parent / "sample"
ANSWERS = {p.stem: yaml.load(p.read_text(encoding="utf-8"), yaml.CSafeLoader) for p in sorted(HERE.glob("[0-9]*.yaml"))}
SPECS = specs.load_specs(HERE / "specs")
REPORTS = {name: answer for name, answer in ANSWERS.items() if answer["document_kind"] != "not_a_report"}
WORDS_ONLY = {
    "info_disclosed_stock", "info_via_douyin", "gov_documents_disclosed", "policy_docs_disclosed", "public_interactions",
    "mailbox_letters_handled", "proposal_results_disclosed", "full_text_digitisation_rate", "consultations_total",
    "hotline_12345_orders", "petitions_accepted", "negative_opinion_incidents_handled", "litigation_total",
    "foi_processing_fee_amount", "foi_processing_fee_requests", "appeals_total", "refused_total", "foi_budget",
    "requests_by_network",
}  # fmt: skip
NUMERALS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
APPLICANTS = 7
GIVEN = {"sum_mismatch"}
ARTICLE_20 = {
    "F2019": {
        "规章": 3, "规范性文件": 3, "行政许可": 3, "其他对外管理服务事项": 3, "行政处罚": 3, "行政强制": 3,
        "行政事业性收费": 2, "政府集中采购": 2,
    },
    "F2021": {"规章": 3, "行政规范性文件": 3, "行政许可": 1, "行政处罚": 1, "行政强制": 1, "行政事业性收费": 1},
}  # fmt: skip
each_page = pytest.mark.parametrize("name", ANSWERS)
each_report = pytest.mark.parametrize("name", REPORTS)


@cache
def page_text(file: str) -> str:
    """All visible text of a page, table cells in the order of the file."""
    content, ending = (PAGES / file).read_bytes(), Path(file).suffix
    if ending == ".docx":
        return _docx_text(content)
    if ending == ".pdf":
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            tables = [row for page in pdf.pages for table in page.extract_tables() for row in table]
            return "".join(page.extract_text() for page in pdf.pages) + "\n".join(
                "".join(c or "" for c in row) for row in tables
            )
    text = content.decode(next(page.get("encoding", "utf-8") for page in SPECS.values() if page["file"] == file))
    if ending == ".txt":
        return text
    soup = BeautifulSoup(re.sub(r"(?i)charset=[\"']?[\w-]+", "", text), "lxml")
    return soup.get_text("")


def _docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    out = [p.text for p in document.paragraphs]
    for table in document.tables:
        for row in table.rows:
            seen: list[Any] = []
            out.append("".join(cell.text for cell in row.cells if cell._tc not in seen and not seen.append(cell._tc)))
    return "\n".join(out)


def squeezed(text: str) -> str:
    return re.sub(r"[\s|]", "", unicodedata.normalize("NFKC", text))


def stamped(name: str, text: str) -> str:
    damage = SPECS[name].get("damage")
    return DAMAGES[damage](text) if damage else text


def test_what_is_committed_is_what_the_specs_make() -> None:
    made = make_corpus.made()
    committed = {f"pages/{p.relative_to(PAGES).as_posix()}": p for p in PAGES.rglob("*") if p.is_file()}
    committed |= {p.name: p for p in [*HERE.glob("[0-9]*.yaml"), HERE / "README.md"]}
    assert set(made) == set(committed)
    for name, content in made.items():
        on_disk = committed[name].read_bytes()
        same = _members(content) == _members(on_disk) if name.endswith(".docx") else content == on_disk
        assert same, f"{name}: run make_corpus and commit what it makes"


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_there_are_enough_pages_of_every_form_and_shape() -> None:
    assert len(ANSWERS) >= 84
    forms = Counter(answer["report_format"] for answer in REPORTS.values())
    assert all(forms[form] >= 14 for form in ("F2008", "F2014", "F2019", "F2021")), forms
    assert sum("sh" in SPECS[name] for name in REPORTS) >= 2
    assert sum("t2014" in SPECS[name] for name in REPORTS) >= 6
    with_matrix = Counter(answer["report_format"] for answer in REPORTS.values() if answer["matrix"])
    assert with_matrix["F2019"] >= 10 and with_matrix["F2021"] >= 14


def test_every_trap_stands_on_two_pages() -> None:
    count = Counter(trap for answer in ANSWERS.values() for trap in answer["traps"])
    assert set(count) == set(known())
    assert {trap: n for trap, n in count.items() if n < 2} == {}


def test_the_manifest_names_pages_that_are_there() -> None:
    with (PAGES / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(r["file"], r["url"]) for r in rows} == {(a["file"], a["url"]) for a in ANSWERS.values() if a["url"]}
    assert len({a["file"] for a in ANSWERS.values()}) == len(ANSWERS)
    assert 0 < len(rows) < len(ANSWERS)


def test_no_place_of_the_sample_or_twice_a_report() -> None:
    sample = [yaml.load(p.read_text(encoding="utf-8"), yaml.CSafeLoader) for p in SAMPLE.glob("[0-9]*.yaml")]
    places = {answer["jurisdiction_code"] for answer in REPORTS.values()} - {None}
    assert not places & {answer["jurisdiction_code"] for answer in sample}
    once = Counter(
        (a["jurisdiction_id"], a["report_year"], a["agency_name"])
        for a in REPORTS.values()
        if not set(a["traps"]) & {"dup", "revised"}
    )
    assert [key for key, n in once.items() if n > 1 and key[0]] == []


def test_links_between_answers_hold() -> None:
    files = {answer["file"] for answer in ANSWERS.values()}
    for answer in ANSWERS.values():
        assert {answer["duplicate_of"], answer["superseded_by"]} - {None} <= files


@each_report
def test_evidence_title_and_contacts_are_on_the_page(name: str) -> None:
    answer = REPORTS[name]
    text = squeezed(page_text(answer["file"]))
    wanted = [f["evidence"] for f in answer["figures"]]
    wanted += [answer[k] for k in ("title", "phone", "fax", "email", "postcode") if answer[k]]
    wanted += [stamped(name, answer["address"])] if answer["address"] else []
    assert [w for w in wanted if squeezed(w) not in text] == []


@each_report
def test_the_publication_date_is_on_the_page(name: str) -> None:
    answer, page = REPORTS[name], SPECS[name]
    day = answer["published_on"]
    if day is None:
        return
    said = f"{page.get('when')} {page.get('meta')} " + re.sub(r"[○〇O0]", "0", squeezed(page["body"]))
    year = "".join("零一二三四五六七八九"[int(digit)] for digit in str(day.year)).replace("零", "0")
    forms = {
        f"{day}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}年{day.month:02}月{day.day:02}日",
        f"{year}年{in_words(day.month)}月{in_words(day.day)}日",
    }  # fmt: skip
    assert any(re.sub(r"[○〇O0]", "0", form) in said for form in forms), forms


def in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "零一二三"[tens] + "十") + (
        "零一二三四五六七八九"[ones] if ones else ""
    )


@each_report
def test_figures_follow_from_their_evidence(name: str) -> None:
    for row, (_, value, unit, evidence, *_rest) in zip(
        REPORTS[name]["figures"], SPECS[name].get("figures", ()), strict=True
    ):
        if row["value_state"] in ("stated_zero", "implied"):
            assert value == 0 or row["value_state"] == "implied"
            continue
        if SPECS[name]["body"].count("\n" + f"{value}\n") or f"<br>{value}<br>" in SPECS[name]["body"]:
            continue  # the number stands on a line of its own behind the words
        assert value in numbers(evidence), (row["metric_id"], evidence)
        assert unit in evidence, (row["metric_id"], evidence)


def numbers(text: str) -> set[float]:
    """Every number of a sentence, in digits or numerals."""
    plain = re.sub(r"(?<=\d)[, ](?=\d{3})", "", unicodedata.normalize("NFKC", text))
    found = {float(n) * (10000 if wan else 1) for n, wan in re.findall(r"(\d+(?:\.\d+)?)(?:余|多)?(万(?!元))?", plain)}
    return {round(n, 6) for n in found} | {numeral(word) for word in re.findall("[零一二三四五六七八九十百两]+", plain)}


def numeral(word: str) -> float:
    total, digit = 0, 0
    for char in word:
        if char in NUMERALS:
            digit = NUMERALS[char]
        else:
            total, digit = total + max(digit, 1) * {"十": 10, "百": 100}[char], 0
    return float(total + digit)


@each_report
def test_one_value_a_metric_and_nothing_that_must_be_missing(name: str) -> None:
    answer = REPORTS[name]
    stated = [f["metric_id"] for f in answer["figures"]]
    assert len(stated) == len(set(stated))
    printed = {field for field, value in answer["cells"].items() if value is not None} | set(answer["matrix"])
    assert not (set(stated) | printed) & set(answer["missing"])
    assert not set(stated) & set(answer["tolerated"])
    fields = {
        r[k]
        for tables in FORMS.values()
        for rows in tables.values()
        for r in rows
        for k in ("field", "metric")
        if k in r
    }
    assert set(stated) <= fields | WORDS_ONLY


def test_pages_that_are_no_reports_have_no_values() -> None:
    for name in ANSWERS.keys() - REPORTS.keys():
        answer = ANSWERS[name]
        assert answer["reason"] and not (answer["figures"] or answer["cells"] or answer["matrix"]), name


@each_report
def test_tables_on_the_page_hold_the_answer(name: str) -> None:
    """Every row: its label, then its values, in the text of the page itself."""
    answer, page = REPORTS[name], SPECS[name]
    if answer["file"].endswith(".pdf"):
        return  # labels wrap inside PDF cells: see the test of rows below
    text = plain_numbers(squeezed(undamaged(page_text(answer["file"]))))
    for label, between, values in rows_of(name, page):
        words = re.escape(squeezed(undamaged(stamped(name, label + between))))
        columns = r"\d*" if "columns_before_value" in page else ""
        pattern = words + columns + "".join(map(printed_as, values))
        assert re.search(pattern, text), (label, values)


def undamaged(text: str) -> str:
    """Labels and page are compared with their readings taken out."""
    return re.sub(r"[(（][a-zā-ǜ]+[)）]", "", text).replace(",,", "，")


def plain_numbers(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def printed_as(value: Any) -> str:
    """How a value may be printed: with a sign, a unit or a note behind it; no value as nothing or a dash."""
    if value is None or value == "blank0":
        return r"(?:——|[-/])?"
    in_ten_thousands = f"{value / 10000:g}万"
    return rf"\+?(?:{re.escape(f'{value}')}|{re.escape(in_ten_thousands)})(?:万元|元|条|件)?(?:\([^)]*\))?"


def rows_of(name: str, page: dict[str, Any]) -> list[tuple[str, str, list[Any]]]:
    """(label, words between, values) of the matrix and of the forms with one value a row, from the answer."""
    answer, rows = REPORTS[name], []
    cells = answer["cells"]
    renamed = {old: new for pairs in page.get("relabel", {}).values() for old, new in pairs}
    for key in ("sh", "t2014"):
        if key in page:
            form = "F2008" if key == "sh" else "F2014"
            for row in FORMS[form][key]:
                if "field" in row:
                    rows.append((row["label"], row.get("code", "") + row["unit"], [cells[row["field"]]]))
    if "t3" in page:
        for row in FORMS[page.get("t3_form") or specs.form_of(page)]["t3"]:
            rows.append((row["label"], "", answer["matrix"][row["field"]]))
    if "t2" in page:
        values = iter(specs.list_of(page, "t2"))
        for label, width in ARTICLE_20[specs.form_of(page)].items():
            rows.append((label, "", [cells[next(values)] for _ in range(width)]))
    if "t4" in page:
        rows.append(("总计", "", [cells[field] for field in specs.list_of(page, "t4")]))
    return [(renamed.get(label, label), between, values) for label, between, values in rows]


@each_report
def test_rows_and_columns_of_the_matrix_balance(name: str) -> None:
    answer = REPORTS[name]
    if not answer["matrix"] or GIVEN & set(answer["issues"]):
        return
    matrix = {field: [0 if v == "blank0" else v for v in row] for field, row in answer["matrix"].items()}
    for field, row in matrix.items():
        assert row[6] is None or sum(row[:6]) == row[6], field
    rows = list(matrix.values())
    for c in range(6):
        assert sum(row[c] for row in rows[2:-2]) == rows[-2][c]
        assert rows[0][c] + rows[1][c] == rows[-2][c] + rows[-1][c]


@each_report
def test_results_of_reviews_and_lawsuits_add_up(name: str) -> None:
    cells = {field: 0 if v == "blank0" else v for field, v in REPORTS[name]["cells"].items()}
    for block in ("review", "litigation_direct", "litigation_after_review"):
        parts = [cells.get(f"{block}_{result}") for result in ("upheld", "corrected", "other", "pending")]
        if f"{block}_pending" in cells and None not in parts:
            assert sum(parts) == cells[f"{block}_total"], block


@each_report
def test_the_table_of_2014_adds_up(name: str) -> None:
    cells = REPORTS[name]["cells"]
    if "t2014" not in SPECS[name]:
        return
    fields = [row["field"] for row in FORMS["F2014"]["t2014"] if "field" in row]
    sums = {
        "requests_received_total": ("requests_by_in_person", "requests_by_letter"),
        "requests_concluded_total": ("requests_concluded_on_time", "requests_concluded_extended"),
        "reply_refused_total": ("refused_state_secret", "refused_other_legal"),
        "review_total": ("review_upheld", "review_other"),
        "litigation_total": ("litigation_upheld", "litigation_other"),
        "foi_staff_total": ("foi_staff_full_time", "foi_staff_part_time"),
    }  # fmt: skip
    for total, (first, last) in sums.items():
        parts = fields[fields.index(first) : fields.index(last) + 1]
        assert sum(cells[part] for part in parts) == cells[total], total
    replies = (
        "reply_already_public",
        "reply_disclosed_full",
        "reply_disclosed_partial",
        "reply_refused_total",
        "reply_not_this_agency",
        "reply_info_not_exist",
        "reply_amend_supplement",
        "reply_other_channel",
    )
    assert sum(cells[part] for part in replies) == cells["replies_total"]


def test_rows_of_the_pdf_files() -> None:
    """The numbers at the end of the table rows of a PDF are those of the answer, in the order of the form."""
    for name, answer in REPORTS.items():
        if not answer["file"].endswith(".pdf"):
            continue
        with pdfplumber.open(PAGES / answer["file"]) as pdf:
            rows = [row for page in pdf.pages for table in page.extract_tables() for row in table]
        width = APPLICANTS if answer["matrix"] else 1
        numbered = [row[-width:] for row in rows if all(re.fullmatch(r"[\d.]+", cell or "") for cell in row[-width:])]
        wanted = [list(map(str, row)) for row in answer["matrix"].values()] or [
            [str(v)] for v in answer["cells"].values()
        ]
        assert any(numbered[i : i + len(wanted)] == wanted for i in range(len(numbered))), name
