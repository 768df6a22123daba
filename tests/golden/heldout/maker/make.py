"""Makes the held-out pages and their answers: `python -m tests.golden.heldout.maker.make`. Knows nothing of the reader."""

from __future__ import annotations

import csv
import datetime
import random
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.golden.sample.make_site import _Row
from tests.golden.sample.maker import spec

from . import data, notreports, texts
from .pages import ROWS

HERE = Path(__file__).resolve().parents[1]
BLOCKS = texts.load("texts_old.txt", "texts_new.txt", "texts_more.txt")
ALWAYS_ASKED = (
    "info_disclosed_total", "requests_carried_over_in", "appeals_total", "complaints_total", "foi_staff_total", "foi_staff_full_time", "foi_budget",
    "info_via_weibo", "info_via_wechat", "requests_by_fax", "requests_by_network", "requests_by_letter", "refused_total",
    "training_sessions", "persons_trained", "review_total", "litigation_total", "foi_fees_collected",
    "policy_interpretations_published", "hot_topics_responded", "press_conferences_total", "online_interviews",
    "reading_points", "info_disclosed_stock", "consultations_total", "full_text_digitisation_rate",
    "gov_documents_disclosed", "negative_opinion_incidents_handled", "proposal_results_disclosed", "petitions_accepted",
    "public_interactions", "info_via_douyin", "policy_docs_disclosed", "mailbox_letters_handled", "hotline_12345_orders",
)  # fmt: skip
DERIVED = {"litigation_total", "refused_total", "foi_fees_collected"}  # a reader may derive these from the later tables
UNITS = {"县": ("全县", "我县", "县政府", "县长"), "区": ("全区", "我区", "区政府", "区长"), "市": ("全市", "我市", "市政府", "市长"),
         "省": ("全省", "我省", "省政府", "省长"), "镇": ("全镇", "我镇", "镇政府", "镇长"), "乡": ("全乡", "我乡", "乡政府", "乡长"),
         "街道": ("街道", "本街道", "街道办事处", "主任")}  # fmt: skip
HEADS = {
    "over_a": ["概述", "总体情况", "基本工作情况"], "pro_a": ["主动公开政府信息的情况", "主动公开政府信息情况"],
    "req_a": ["依申请公开政府信息的情况", "政府信息依申请公开办理情况", "依申请公开政府信息和不予公开政府信息的情况"],
    "fee_a": ["政府信息公开的收费及减免情况", "收费及减免情况"],
    "rev_a": ["因政府信息公开申请行政复议、提起行政诉讼的情况", "行政复议和行政诉讼情况"],
    "consult_a": ["咨询处理及人员情况", "咨询和工作人员情况"], "prob_a": ["政府信息公开工作存在的主要问题及改进措施", "存在的主要问题和改进情况"],
    "other_a": ["其他需要报告的事项"], "annex": ["附表"], "over_b": ["概述", "总体工作情况"],
    "pro_b": ["主动公开政府信息情况", "主动公开情况"], "resp_b": ["政策解读和回应社会关切情况", "回应解读情况"],
    "req_b": ["依申请公开政府信息情况", "依申请公开办理情况"], "fee_b": ["政府信息公开收费及减免情况"],
    "rev_b": ["因政府信息公开申请行政复议、提起行政诉讼和举报投诉情况", "行政复议、行政诉讼及举报投诉情况"],
    "staff_b": ["机构建设、人员和培训情况"], "prob_b": ["存在的主要问题及改进情况", "主要问题和下一步打算"],
}  # fmt: skip
EIGHT = {
    "0571",
    "0512",
    "0510",
    "0531",
    "0595",
    "0431",
    "0754",
    "0515",
    "0371",
    "0898",
    "0791",
}  # areas with eight digits
ORDER = "一二三四五六七八九十"


def form_of(year: int) -> str:
    return "F2008" if year < 2014 else "F2014" if year < 2019 else "F2019" if year < 2021 else "F2021"


