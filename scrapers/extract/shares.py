"""Shares, growth and other rates in the words (占70.6%, 同比增长6.3%): kept as such, never taken for counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scrapers.document import Document, Figure, Share
from scrapers.extract.numbers import NUMBER, Template
from scrapers.extract.statements import Span

_NEAR = 24  # characters before the number in which the words that name it stand
_GROWTH = re.compile(
    r"(?:同比|环比|较|(?<!占)(?<!对)比(?![例重率])|增长|上升|提高|增幅|增加|提升|下降|减少|降低|降幅|回落|下滑|降)"
    r"[^,;]{0,14}$"
)
_DOWN = re.compile(r"(?:下降|减少|降低|降幅|回落|下滑|降)[^,;]{0,6}$")
_SHARE = re.compile(r"(?:占|比例|比重|占比)[^,;]{0,16}$")
_NAME = re.compile(r"[^,;:。()\ue000-\ue003]{0,16}$")


@dataclass(frozen=True, slots=True)
class Found:
    """A share before its metric is known; ``sentence`` is where the sentence begins in the published text."""

    share: Share
    sentence: int


def shares_of(template: Template, span: Span, document: Document) -> Iterator[Found]:
    """The shares of a sentence. ``value`` is in percent, of growth below zero where the words say that it fell."""
    for at, number in sorted(template.numbers.items()):
        if not number.is_share:
            continue
        before = template.text[max(at - _NEAR, 0) : at].rpartition(NUMBER)[2]
        kind = "growth" if _GROWTH.search(before) else "share" if _SHARE.search(before) else "rate"
        if number.printed.endswith("点"):
            kind = "points"
        name = _NAME.search(before)
        start, end = document.normal.source_span(number.start, number.end)
        value = -number.value if kind in ("growth", "points") and _DOWN.search(before) else number.value
        share = Share(
            kind=kind,
            value=value,
            name=name.group().strip() if name else "",
            metric_id=None,
            printed=document.text[start:end],
            start=start,
            end=end,
            section=span.chapter,
        )
        yield Found(share, document.normal.starts[span.start])


def with_metrics(found: Sequence[Found], figures: Sequence[Figure]) -> tuple[Share, ...]:
    """Each share with the metric it speaks of: that of the nearest figure before it in its sentence, or None."""
    answer = []
    for one in found:
        if one.share.kind == "rate":
            answer.append(one.share)
            continue
        before = [figure for figure in figures if one.sentence <= figure.evidence_start < one.share.start]
        nearest = max(before, key=lambda figure: figure.evidence_end, default=None)
        answer.append(replace(one.share, metric_id=nearest.metric_id if nearest else None))
    return tuple(answer)
