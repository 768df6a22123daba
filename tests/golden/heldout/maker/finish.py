"""The last steps of a page: scripts, hijacks, frames, and the answer."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.golden.sample.make_site import tables_of
from tests.golden.sample.maker import office, spec

from . import data, frames

if TYPE_CHECKING:
    from .make import Writer

PINYIN = dict(zip("报報告政府信息公开開数數机構构务務国國县縣发發动動办辦条條规規", [
    "bào", "bào", "gào", "zhèng", "fǔ", "xìn", "xī", "gōng", "kāi", "kāi", "shù", "shù", "jī", "gòu", "gòu", "wù", "wù", "guó", "guó",
    "xiàn", "xiàn", "fā", "fā", "dòng", "dòng", "bàn", "bàn", "tiáo", "tiáo", "guī", "guī"], strict=True))  # fmt: skip
PINNED = "報數構務國縣發動辦條規"


_plain_matrix = spec.matrix_of


def _matrix_of(page: dict[str, Any]) -> dict[str, list[Any]]:
    """As the maker's, and with blanks for the zeros of the applicants where a page prints none."""
    matrix = _plain_matrix(page)
    if page.get("zero_blank"):
        matrix = {f: [spec.ZERO_BLANK if v == 0 else v for v in row[:6]] + row[6:] for f, row in matrix.items()}
    return matrix


spec.matrix_of = _matrix_of


def hijacked(line: str, place: str, w: Writer) -> str:
    """The brand in place of the name, but not inside the postal address."""
    kept = line.replace(w.env["ADDR"], "\x00").replace(place, w.opt["brand"])
    return kept.replace("\x00", w.env["ADDR"])


def annotated(text: str) -> str:
    """Pinyin in brackets behind some characters, as pages that hide from search engines print it."""
    return "".join(c + (f"({PINYIN[c]})" if c in PINNED else "") for c in text)


