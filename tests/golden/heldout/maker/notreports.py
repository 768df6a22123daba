"""Pages that look like reports and are none."""

from __future__ import annotations

from typing import Any

from tests.golden.sample.maker import spec

from . import frames

TEXTS = {
    "guide": (
        "彭泽县政府信息公开指南",
        "为便于公民、法人和其他组织获取政府信息，根据《中华人民共和国政府信息公开条例》，编制本指南，每年3月31日前更新一次。|== 一、主动公开|公开机构概况、规范性文件、财政预决算等15类信息，自形成或变更之日起20个工作日内公开。|== 二、依申请公开|申请人可当面、信函、网络提交申请，每件申请表一式1份。收到申请后20个工作日内答复，延长不超过20个工作日。申请量超过10件的，每增加1件收取100元信息处理费；30件以上每件200元。|== 三、监督|认为未依法履行公开义务的，可以举报投诉，或者在60日内申请行政复议、6个月内提起行政诉讼。受理电话：0792-5623177，邮编332700。",
    ),
    "notice": (
        "关于报送2022年政府信息公开工作年度报告的通知",
        "各乡镇人民政府，县直各单位：|根据《条例》第四十九条规定，现就做好2022年度报告有关事项通知如下。|一、时间要求。各单位于2023年1月10日前报送电子版和纸质版各1份，统计期限为2022年1月1日至2022年12月31日，1月31日前在门户网站公布。|二、内容要求。正文按总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、行政复议和行政诉讼情况、主要问题及改进情况、其他需要报告的事项6个部分撰写，字数不少于1500字。上年度有4家单位漏填表格、3家单位勾稽关系错误，予以通报。|联系电话：0855-4521098。|2022年12月20日",
    ),
    "list": (
        "政府信息公开年报列表",
        "2023年政府信息公开工作年度报告 2024-01-25|2022年政府信息公开工作年度报告 2023-01-18|2021年政府信息公开工作年度报告 2022-01-20|县教育局2023年度报告 2024-01-16|县卫生健康局2023年度报告 2024-01-15|县水利局2023年度报告 2024-01-12|共 186 条 首页 上一页 1 2 3 4 下一页 尾页 每页20条",
    ),
    "scores": (
        "关于2018年度政务公开工作考核结果的通报",
        "各镇（街道）、区直各部门：|根据《2018年政务公开工作考核办法》，区政府办公室组织对12个镇（街道）、36个部门进行了考核，从主动公开（40分）、依申请公开（20分）、政策解读（15分）、平台建设（15分）、监督保障（10分）五个方面打分。|评定优秀单位10个、良好单位26个、合格单位12个。抽查发现9个单位信息更新超过3个月，5个单位依申请公开答复超期，全区信息公开申请平均答复时间11个工作日。|请各单位于2019年2月20日前上报整改情况。",
    ),
}


def pages(first: int) -> list[tuple[str, dict[str, Any], bytes]]:
    out = []
    for number, (slug, (title, text)) in enumerate(TEXTS.items(), first):
        name = f"{number:02d}_no_{slug}"
        page = {"file": f"pages/{name}.html", "about": f"no report: {slug}",
                "answer": {"document_kind": "not_a_report", "reason": slug, "title": title, "issues": ["not_a_report"]}}  # fmt: skip
        facts = {"title": title, "page_title": title, "site": "政府门户网站", "date": "2023-01-05", "Y": 2022, "when": "发布时间：2023-01-05　",
                 "source": "办公室", "hits": 318, "charset": "utf-8"}  # fmt: skip
        content = frames.body(text.split("|"), {}, "plain", "plain", __import__("random").Random(1))
        out.append(
            (name, spec.answer_of(page), frames.page("mobile" if number % 2 else "wide", facts, content).encode())
        )
    return out
