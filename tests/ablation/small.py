"""Small pages written for one trap: a few lines, and what is read of them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scrapers.accuracy.answers import Answer, AnswerFigure
from scrapers.document import Page, Reading
from tests.ablation.seen import concerning, faults
from tests.ablation.switches import Switch

_TITLE = "枣强县2016年政府信息公开工作年度报告"
_STATES = ("stated_zero", "implied", "blank_as_zero")
_PLACES = ("missing", "issues", "figures", "cells", "matrix", "document_kind", "reason")


class SmallPage(BaseModel):
    """``title`` and ``text`` are the lines of a plain text, or ``html`` is the whole page.

    ``reads``: keys of an answer, and ``words`` (metric → "12 条", with a qualifier or state behind the unit),
    ``chapters`` ([heading, kind] of level 1 in order), ``shares`` ([kind, percent] in order). Nothing else counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str = _TITLE
    text: str = ""
    html: str | None = None
    encoding: str = "utf-8"
    content_type: str | None = None
    url: str | None = None
    reads: dict[str, Any]

    def page(self) -> Page:
        """The page as the reader is given it."""
        source = f"{self.title}\n{self.text}" if self.html is None else self.html
        name = "page.txt" if self.html is None else "page.html"
        return Page(source.encode(self.encoding), file_name=name, url=self.url, content_type=self.content_type)

    def as_markup(self) -> SmallPage:
        """The same lines as paragraphs of an HTML page."""
        lines = "".join(f"<p>{line}</p>\n" for line in (self.title, *self.text.splitlines()))
        return self.model_copy(update={"html": f"<html><body>{lines}</body></html>"})

    def answer(self) -> Answer:
        """The answer, without what only small pages ask for."""
        asked = {key: value for key, value in self.reads.items() if key not in ("words", "chapters", "shares")}
        figures = [_figure(metric, said) for metric, said in self.reads.get("words", {}).items()]
        return Answer.model_validate({"file": "page", "document_kind": "annual_report", "figures": figures, **asked})

    def wrong(self, reading: Reading) -> dict[str, str]:
        """The differences of the reading to what is asked for."""
        found = concerning(faults(self.answer(), reading), [*self._names()])
        chapters = [[one.heading, one.kind] for one in reading.sections if one.level == 1]
        if "chapters" in self.reads and chapters != self.reads["chapters"]:
            found["chapters"] = f"chapters: {chapters}, wanted {self.reads['chapters']}"
        shares = [[one.kind, one.value] for one in reading.shares]
        if "shares" in self.reads and shares != self.reads["shares"]:
            found["shares"] = f"shares: {shares}, wanted {self.reads['shares']}"
        return found

    def _names(self) -> list[str]:
        names = ["kind.*"]
        names += [f"words.{metric}.*" for metric in self.reads.get("words", {})]
        names += [f"words.{metric}.*" for metric in self.reads.get("missing", [])]
        names += [f"issues.{code}.presence" for code in self.reads.get("issues", [])]
        names += ["cells.*"] if "cells" in self.reads or "matrix" in self.reads else []
        names += ["trust"] if "trust" in self.reads else []
        return names + [f"identity.{name}.value" for name in self.reads if name not in _PLACES]


def _figure(metric: str, said: str) -> AnswerFigure:
    number, unit, *more = said.split()
    state = next((word for word in more if word in _STATES), "reported")
    qualifier = next((word for word in more if word not in _STATES), "exact")
    return AnswerFigure.model_validate(
        {"metric_id": metric, "value": float(number), "unit": unit, "value_state": state, "qualifier": qualifier}
    )


class CoveredTrap(BaseModel):
    """A trap whose rules stand behind each other, or one that the answers of the golden pages do not ask for.

    ``disable``: the set of rules, each needed for that ``pages`` (as in traps.yaml) and ``small`` pages are read right;
    without them each is read wrongly, and ``unharmed`` (a page without the trap; the plain page where none is given) is
    not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    page_does: str
    disable: list[Switch] = Field(min_length=1)
    pages: dict[str, list[str]] = {}
    small: list[SmallPage] = []
    unharmed: list[SmallPage] = []

    @model_validator(mode="after")
    def _twice(self) -> CoveredTrap:
        if len(self.pages) + len(self.small) < 2:
            raise ValueError(f"{self.name} needs two pages")
        return self


class CoveredTraps(BaseModel):
    """covered.yaml"""

    model_config = ConfigDict(extra="forbid", frozen=True)
    plain: SmallPage
    traps: list[CoveredTrap]
