"""Whose report it is. Names and figures are facts; the sentences are made for the tests."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scrapers.extract.jurisdiction import JurisdictionFinding, PlaceClues, resolve
from scrapers.extract.places import gazetteer

KNOWN_URLS = Path(__file__).parents[3] / "shared" / "reference" / "known_urls.csv"
REPORT = "年政府信息公开工作年度报告"


def finding(title: str | None = None, body: str = "", year: int | None = 2018, **clues: object) -> JurisdictionFinding:
    fields = {"issuer": None, "signature": None, "first_sentence": None, **clues}
    return resolve(PlaceClues(title=title, body=body, report_year=year, **fields))  # type: ignore[arg-type]


def codes_of(found: JurisdictionFinding) -> list[str]:
    return [issue.code for issue in found.issues]


# ---------------------------------------------------------------- names in titles
@pytest.mark.parametrize(
    ("who", "year", "code", "level", "agency", "scope"),
    [
        ("北京市", 2012, "110000", "province", None, "whole_area"),
        ("天津市宁河县", 2014, "120221", "county", None, "whole_area"),
        ("天津市宁河区", 2016, "120117", "county", None, "whole_area"),
        ("河北省", 2020, "130000", "province", None, "whole_area"),
        ("景县", 2018, "131127", "county", None, "whole_area"),
        ("山西省长治市城区", 2015, "140402", "county", None, "whole_area"),
        ("内蒙古自治区", 2015, "150000", "province", None, "whole_area"),
        ("内蒙古", 2015, "150000", "province", None, "whole_area"),
        ("呼伦贝尔市扎赉诺尔区", 2014, "150703", "county", None, "whole_area"),
        ("喀喇沁左翼蒙古族自治县", 2025, "211324", "county", None, "whole_area"),
        ("喀左县人民政府", 2019, "211324", "county", None, "whole_area"),
        ("白山市八道江区", 2009, "220602", "county", None, "whole_area"),
        ("公主岭市", 2019, "220381", "county", None, "whole_area"),
        ("公主岭市", 2021, "220184", "county", None, "whole_area"),
        ("大兴安岭地区行政公署", 2013, "232700", "prefecture", None, "whole_area"),
        ("上海市浦东新区人民政府", 2018, "310115", "county", None, "whole_area"),
        ("上海市人民政府办公厅", 2019, "310000", "province", "上海市人民政府办公厅", "own_agency"),
        ("海安县人民政府", 2015, "320621", "county", None, "whole_area"),
        ("绍兴市教育局", 2017, "330600", "prefecture", "绍兴市教育局", "own_agency"),
        ("青田县", 2019, "331121", "county", None, "whole_area"),
        ("安徽省", 2014, "340000", "province", None, "whole_area"),
        ("和县人民政府", 2010, "341424", "county", None, "whole_area"),
        ("和县人民政府", 2012, "340523", "county", None, "whole_area"),
        ("厦门市湖里区", 2018, "350206", "county", None, "whole_area"),
        ("广丰县", 2011, "361122", "county", None, "whole_area"),
        ("青云谱区政府信息公开办公室", 2017, "360104", "county", None, "whole_area"),
        ("莱芜市", 2017, "371200", "prefecture", None, "whole_area"),
        ("郑州市二七区人民政府", 2020, "410103", "county", None, "whole_area"),
        ("济源市", 2018, "419001", "county", None, "whole_area"),
        ("神农架林区", 2018, "429021", "county", None, "whole_area"),
        ("恩施州人民政府", 2019, "422800", "prefecture", None, "whole_area"),
        (
            "湖北省恩施土家族苗族自治州教育局",
            2019,
            "422800",
            "prefecture",
            "湖北省恩施土家族苗族自治州教育局",
            "own_agency",
        ),
        ("长沙市望城区住房和城乡建设局", 2019, "430112", "county", "长沙市望城区住房和城乡建设局", "own_agency"),
        ("潮州市湘桥区教育局", 2017, "445102", "county", "潮州市湘桥区教育局", "own_agency"),
        ("广西壮族自治区横县", 2020, "450127", "county", None, "whole_area"),
        ("海南省食品药品监督管理局", 2014, "460000", "province", "海南省食品药品监督管理局", "own_agency"),
        ("屯昌县", 2015, "469022", "county", None, "whole_area"),
        ("重庆市彭水苗族土家族自治县", 2018, "500243", "county", None, "whole_area"),
        ("重庆市开县", 2015, "500234", "county", None, "whole_area"),
        ("苍溪县乡村振兴局", 2023, "510824", "county", "苍溪县乡村振兴局", "own_agency"),
        ("毕节地区行政公署", 2010, "522400", "prefecture", None, "whole_area"),
        ("开远市", 2025, "532502", "county", None, "whole_area"),
        ("西藏自治区错那县", 2018, "540530", "county", None, "whole_area"),
        ("西安市阎良区", 2021, "610114", "county", None, "whole_area"),
        ("临夏州乡村振兴局", 2023, "622900", "prefecture", "临夏州乡村振兴局", "own_agency"),
        ("兴海县", 2021, "632524", "county", None, "whole_area"),
        ("宁夏回族自治区吴忠市红寺堡区", 2012, "640303", "county", None, "whole_area"),
        ("新疆维吾尔自治区和田地区和田县", 2018, "653221", "county", None, "whole_area"),
        ("乌鲁木齐市沙依巴克区", 2022, "650103", "county", None, "whole_area"),
        ("香港特别行政区", 2018, "810000", "province", None, "whole_area"),
    ],
)
def test_units_and_their_agencies(who: str, year: int, code: str, level: str, agency: str | None, scope: str) -> None:
    found = finding(f"{who}{year}{REPORT}", year=year)
    place = found.jurisdiction
    assert (place.code, place.level, found.agency_name, found.scope) == (code, level, agency, scope)
    assert place.id == code
    assert place.basis
    assert place.candidate_codes == ()


def test_titles_of_every_shape_name_the_same_place() -> None:
    for title in (
        "景县2018年政府信息公开工作年度报告",
        "2018年景县政府信息公开工作年度报告",
        "2018年度景县政府信息公开工作报告",
        "景县政府信息公开工作2018年度报告",
        "景县人民政府关于2018年政府信息公开工作的年度报告",
        "景县人民政府信息公开2018年度报告",
        "二〇一八年景县人民政府信息公开年报",
        "景县2018年2018年度政务公开年报",
        "关于景县2018年度政府信息公开年度报告",
    ):
        found = finding(title)
        assert (found.jurisdiction.code, found.agency_name, found.scope) == ("131127", None, "whole_area"), title


def test_every_unit_of_2024_is_found_by_its_name_below_its_parent() -> None:
    rows = [unit for spans in gazetteer()._by_code.values() for unit in spans if unit.valid_in(2024)]
    wrong = []
    for unit in rows:
        found = finding(f"{unit.parent_name}{unit.name}人民政府2024{REPORT}", year=2024)
        if (found.jurisdiction.code, found.agency_name, found.scope) != (unit.code, None, "whole_area"):
            wrong.append((unit.name, found.jurisdiction))
    assert len(rows) > 3200
    assert wrong == []


def test_jurisdiction_name_is_the_official_one_of_the_year() -> None:
    assert finding(f"广丰区2014{REPORT}", year=2014).jurisdiction.name == "广丰县"
    assert finding(f"恩施州2019{REPORT}", year=2019).jurisdiction.name == "恩施土家族苗族自治州"


# ---------------------------------------------------------------- names that several places bear
@pytest.mark.parametrize(
    ("clues", "code"),
    [
        ({"phones": ("029-85291234",)}, "610116"),
        ({"phones": ("0311-85291234",)}, "130102"),
        ({"host": "www.sjz.gov.cn"}, "130102"),
        ({"host": "www.changanqu.gov.cn", "body": "按照石家庄市的要求"}, "130102"),
        ({"site_name": "西安市长安区人民政府"}, "610116"),
        ({"site_code": "6101160001"}, "610116"),
        ({"signature": "石家庄市长安区人民政府"}, "130102"),
        ({"body": "西安市人民政府办公厅印发"}, "610116"),
        ({"postcodes": ("050011",)}, "130102"),
    ],
)
def test_evidence_tells_namesakes_apart(clues: dict[str, object], code: str) -> None:
    found = finding(f"长安区2020{REPORT}", year=2020, **clues)
    assert found.jurisdiction.code == code
    assert "one of 2 of this name: " in found.jurisdiction.basis
    assert not found.jurisdiction.basis.endswith(": ")
    assert codes_of(found) == []


def test_namesakes_without_evidence_stay_undecided() -> None:
    found = finding(f"长安区2020{REPORT}", year=2020)
    place = found.jurisdiction
    assert (place.id, place.code, place.name, place.level) == (None, None, "长安区", "county")
    assert place.candidate_codes == ("130102", "610116")
    assert codes_of(found) == ["jurisdiction_undecided"]
    assert "130102" in found.issues[0].detail


def test_phone_of_another_place_is_a_conflict() -> None:
    found = finding(f"景县2018{REPORT}", phones=("0563-5020001",))  # 泾县 is read the same and lies in 宣城
    assert found.jurisdiction.code == "131127"
    assert codes_of(found) == ["place_conflict"]


def test_title_and_signature_of_two_places_are_a_conflict() -> None:
    found = finding(f"景县2018{REPORT}", signature="青田县人民政府")
    assert found.jurisdiction.code == "131127"
    assert codes_of(found) == ["place_conflict"]


# ---------------------------------------------------------------- towns
@pytest.mark.parametrize(
    ("clues", "code"),
    [
        ({"body": "依托岳阳县政府网站,我镇"}, "430621112"),
        ({"phones": ("0730-7800425",)}, "430621112"),
        ({"host": "www.yyx.gov.cn", "url_path": "/yyxzf/x/1.html", "signature": "岳阳县新开镇人民政府"}, "430621112"),
        ({"site_name": "黄梅县人民政府"}, "421127109"),
        ({"phones": ("0427-6861234",)}, "211104104"),
    ],
)
def test_a_town_needs_its_county(clues: dict[str, object], code: str) -> None:
    found = finding(f"新开镇2018{REPORT}", **clues)
    assert (found.jurisdiction.id, found.jurisdiction.code) == (code, code)
    assert found.jurisdiction.level == "township"
    assert found.scope == "own_agency"


def test_parent_of_a_town_is_the_county_of_the_year() -> None:
    before = finding(f"开封县朱仙镇2012{REPORT}", year=2012).jurisdiction
    after = finding(f"祥符区朱仙镇2018{REPORT}").jurisdiction
    assert (before.parent_code, after.parent_code) == ("410224", "410212")
    assert before.id == after.id
    gone = finding(f"宣武区大栅栏街道2009{REPORT}", year=2009).jurisdiction
    assert (gone.code, gone.parent_code) == ("110102013", "110104")


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("东莞市虎门镇2018", "441900121"),
        ("北京市西城区广安门外街道办事处2018", "110102020"),
        ("平武县平通羌族乡2018", "510727217"),
        ("丰镇市新城区街道2018", "150981005"),
        ("丛台区人民路街道2018", "130403009"),
        ("博山区域城镇人民政府2018", "370304102"),
        ("衡山县开云镇2018", "430423100"),  # no brand
        ("宁乡市横市镇2018", "430182116"),
        ("锡山区安镇街道2018", "320205002"),
        ("重庆市荣昌区河包镇人民政府2018", "500153109"),
    ],
)
def test_towns_with_difficult_names(title: str, code: str) -> None:
    assert finding(title + REPORT).jurisdiction.code == code


def test_agencies_that_end_like_towns_are_none() -> None:
    for agency in ("乡镇企业局", "城镇管理局", "住房和城乡建设局", "乡村振兴局", "村镇建设办公室"):
        found = finding(f"景县{agency}2018{REPORT}")
        assert (found.jurisdiction.code, found.agency_name) == ("131127", f"景县{agency}"), agency


def test_a_town_name_alone_never_decides() -> None:
    found = finding(f"新开镇2018{REPORT}")
    assert found.jurisdiction.id is None
    assert found.jurisdiction.candidate_codes == ("211104104", "421127109", "430621112")
    assert codes_of(found) == ["jurisdiction_undecided"]
    only = finding(f"黑城子镇2018{REPORT}")  # once in the list of 2023, which knows no history
    assert (only.jurisdiction.id, only.jurisdiction.candidate_codes) == (None, ("211381105",))


def test_a_town_that_the_list_does_not_know() -> None:
    found = finding(f"三亚市崖城镇2010{REPORT}", year=2010)
    place = found.jurisdiction
    assert (place.id, place.code, place.level, place.parent_code) == ("460200崖城镇", None, "township", "460200")
    assert codes_of(found) == ["township_code_unknown"]
    by_text = finding(f"无名镇2018{REPORT}", "岳阳县政府网站", phones=("0730-1234567",)).jurisdiction
    assert (by_text.id, by_text.parent_code) == ("430621无名镇", "430621")


def test_a_department_of_a_town() -> None:
    found = finding(f"高楼镇财政所2018{REPORT}", host="www.ruian.gov.cn")
    assert (found.jurisdiction.code, found.agency_name, found.scope) == ("330381125", "高楼镇财政所", "own_agency")


# ---------------------------------------------------------------- zones
@pytest.mark.parametrize(
    ("title", "clues", "id_"),
    [
        ("西宁经济技术开发区2022", {}, "630100西宁经济技术开发区"),
        ("宿迁经济技术开发区管委会2019", {}, "321300宿迁经济技术开发区"),
        ("宿迁市经开区管理委员会2019", {}, "321300宿迁经济技术开发区"),
        ("岳阳市南湖新区2019", {}, "430600南湖新区"),
        ("南湖新区管委会2019", {"body": "岳阳市委", "phones": ("0730-8842222",)}, "430600南湖新区"),
        ("黄山风景区管委会2018", {}, "341000黄山风景区"),
    ],
)
def test_zones(title: str, clues: dict[str, object], id_: str) -> None:
    found = finding(title + REPORT, **clues)
    place = found.jurisdiction
    assert place.id == id_
    assert place.code == place.parent_code == id_[:6]
    assert (place.level, found.scope, found.agency_name) == ("functional_zone", "own_agency", None)


def test_a_zone_for_all_its_units() -> None:
    found = finding(f"北京经济技术开发区2012{REPORT}", "本报告汇总开发区各部门、各单位的情况编制而成。", year=2012)
    assert (found.jurisdiction.id, found.scope) == ("110000北京经济技术开发区", "whole_area")


def test_a_department_of_a_zone() -> None:
    found = finding(f"岳阳市南湖新区教育局2019{REPORT}", year=2019)
    assert (found.jurisdiction.id, found.agency_name) == ("430600南湖新区", "岳阳市南湖新区教育局")


def test_new_areas_with_a_code_are_counties() -> None:
    assert finding(f"天津市滨海新区2018{REPORT}").jurisdiction.level == "county"


# ---------------------------------------------------------------- scope
def test_the_office_in_the_title_reports_for_itself() -> None:
    found = finding(f"大安市政府办公室2015{REPORT}", "我市高度重视,全市各单位。", year=2015)
    assert (found.agency_name, found.scope) == ("大安市政府办公室", "own_agency")
    assert codes_of(found) == ["scope_conflict"]


def test_the_office_below_a_title_of_the_area_reports_for_the_area() -> None:
    for issuer in ("景县人民政府办公室", "景县政府信息公开工作领导小组办公室", "景县政务公开办公室", "景县行政审批局"):
        found = finding(f"景县2018{REPORT}", "我县高度重视,全县各部门。", issuer=issuer)
        assert (found.agency_name, found.scope, codes_of(found)) == (None, "whole_area", []), issuer


def test_untitled_report_of_a_leading_group_is_the_areas() -> None:
    found = finding(
        None,
        "我区印发,全区各单位。",
        2017,
        issuer="青云谱区政府信息公开工作领导小组办公室",
        first_sentence="2017年度青云谱区政府信息公开年度报告全文包括:概述",
        phones=("0791-88462886",),
    )
    assert (found.jurisdiction.code, found.agency_name, found.scope) == ("360104", None, "whole_area")


def test_offices_with_a_note_and_rare_agencies() -> None:
    assert finding(f"景县人民政府办公室(政务公开科)2018{REPORT}").agency_name == "景县人民政府办公室"
    for agency in ("国有林场", "融媒体中心", "供销合作社", "人民武装部", "农商银行"):
        found = finding(f"景县{agency}2018{REPORT}")
        assert (found.agency_name, found.scope) == (f"景县{agency}", "own_agency")


def test_a_title_of_the_area_over_a_text_of_an_agency() -> None:
    found = finding(f"景县2018{REPORT}", "我局重视。我局公开。本局", issuer="景县教育局")
    assert (found.agency_name, found.scope) == ("景县教育局", "own_agency")
    assert codes_of(found) == ["scope_conflict"]
    unnamed = finding(f"徐闻县2025{REPORT}", "我局重视。我局公开。本局", year=2025)
    assert (unnamed.agency_name, unnamed.scope) == (None, "own_agency")
    assert codes_of(unnamed) == ["agency_unnamed"]


def test_an_agency_whose_place_stands_in_the_signature() -> None:
    found = finding(f"教育局2018{REPORT}", "我局", signature="景县教育局")
    assert (found.jurisdiction.code, found.agency_name, found.scope) == ("131127", "景县教育局", "own_agency")


def test_central_bodies_have_no_jurisdiction() -> None:
    found = finding(f"中华人民共和国教育部2017{REPORT}", year=2017)
    assert found.jurisdiction.code is None
    assert codes_of(found) == ["central_body"]


# ---------------------------------------------------------------- pages that name no place
COUNTY_TEXT = "我县认真贯彻。全县各单位。按照《锦州市人民政府办公厅关于…的实施意见》(锦政办发〔2013〕113号)。县政府网站"


def test_superior_and_kind_leave_exact_candidates() -> None:
    found = finding("开云手机官网入口·(中国)官方网站2014年度政府信息公开工作报告", COUNTY_TEXT, 2014)
    place = found.jurisdiction
    assert (place.id, place.code, place.level, place.parent_code) == (None, None, "county", "210700")
    assert place.candidate_codes == ("210726", "210727")
    assert (found.agency_name, found.scope) == (None, "whole_area")
    assert codes_of(found) == ["jurisdiction_undecided"]


def test_more_evidence_decides_among_them() -> None:
    found = finding("某某官方网站2014年度政府信息公开工作报告", COUNTY_TEXT, 2014, postcodes=("121400",))
    assert found.jurisdiction.code == "210726"


def test_a_city_would_say_city() -> None:
    text = COUNTY_TEXT.replace("我县", "我市").replace("全县", "全市").replace("县政府", "市政府")
    found = finding(None, text, 2014)
    assert set(found.jurisdiction.candidate_codes) <= {"210700", "210781", "210782"}
    assert "210726" not in found.jurisdiction.candidate_codes


def test_the_site_speaks_where_the_report_names_no_place() -> None:
    by_code = finding(f"2025{REPORT}", "我区,全区", 2025, site_code="1301020001")
    assert (by_code.jurisdiction.code, by_code.scope) == ("130102", "whole_area")
    by_name = finding(f"2025{REPORT}", "我局,我局", 2025, site_name="徐闻县人民政府门户网站")
    assert (by_name.jurisdiction.code, by_name.scope) == ("440825", "own_agency")


def test_an_unnamed_town_keeps_its_county() -> None:
    place = finding(f"2023{REPORT}", "我乡,全乡", 2023, site_name="武义县人民政府").jurisdiction
    assert (place.id, place.level, place.parent_code) == (None, "township", "330723")
    assert place.candidate_codes
    assert all(code.startswith("330723") for code in place.candidate_codes)


def test_candidates_are_bounded_and_sorted() -> None:
    place = finding(None, "我县,全县。河南省人民政府", 2018).jurisdiction
    assert len(place.candidate_codes) == 50
    assert list(place.candidate_codes) == sorted(place.candidate_codes)


def test_never_from_a_brand() -> None:
    for brand in ("华体会体育", "澳门新葡京娱乐", "威廉希尔体育", "欧洲杯买球官网", "uedbet体育_uedbet官网@:"):
        found = finding(f"{brand}2016{REPORT}", f"{brand}人民政府,我县,全县", 2016)
        assert (found.jurisdiction.id, found.agency_name) == (None, None), brand


def test_nothing_at_all() -> None:
    found = finding(None, "")
    assert found.jurisdiction.id is None
    assert found.scope is None
    assert codes_of(found) == ["jurisdiction_undecided"]


def test_hostile_text_is_read_in_linear_time() -> None:
    found = finding("由" * 20_000, "由景县" * 60_000 + "〔" * 50_000)
    assert found.jurisdiction is not None


# ---------------------------------------------------------------- addresses of real reports
def _known() -> list[dict[str, str]]:
    if not KNOWN_URLS.exists():
        return []
    with KNOWN_URLS.open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if not row["jurisdiction"].startswith("unresolved")]


@pytest.mark.skipif(not KNOWN_URLS.exists(), reason="the table of known addresses is not beside this checkout")
def test_known_addresses() -> None:
    """A title made from the table's own name, and the real address, give the table's answer."""
    wrong = []
    for row in _known():
        address, year = urlsplit(row["url"]), int(row["report_year"])
        named = bool(row["agency"]) and not row["agency"].startswith(("unresolved", "government"))
        own = row["agency"] and not named
        body = "我局,我局,本局。" if own else "汇总各部门、各单位的情况编制。" if row["scope"] == "whole_area" else ""
        title = f"{row['agency'] if named else row['jurisdiction']}{year}{REPORT}"
        found = finding(title, body, year, host=address.hostname, url_path=address.path)
        place = found.jurisdiction
        code = place.parent_code if place.level == "township" else place.code
        level = row["level"].removeprefix("department_of_").removeprefix("central_department")
        expected = (row["gb2260_in_report_year"], level, row["scope"].split(" ")[0], row["agency"] if named else "")
        got = (code or "", place.level or "", found.scope, found.agency_name or "")
        if row["level"] == "central_department":
            expected, got = expected[:3], got[:3]
        if got != expected:
            wrong.append((title, expected, got))
    assert len(_known()) > 70
    assert wrong == []