def finish(
    w: Writer, page: dict[str, Any], title: str, when: datetime.date, signed: bool
) -> tuple[dict[str, Any], bytes]:
    from .make import ALWAYS_ASKED, DERIVED

    name = f"{w.no:02d}_{w.slug}"
    page["file"] = f"pages/{name}.{'pdf' if w.frame == 'pdf' else 'html'}"
    page["figures"] = w.said.figures
    page["about"] = f"{w.form} of {w.name} {w.Y}: {w.frame}, {w.look}, tables {w.tables or '-'}" + "".join(
        f", {k}" for k in w.opt
    )
    issues: list[str] = []
    accept: dict[str, list[Any]] = {"parent_code": ["500200", "500100"]} if w.code.startswith("500") else {}
    if w.opt.get("sum_error"):
        row = "unable_not_held"
        page["printed_totals"] = {row: sum(page["t3"][row]) + 2}
        issues.append("sum_mismatch")
    if w.opt.get("yearlost"):  # the letters of the period stood in spans of their own and are gone
        w.lines[0] = re.sub(r"(\d{4})年(\d+)月(\d+)日", r"\1\2\3日", w.lines[0])
        accept |= {"period_start": [None], "period_end": [None]}
    if w.opt.get("contradict"):
        issues.append("narrative_contradicts_table")
    if w.opt.get("lost"):
        issues.append("tables_lost")
    if w.opt.get("brand"):
        issues.append("hijacked")
        for place in (w.place + "人民政府", w.place, w.env["SHORT"]):
            w.lines = [hijacked(line, place, w) for line in w.lines]
            title = title.replace(place, w.opt["brand"])
        for figure in w.said.figures:
            figure[3] = next(
                (figure[3].replace(p, w.opt["brand"]) for p in (w.place, w.env["SHORT"]) if p in figure[3]), figure[3]
            )
        if w.place not in "".join(w.lines):
            w.lines[0] += f"联系地址：{w.env['ADDR']}，邮编：{w.zip}。"
            w.said.__dict__.setdefault("contacts", set()).update({"ADDR", "ZIP"})
    contacts = w.said.__dict__.get("contacts", set())
    t3 = "t3" in page
    cells = set(spec.cells_of(page)) | (set(page.get("t3", ())))
    said = {f[0] for f in w.said.figures}
    present = said | cells | w.said.tolerated | {"requests_received_new"}
    missing = [m for m in ALWAYS_ASKED if m not in present and not (t3 and m in DERIVED)]
    tolerated = sorted(
        (w.said.tolerated - said) | ({"foi_fees_collected", "requests_concluded_on_time"} - said if t3 else set())
    )
    if w.opt.get("lost"):
        missing += ["outcomes_total", "licences_decisions", "normative_docs_issued", "outcome_disclosed_full"]
    if page.get("t2014") or page.get("sh"):
        missing = [m for m in missing if m not in ("requests_by_network", "refused_total")]
    start, end = datetime.date(w.Y, 1, 1), datetime.date(w.Y, 12, 31)
    if w.opt.get("noperiod"):
        accept |= {"period_start": [start], "period_end": [end]}
    if w.opt.get("endonly"):
        accept |= {"period_start": [None]}
    line = w.frame not in ("bare",) and (not signed or w.rng.random() < 0.6)
    line = line or not signed
    level = w.level
    if w.level == "department":
        level = ("province", "prefecture", "county")[len(w.path.split("/")) - 1]
    if w.level == "township":
        accept |= {
            "scope": ["whole_area"],
            "agency_name": [
                w.place + "人民政府",
                w.place + "办事处",
                w.path.split("/")[2] + w.place + "办事处",
                w.path.split("/")[2] + w.place + "人民政府",
                w.env["OFFICE"],
            ],
        }
    if w.level in ("county", "prefecture", "province"):
        accept |= {"agency_name": [w.place + "人民政府", w.env["OFFICE"]]}
    jurisdiction = w.code
    place_name = w.place
    if "zone" in w.opt:
        level, place_name, jurisdiction = "functional_zone", w.opt["zone"], w.code + w.opt["zone"]
        accept |= {"agency_name": [None, w.agency], "scope": ["whole_area"]}
    page["answer"] |= {
        "title": title, "jurisdiction_id": jurisdiction, "jurisdiction_code": w.code, "jurisdiction_name": place_name,
        "jurisdiction_level": level, "parent_code": w.code if "zone" in w.opt else w.parent, "agency_name": w.agency or None,
        "scope": "own_agency" if w.level in ("township", "department", "zone") else "whole_area", "report_year": w.Y,
        "period_start": None if w.opt.get("noperiod") else start, "period_end": None if w.opt.get("noperiod") else end,
        "published_on": when, "phone": w.env["TEL"] if "TEL" in contacts else None, "fax": w.env["FAX"] if "FAX" in contacts else None,
        "email": w.env["MAIL"] if "MAIL" in contacts else None, "postcode": w.env["ZIP"] if "ZIP" in contacts else None,
        "address": w.env["ADDR"] if "ADDR" in contacts else None, "issues": issues, "accept": accept, "missing": missing,
        "tolerated": tolerated, "trust_at_gov_host": "hijacked" if w.opt.get("brand") else "official",
        "accept_issues": ["mirror"] if w.opt.get("mirror") else [],
    }  # fmt: skip
    if "zone" in w.opt:
        page["answer"]["agency_name"] = w.agency
    if "revised" in w.opt:
        page["answer"]["superseded_by"] = f"pages/{w.opt['revised']}_hengnan_revised.html"
        page["answer"]["accept_issues"] = ["revised"]
    data.agree(page, w.said.figures, w.rng)
    tables = tables_of(page)
    tables = {k: varied(t) for k, t in tables.items()}
    if w.opt.get("trad"):
        to_traditional(w, page, tables)
    answer = spec.answer_of(page)
    if w.opt.get("mirror"):
        answer["url"] = f"http://{w.opt['mirror']}/doc/{w.no}{w.Y}.html"
    if w.frame == "pdf":
        return answer, office.pdf_bytes(title, w.lines, tables)
    return answer, html_bytes(w, answer, tables, when, line)


