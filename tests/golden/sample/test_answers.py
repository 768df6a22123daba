"""The golden answers against the bytes of the sample site, read with an HTML parser of no relation to the reader."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import docx
import pdfplumber
import pytest
from bs4 import BeautifulSoup, Comment

from tests.fixtures.bad import make_bad
from tests.golden.sample import make_site
from tests.golden.sample.answers import blank_cells, expected_values, load_answers
from tests.golden.sample.maker.html import NOTICE
from tests.golden.sample.maker.listing import DEAD_LINK

ANSWERS = load_answers()
CLOSED_SET = {
    "sum_mismatch", "narrative_contradicts_table", "tables_lost", "hijacked", "jurisdiction_undecided",
    "not_a_report", "duplicate", "revised", "mirror",
}  # fmt: skip
BLANK = re.compile(r"\s+")
each_page = pytest.mark.parametrize("name", ANSWERS)


def visible_text(path: Path) -> tuple[str, str]:
    """The text a visitor reads, and the frame's part of it where the notice must stand."""
    content = path.read_bytes()
    if path.suffix == ".docx":
        document = docx.Document(io.BytesIO(content))
        frame = document.sections[0].header.paragraphs[0].text
        return "\n".join(p.text for p in document.paragraphs), frame
    if path.suffix == ".pdf":
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            text = "".join(page.extract_text() for page in pdf.pages)
        return text, text
    try:
        soup = BeautifulSoup(content.decode("utf-8"), "lxml")
    except UnicodeDecodeError:
        soup = BeautifulSoup(content.decode("gb18030"), "lxml")
    for tag in soup(["script", "template", "style"]):
        tag.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    text = soup.get_text("")
    return text, text


def squeezed(text: str) -> str:
    return BLANK.sub("", text)


@each_page
def test_every_evidence_title_and_contact_is_on_the_page(name: str) -> None:
    answer = ANSWERS[name]
    text, frame = visible_text(make_site.SITE / answer["file"])
    assert NOTICE in squeezed(frame)
    wanted = [f["evidence"] for f in answer["figures"]]
    wanted += [answer[k] for k in ("title", "phone", "fax", "email", "postcode", "address") if answer[k]]
    assert [w for w in wanted if squeezed(w) not in squeezed(text)] == []


@each_page
def test_hostile_and_hidden_figures_are_no_answer(name: str) -> None:
    values = {v.value for v in expected_values(ANSWERS[name])}
    assert not values & {99999.0, 999.0, 777.0, 888.0}


@each_page
def test_what_must_be_missing_is_not_expected(name: str) -> None:
    answer = ANSWERS[name]
    expected = {v.metric_id for v in expected_values(answer)}
    assert not expected & (set(answer["missing"]) | set(answer["tolerated"]))
    assert not blank_cells(answer) & {(v.field_id, v.applicant_type) for v in expected_values(answer)}
    assert set(answer["issues"]) | set(answer["accept_issues"]) <= CLOSED_SET


def test_one_value_per_field_applicant_and_basis() -> None:
    for answer in ANSWERS.values():
        keys = [(v.field_id, v.applicant_type, v.basis) for v in expected_values(answer)]
        assert len(keys) == len(set(keys)), answer["file"]


def test_links_between_answers_hold() -> None:
    by_file: dict[str, dict[str, Any]] = {answer["file"]: answer for answer in ANSWERS.values()}
    for answer in ANSWERS.values():
        for other in (answer["annex_of"], answer["duplicate_of"], answer["superseded_by"], *answer["annexes"]):
            assert other is None or other in by_file
        for annex in answer["annexes"]:
            assert by_file[annex]["annex_of"] == answer["file"]
        if answer["duplicate_of"]:
            site = make_site.SITE
            assert (site / answer["file"]).read_bytes() == (site / answer["duplicate_of"]).read_bytes()


def test_the_lists_lead_to_every_page_and_to_one_dead_link() -> None:
    seen, todo = set(), ["index.html"]
    while todo:
        page = todo.pop()
        if page in seen or page == DEAD_LINK:
            seen.add(page)
            continue
        seen.add(page)
        if page != "index.html" and not page.startswith("lists/") and "detail/20180320153012776" not in page:
            continue
        soup = BeautifulSoup((make_site.SITE / page).read_text(encoding="utf-8"), "lxml")
        links = [str(a["href"]) for a in soup.find_all("a")]
        assert page != "lists/ndbg/index.html" or any(link.startswith("javascript:") for link in links)
        todo += [urljoin("/" + page, link)[1:] for link in links if not link.startswith(("javascript:", "#"))]
    missing = {page for page in seen if not (make_site.SITE / page).is_file()}
    assert missing == {DEAD_LINK}
    assert {answer["file"] for answer in ANSWERS.values()} <= seen
    assert len([page for page in seen if page.startswith("lists/")]) >= 2


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_committed_is_what_the_specs_make(tmp_path: Path) -> None:
    make_site.main(tmp_path / "site", tmp_path / "answers")
    made = {p.relative_to(tmp_path / "site"): p for p in (tmp_path / "site").rglob("*") if p.is_file()}
    assert set(made) == {p.relative_to(make_site.SITE) for p in make_site.SITE.rglob("*") if p.is_file()}
    for name, path in made.items():
        new, committed = path.read_bytes(), (make_site.SITE / name).read_bytes()
        same = members(new) == members(committed) if path.suffix == ".docx" else new == committed
        assert same, f"{name}: run tests/golden/sample/make_site.py and commit what it makes"
    for path in (tmp_path / "answers").iterdir():
        assert path.read_text(encoding="utf-8") == (make_site.HERE / path.name).read_text(encoding="utf-8"), path.name


def test_the_bad_inputs_are_as_bad_as_they_should_be() -> None:
    bad = make_bad.HERE
    assert (bad / "empty.html").stat().st_size == 0
    assert (bad / "truncated.html").read_bytes().endswith(b"<t")
    assert (bad / "rubbish.html").read_bytes() == make_bad.rubbish()
    garbled = (bad / "wrong_encoding.html").read_text(encoding="utf-8")
    assert "政府信息公开" not in garbled and "政府信息公开" in garbled.encode("latin-1").decode("utf-8")
    assert (bad / "same_content_a.html").read_bytes() == (bad / "same_content_b.html").read_bytes()
    assert (bad / "old_word.doc").read_bytes().startswith(bytes.fromhex("D0CF11E0A1B11AE1"))
    with pdfplumber.open(bad / "scanned.pdf") as pdf:
        assert pdf.pages[0].extract_text() == "" and len(pdf.pages[0].images) == 1
    with pytest.raises(Exception, match=r"^$"), pdfplumber.open(bad / "encrypted.pdf") as pdf:
        pdf.pages[0].extract_text()
    with pdfplumber.open(bad / "encrypted.pdf", password=make_bad.PASSWORD.decode()) as pdf:
        assert pdf.pages[0].extract_text() == "sample report"