class Places:
    """Codes by name and year from the division tables given on the command line."""

    def __init__(self, by_year: Path, streets: Path) -> None:
        self.rows = list(csv.DictReader(by_year.open(encoding="utf-8")))
        self.streets = list(csv.DictReader(streets.open(encoding="utf-8")))

    def code(self, path: str, year: int) -> tuple[str, str | None]:
        names = path.split("/")
        rows = [r for r in self.rows if r["year"] == str(min(year, 2024)) and r["province_name"] == names[0]]
        if len(names) == 1:
            return rows[0]["province_adcode"], None
        rows = [r for r in rows if r["city_name"] == names[1]] or [
            r for r in rows if len(names) > 2 and r["county_name"] == names[2]
        ]
        if len(names) == 2:
            return rows[0]["city_adcode"], rows[0]["province_adcode"]
        found = [r for r in rows if r["county_name"] == names[2]]
        if len(found) != 1:
            raise ValueError(f"{path} {year}: {len(found)} {sorted({r['county_name'] for r in rows})[:40]}")
        county = found[0]["county_adcode"]
        if len(names) == 3:
            direct = names[1] in ("县", "省直辖县级行政区划")
            return county, found[0]["province_adcode"] if direct else found[0]["city_adcode"]
        town = [s["code"] for s in self.streets if s["areaCode"] == county and s["name"] == names[3]]
        if len(town) != 1:
            raise ValueError(f"{path}: {[s['name'] for s in self.streets if s['areaCode'] == county]}")
        return town[0], county


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "'" if re.fullmatch(r"[\d.]+", text) else None  # codes and postcodes stay text in every YAML reader
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


yaml.SafeDumper.add_representer(str, _quoted)