def varied(table: Any) -> Any:
    """Labels as real forms punctuate them."""
    from dataclasses import replace

    return [
        [
            replace(p, text=p.text.replace("的,只计这一情形,不计", "的，只计这一情形，不计")) if p.label else p
            for p in row
        ]
        for row in table
    ]


def to_traditional(w: Writer, page: dict[str, Any], tables: Any) -> None:
    from zhconv_rs_opencc import zhconv

    def convert(text: str) -> str:
        out = zhconv(text, "zh-hant")
        return annotated(out) if w.opt.get("pinyin") else out

    w.lines = [line[:3] + convert(line[3:]) if line.startswith("== ") else convert(line) for line in w.lines]
    for figure in page["figures"]:
        figure[3] = convert(figure[3])
    title = page["answer"]["title"]
    page["answer"]["title"] = convert(title)
    page["answer"]["accept"]["title"] = [zhconv(title, "zh-hant"), title]
    if page["answer"]["address"]:
        plain = page["answer"]["address"]
        page["answer"]["accept"]["address"] = [zhconv(plain, "zh-hant"), plain]
        page["answer"]["address"] = convert(page["answer"]["address"])


def html_bytes(w: Writer, answer: dict[str, Any], tables: Any, when: datetime.date, line: bool) -> bytes:
    place = w.opt.get("brand") or w.path.split("/")[2 if w.level == "township" else -1]
    site = {"brand": w.opt.get("brand", "")}.get("brand") or f"{place}人民政府门户网站"
    if w.opt.get("mirror"):
        site = "资料下载站"
    stamp = {"wide": f"发布时间：{when} {w.rng.randint(8, 17)}:{w.rng.randint(10, 59)}　", "old": f"发布日期：{when}　",
             "bare": f"{when}", "layers": f"发布时间：{when}", "card": "1", "mobile": "1"}[w.frame]  # fmt: skip
    source = place + "人民政府办公室" if not w.opt.get("brand") else w.opt["brand"]
    facts = {
        "title": answer["title"], "page_title": f"{answer['title']}-{site}", "site": site, "date": when, "Y": w.Y,
        "when": stamp if line else "", "source": w.name if w.agency else source, "hits": w.rng.randint(60, 4999),
        "charset": w.opt.get("charset", "utf-8" if w.opt.get("enc", "utf-8") == "utf-8" else "gb2312"),
    }  # fmt: skip
    content = frames.body(w.lines, tables, w.tables or "plain", w.look, w.rng)
    return frames.page(w.frame, facts, content).encode(w.opt.get("enc", "utf-8"))


def revision(old: dict[str, Any], here: Path, name: str) -> tuple[dict[str, Any], bytes]:
    """The same page published again with one figure corrected in words and a later date."""
    text = (here / old["file"]).read_text(encoding="utf-8")
    answer = {
        **old,
        "file": f"pages/{name}.html",
        "url_path": f"/pages/{name}.html",
        "superseded_by": None,
        "about": "revision of page 66",
    }
    figures = [dict(f) for f in old["figures"]]
    target = next(f for f in figures if f["metric_id"] == "info_disclosed_total")
    factor = 100 if target["evidence"].count(str(target["value"])) == 0 else 1
    before, after = str(target["value"] // factor), str(target["value"] // factor + 9)
    evidence = target["evidence"].replace(before, after)
    if text.count(target["evidence"]) != 1:
        raise ValueError("evidence of the revised figure is not unique")
    text = text.replace(target["evidence"], evidence)
    target |= {"value": int(after) * factor, "evidence": evidence}
    first = str(old["published_on"])
    later = old["published_on"] + datetime.timedelta(days=24)
    text = text.replace(first, str(later)).replace(
        f"{old['published_on'].year}年{old['published_on'].month}月{old['published_on'].day}日",
        f"{later.year}年{later.month}月{later.day}日",
    )
    text = text.replace(old["title"], old["title"] + "（修订版）")
    return answer | {"figures": figures, "published_on": later, "title": old["title"] + "（修订版）"}, text.encode()
