"""The day a report was published: under its title, in its signature, in the page's meta data."""

from __future__ import annotations

import re
from datetime import date

from scrapers.document import Issue
from scrapers.extract.dates import date_words, find_dates, parse_date

# what a site writes behind the date under a title
_PAGE_TOOLS = re.compile(r"浏览|点击|阅读|访问|来源|作者|字[号体]|打印|编辑|发布|信息来源|责任|【")

_OF_DATA = re.compile(r"(?:数据|统计|采集|起止|涵盖|报告|编报|时段|口径)$")
_SOURCE = re.compile(r"(?:信息)?来源:?[^:。,\n]{0,20}")


def published_in_header(header: str) -> date | None:
    """The date of publication in the lines around the title: labelled (发布日期:…), or a date on a line of its own."""
    order = {label: rank for rank, label in enumerate(date_words().file.published_labels)}
    labelled = []
    for match in date_words().label.finditer(header):
        if match["label"] in ("日期", "时间") and _OF_DATA.search(header[: match.start()]):
            continue  # 数据采集时间, 统计日期
        behind = header[match.end() : match.end() + 24]
        found = [hit for hit in find_dates(behind) if not behind[: hit[0]].strip(" :|\t")]
        if found:
            labelled.append((order[match["label"]], match.start(), min(found)[2]))
    if labelled:
        return min(labelled)[2]
    for line in header.split("\n"):
        bracketed = re.match(r"\(([^()]{6,16})\)", line.strip())  # behind the title on a page of one line
        if bracketed and (day := parse_date(bracketed[1])):
            return day
        bare = line.strip(" ()|[]【】")
        hit = min(find_dates(bare), default=None)
        if hit and _SOURCE.fullmatch(bare[: hit[0]]):  # 来源:区府办2013-03-04
            return hit[2]
        if hit and hit[0] <= 1 and _PAGE_TOOLS.search(bare) and len(bare) <= 60:
            return hit[2]
        rest = _PAGE_TOOLS.split(bare[hit[1] :], maxsplit=1)[0] if hit else ""
        if hit and hit[0] <= 1 and len(rest) <= 9 and not re.search(r"[一-鿿]", rest):
            return hit[2]
    return None


def published_in_meta(meta: dict[str, str]) -> date | None:
    """The date of publication in the page's meta data (PubDate and its cousins)."""
    for name in date_words().file.published_meta:
        value = meta.get(name)
        found = parse_date(value[:40]) if value else None
        if found:
            return found
    return None


def choose_published(
    header: date | None, signature: date | None, meta: date | None, report_year: int | None
) -> tuple[date | None, tuple[Issue, ...]]:
    """The day of publication: under the title, then signature, then meta data.

    A header date years after the report beside a fitting signature is a migration of the site: the signature decides.
    """
    candidates = [(name, day) for name, day in (("header", header), ("signature", signature), ("meta", meta)) if day]
    if not candidates:
        return None, ()
    chosen = candidates[0]
    if report_year is not None and not _fits(chosen[1], report_year):
        chosen = next((candidate for candidate in candidates if _fits(candidate[1], report_year)), chosen)
    far = [f"{name} {day}" for name, day in candidates if abs((day - chosen[1]).days) > 31]
    if not far:
        return chosen[1], ()
    detail = f"the {chosen[0]} says {chosen[1]}, but {', '.join(far)}"
    return chosen[1], (Issue("published_date_conflict", "info", detail),)


def _fits(day: date, report_year: int) -> bool:
    """Reports appear after their year's end; the autumn of the next year is late but happens."""
    return date(report_year, 12, 1) <= day <= date(report_year + 1, 12, 31)