class Writer:
    """One page: chooses paragraphs, fills them, keeps what they say."""

    def __init__(self, row: tuple[Any, ...], places: Places) -> None:
        self.no, self.slug, self.Y, self.level, self.path, self.agency, *_ = row
        self.tel, self.zip, self.street, self.frame, self.look, self.tables, self.opt = row[6:]
        self.rng = random.Random(f"{self.no}{self.slug}")
        self.form = form_of(self.Y)
        self.said = texts.Said()
        self.lines: list[str] = []
        self.code, self.parent = places.code(self.path, self.Y)
        self.place = self.path.split("/")[-1]
        self.name = self.agency or self.place
        self.env = self._env()
        self.banned: set[str] = set()
        self.used: set[int] = set()

    def _env(self) -> dict[str, Any]:
        key = (
            next(k for k in ("街道", self.place[-1], "县") if self.place.endswith(k) or k == "县")
            if self.place[-1] != "州"
            else "市"
        )
        words = UNITS.get(key, UNITS["县"])
        if self.place.endswith("旗"):
            words = ("全旗", "我旗", "旗政府", "旗长")
        if self.agency:
            own = "我厅" if self.agency.endswith("厅") else "管委会" if "管理委员会" in self.agency else "我局"
            words = (own, own, own, "局长")
        full = self.name if self.agency else self.place + ("人民政府" if not self.place.endswith("街道") else "办事处")
        office = full + ("办公厅" if self.level == "province" else "办公室")
        area = self.place if self.level != "township" else self.path.split("/")[2] + self.place
        address = self.street if self.level in ("province",) or self.agency.endswith("厅") else area + self.street
        number = (
            self.rng.randint(2000000, 8999999)
            if len(self.tel) == 4 and self.tel not in EIGHT
            else self.rng.randint(60000000, 88999999)
        )
        return {
            "Y": self.Y, "W": words[0], "O": words[1], "GOV": words[2], "HEAD": words[3], "NAME": self.name,
            "OFFICE": office, "ADDR": address + f"{self.rng.randint(2, 290)}号" if not address.endswith("号") else address,
            "ZIP": self.zip, "TEL": f"{self.tel}-{number}", "FAX": f"{self.tel}-{number + self.rng.choice([0, 1, 17])}",
            "MAIL": f"{self.slug.split('_')[0]}{self.rng.choice(['zwgk', 'xxgk', 'zfb'])}@{self.rng.choice(['163.com', '126.com', 'sina.com'])}",
            "DOCP": self.place[0], "SHORT": re.sub("(街道|[县市区镇乡省旗])$", "", self.place) if len(self.place) > 2 else self.place, "ORD": "",
            "UPGOV": UNITS.get(self.path.split("/")[-2 if self.level == "township" else -1][-1], UNITS["县"])[2],
            "DOCS": "国办公开办函〔2019〕60号文件" if self.Y < 2021 else "国办公开办函〔2021〕30号文件",
            "UPDOWN": self.rng.choice(["增长", "下降"]),
        }  # fmt: skip

    def pick(self, kind: str, **extra: Any) -> str | None:
        """The least used paragraph that fits level and form and repeats no metric."""
        used = {f[0] for f in self.said.figures} | self.banned
        level = {"township": "town", "department": "dept", "zone": "dept"}.get(self.level, "area")
        fits = [
            b for b in BLOCKS
            if b.kind == kind and id(b) not in self.used and not b.metrics() & used and (level in b.tags or not b.tags & {"town", "dept", "area"})
            and ("f21" not in b.tags or self.form == "F2021") and ("f21" not in " ".join(re.findall(r"\[\[[^|]*", b.text)) or self.form == "F2021")
            and not any(b.metrics() & {"litigation_total"} and b.metrics() & {"review_total"} and m in used for m in ())
        ]  # fmt: skip
        want, avoid = extra.get("want"), {"zero", "notable"} - {extra.get("want")}
        asked = self.env.get("R", next((f[1] for f in self.said.figures if f[0] == "requests_received_new"), 0))
        if asked < 7:
            avoid = avoid | {"paid"}
        fits = [b for b in fits if not b.tags & avoid and (not want or want in b.tags)]
        if level != "area":
            own = [b for b in fits if level in b.tags]
            if own and (kind not in ("req_a", "req_b") or self.rng.random() < 0.7):
                fits = own
        if not fits:
            return None
        low = min(b.uses for b in fits)
        block = self.rng.choice([b for b in fits if b.uses == low])
        block.uses += 1
        self.used.add(id(block))
        text = (
            block.text.replace("我局", self.env["O"])
            .replace("我镇", self.env["O"])
            .replace("全镇", self.env["W"])
            .replace("镇党委", "党工委" if self.place.endswith("街道") else "镇党委")
        )
        text = text.replace(" f21", "")
        for key in re.findall(r"\{(TEL|FAX|ZIP|ADDR|MAIL)\}", text):
            self.said.__dict__.setdefault("contacts", set()).add(key)
        if "noperiod" in block.tags:
            self.opt["noperiod"] = 1
        if "endonly" in block.tags:
            self.opt["endonly"] = 1
        return texts.filled(text, self.env | extra, self.rng, self.said, self.opt.get("style", ""))

    def add(self, kind: str, **extra: Any) -> None:
        text = self.pick(kind, **extra)
        if text:
            self.lines += text.split("\n")

    def old(self) -> None:
        a = "a" if self.form == "F2008" else "b"
        self.add(f"intro_{a}")
        chapters = ["over", "pro", "req", "fee", "rev", "prob"]
        if a == "b":
            chapters = ["over", "pro", "resp", "req", "rev", "fee", "staff", "prob"]
            if self.level in ("township", "department"):
                chapters.remove("resp")
            if self.rng.random() < 0.4:
                chapters.remove("staff")
        elif self.rng.random() < 0.6 and self.level not in ("township", "department"):
            chapters.insert(5, "consult")
        if self.rng.random() < 0.5 and a == "a":
            chapters.append("other")
        if "t14" in self.opt or "sh" in self.opt:
            chapters.append("annex")
        for number, chapter in enumerate(chapters):
            kind = f"{chapter}_{a}" if chapter != "annex" else "annex"
            self.lines.append(f"== {ORDER[number]}、{self.rng.choice(HEADS[kind])}")
            if chapter == "annex":
                self.lines.append("@T2014" if "t14" in self.opt else "@SH")
                continue
            before = len(self.lines)
            self.add(kind)
            if chapter == "over" and self.rng.random() < 0.5:
                self.add(kind)
            if len(self.lines) == before:
                self.lines.append(
                    "详见附表。" if self.opt.get("t14") or self.opt.get("sh") else "本年度有关情况已在上文说明。"
                )
            if chapter == "pro":
                for place in range(
                    self.rng.randint(1, 2) if self.level in ("township", "department") else self.rng.randint(2, 3)
                ):
                    self.add(f"fill_{a}", ORD=ORDER[place + 2])

    def new(self, page: dict[str, Any]) -> None:
        self.add("intro_c")
        self.lines.append("== 一、总体情况")
        t2 = page.get("t2", {})
        self.banned |= set() if self.form == "F2021" else {"normative_docs_issued"}
        view = type(
            "T2", (), {"issued": t2.get("normative_docs_issued", 0), "repealed": t2.get("normative_docs_repealed", 0)}
        )
        self.env["t2"] = view
        if self.opt.get("lost") or not t2:
            self.banned |= {"normative_docs_issued"}
        self.add("pro_c")
        if "t3" in page:
            matrix = spec.matrix_of(page)
            total = {k: v[-1] for k, v in matrix.items()}
            new, carried = (
                total["requests_received_new"] + 2 * self.opt.get("contradict", 0),
                total["requests_carried_over_in"],
            )
            self.env |= {"R": new, "CI": carried, "OT": total["outcomes_total"], "CO": total["requests_carried_over_out"],
                         "R1": matrix["requests_received_new"][0]}  # fmt: skip
            self.add("req_c", want="zero" if new == 0 else None)
        else:
            self.add("req_c", want="notable")
        for _ in range(
            self.rng.randint(1, 2) if self.level in ("township", "department", "zone") else self.rng.randint(3, 6)
        ):
            self.add("over_c")
        parts = [n for n, line in enumerate(self.lines) if re.match(r"（[一二三四五六七八九十]）", line)]
        for count, n in enumerate(parts):
            self.lines[n] = re.sub(r"^（[一二三四五六七八九十]）", f"（{ORDER[count]}）", self.lines[n])
        for number, (mark, head) in enumerate((("T2", "主动公开政府信息情况"), ("T3", "收到和处理政府信息公开申请情况"),
                                              ("T4", "政府信息公开行政复议、行政诉讼情况"))):  # fmt: skip
            self.lines.append(f"== {ORDER[number + 1]}、{head}")
            if not self.opt.get("lost"):
                self.lines.append(f"@{mark}")
        self.lines.append("== 五、存在的主要问题及改进情况")
        self.add("prob_c")
        self.lines.append("== 六、其他需要报告的事项")
        self.add("other_c")

    def table_data(self, page: dict[str, Any]) -> None:
        scale = {"province": 20, "prefecture": 8, "county": 3}.get(self.level, 1)
        if "sh" in self.opt:
            page["sh"] = data.shanghai(self.rng, self.rng.randint(1800, 19000))
        if "t14" in self.opt:
            page["t2014"] = data.statistics_2014(self.rng, self.opt["t14"])
        if self.form in ("F2019", "F2021") and not self.opt.get("lost"):
            rules = bool(self.opt.get("rules"))
            page["t2"] = (data.article_2021 if self.form == "F2021" else data.article_2019)(self.rng, scale, rules)
            asked = (
                0
                if self.opt.get("zero")
                else max(1, int(self.rng.lognormvariate(1.6, 0.8) * scale * (2 if scale > 1 else 0.6)))
            )
            carried, left = (
                (0, 0) if asked < 3 else (self.rng.randint(0, asked // 12 + 1), self.rng.randint(0, asked // 12 + 1))
            )
            page["t3"] = data.matrix(self.rng, self.form, asked, carried, left)
            review = self.rng.randint(0, max(2, asked // 6)) if asked else 0
            page["t4"] = data.reviews(
                self.rng, review, self.rng.randint(0, review // 2), self.rng.randint(0, review // 3)
            )
            for name in self.opt.get("dash", ()):
                page["t2"][name] = None
                page.setdefault("printed", {})[name] = self.opt.get("dashes", "")
            if self.opt.get("comma"):
                for name, value in page["t2"].items():
                    if isinstance(value, int) and value > 999:
                        page.setdefault("printed", {})[name] = f"{value:,}"
            if self.opt.get("note"):
                page["t2"]["normative_docs_issued"] += 3
                page.setdefault("printed", {})["normative_docs_issued"] = (
                    f"{page['t2']['normative_docs_issued']}（其中修订2件）"
                )
                page["printed"]["admin_fees_amount"] = f"{page['t2']['admin_fees_amount']}万元"
            if self.opt.get("plus"):
                for name, value in page["t2"].items():
                    if name.endswith("_change") and value > 0:
                        page.setdefault("printed", {})[name] = f"+{value}"
            page["zero_blank"] = self.opt.get("zero_blank")
            if self.opt.get("zero_blank"):
                page["t4"] = ["z" if v == 0 and i % 5 != 4 else v for i, v in enumerate(page["t4"])]
            if self.opt.get("blank"):
                page["blank_organisations"] = not any(sum(r[1:]) for r in page["t3"].values())

    def published(self) -> datetime.date:
        month = (
            self.rng.choice([1, 1, 2, 3])
            if self.level in ("township", "department") or self.Y > 2018
            else self.rng.choice([2, 3, 3])
        )
        return datetime.date(self.Y + 1, month, self.rng.randint(8, 28))


def chinese_date(d: datetime.date, rng: random.Random) -> str:
    if rng.random() < 0.6:
        return f"{d.year}年{d.month}月{d.day}日"
    zero = rng.choice("〇○O")
    year = "".join(zero if c == "0" else texts.NUMERALS[int(c)] for c in str(d.year))

    def small(n: int) -> str:
        tens, ones = divmod(n, 10)
        return ("" if tens == 0 else "十" if tens == 1 else texts.NUMERALS[tens] + "十") + (
            texts.NUMERALS[ones] if ones else ""
        )

    return f"{year}年{small(d.month)}月{small(d.day)}日"


def title_of(w: Writer) -> str:
    gov = w.name if w.agency or w.place.endswith("街道") else w.name + w.rng.choice(["", "", "人民政府"])
    if w.place.endswith("街道"):
        gov = w.name + w.rng.choice(["", "办事处"])
    kinds = [f"{gov}{w.Y}年政府信息公开工作年度报告", f"{gov}{w.Y}年度政府信息公开工作报告", f"{w.Y}年{gov}政府信息公开年度报告",
             f"{gov}{w.Y}年政府信息公开年报", f"{gov}政府信息公开工作{w.Y}年度报告", f"{gov}{w.Y}年政府信息公开工作年度报告"]  # fmt: skip
    if w.level in ("county", "township") and "brand" not in w.opt and w.rng.random() < 0.12:
        return f"{w.Y}年政府信息公开工作年度报告"
    return w.rng.choice(kinds)


def write_page(row: tuple[Any, ...], places: Places) -> tuple[dict[str, Any], bytes]:
    w = Writer(row, places)
    page: dict[str, Any] = {"file": "", "answer": {"report_format": w.form}, "about": ""}
    w.table_data(page)
    (w.old if w.form in ("F2008", "F2014") else lambda: w.new(page))()
    title, when = title_of(w), w.published()
    signed = w.rng.random() < 0.6 or w.frame == "pdf"
    if signed:
        if w.rng.random() < 0.6:
            w.lines.append(f"> {w.env['OFFICE'] if w.rng.random() < 0.5 else w.name}")
        w.lines.append(f"> {chinese_date(when, w.rng)}")
    from .finish import finish

    return finish(w, page, title, when, signed)


def answer_text(answer: dict[str, Any]) -> str:
    lined = {**answer, "matrix": {f: _Row(v) for f, v in answer["matrix"].items()}}
    for key in ("candidate_codes", "annexes", "issues", "accept_issues", "missing", "tolerated"):
        lined[key] = _Row(answer[key])
    return yaml.safe_dump(lined, allow_unicode=True, sort_keys=False, width=10**6)


def main(by_year: str, streets: str) -> None:
    places = Places(Path(by_year), Path(streets))
    answers: dict[int, dict[str, Any]] = {}
    for row in ROWS:
        no, slug, opt = row[0], row[1], row[-1]
        name = f"{no:02d}_{slug}"
        if "copy_of" in opt:
            original = answers[opt["copy_of"]]
            answer = {**original, "file": f"pages/{name}.html", "url_path": f"/art/{no}.html", "about": "the same bytes under a second address",
                      "duplicate_of": original["file"], "issues": ["duplicate"]}  # fmt: skip
            content = (HERE / original["file"]).read_bytes()
        elif "revision_of" in opt:
            from .finish import revision

            answer, content = revision(answers[opt["revision_of"]], HERE, name)
        else:
            answer, content = write_page(row, places)
        answers[no] = answer
        (HERE / answer["file"]).write_bytes(content)
        (HERE / f"{name}.yaml").write_text(answer_text(answer), encoding="utf-8")
    for name, answer, content in notreports.pages(len(ROWS) + 1):
        (HERE / answer["file"]).write_bytes(content)
        (HERE / f"{name}.yaml").write_text(answer_text(answer), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
