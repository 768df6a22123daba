"""How many values, identity fields and flags of a set of answered pages are right: the counts, and their shares.

precision = right / (right + wrong + invented); recall = right / (right + wrong + missed), the sample size. A share of
nothing is None, never 0 or 1.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scrapers.accuracy.answers import Answer, AnsweredPage
from scrapers.accuracy.compare import Comparison, ValueVerdict, compare
from scrapers.accuracy.identity import FlagVerdict, flag_verdicts
from scrapers.accuracy.shapes import shapes_of
from scrapers.catalogue import Catalogue, CatalogueError, load_catalogue
from scrapers.document import Page, Reading
from scrapers.read import read_page

Basis = Literal["table", "narrative"]
ALL = "*"  # all forms, or all metrics
NO_FORM = "none"  # pages without a form, so pages that are no reports
SMALL_SAMPLE = 30  # below it a share says little
FLAGS_COUNTED = ("not_a_report", "hijacked", "mirror")  # together the figure ``flags``


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page, read and compared."""

    name: str
    file: str
    form: str
    shapes: tuple[str, ...]
    comparison: Comparison
    flags: tuple[FlagVerdict, ...]
    not_assessed: tuple[str, ...]  # what the answer says and one page cannot show
    seconds: float

    @property
    def faultless(self) -> bool:
        """Whether nothing differs from the answer."""
        return not self.comparison.differences


@dataclass(frozen=True, slots=True)
class Score:
    """Verdicts on values, counted. ``attributes``: right values of which qualifier, state or the unit's name differ."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0
    attributes: int = 0

    @property
    def sample_size(self) -> int:
        """The values that the answers have."""
        return self.right + self.wrong + self.missed

    @property
    def precision(self) -> float | None:
        """The share of the values read that are right."""
        return _share(self.right, self.right + self.wrong + self.invented)

    @property
    def recall(self) -> float | None:
        """The share of the answers' values that are read, and right."""
        return _share(self.right, self.sample_size)

    @staticmethod
    def of(values: Iterable[ValueVerdict]) -> Score:
        """The verdicts, counted."""
        counts: Counter[str] = Counter()
        for value in values:
            counts[value.verdict] += 1
            counts["attributes"] += bool(value.attributes)
        return Score(**counts)


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one family, form or page shape. ``faultless`` is None where a group is no set of whole pages."""

    name: str
    pages: int
    faultless: int | None
    table: Score
    narrative: Score


@dataclass(frozen=True, slots=True)
class IdentityScore:
    """One identity field over the reports. ``absent``: not on the page, and nothing read."""

    name: str
    right: int
    absent: int
    wrong: int
    missed: int
    invented: int

    @property
    def accuracy(self) -> float | None:
        """The share of the reports on which the field is as in the answer, absent ones included."""
        fine = self.right + self.absent
        return _share(fine, fine + self.wrong + self.missed + self.invented)


@dataclass(frozen=True, slots=True)
class FlagScore:
    """One mark of pages: how many have it, how many of them were marked, how many others were."""

    name: str
    pages: int
    wanted: int
    found: int
    invented: int

    @property
    def accuracy(self) -> float | None:
        """The share of the pages with the mark, rightly or wrongly, that have it rightly."""
        return _share(self.found, self.wanted + self.invented)


@dataclass(frozen=True, slots=True)
class Measure:
    """A set of pages, measured."""

    pages: int
    faultless: int
    total: Group
    families: tuple[Group, ...]
    forms: tuple[Group, ...]
    shapes: tuple[Group, ...]
    by_metric: dict[tuple[str, Basis, str], Score]  # (form or *, basis, metric or *)
    identity: tuple[IdentityScore, ...]
    flags: tuple[FlagScore, ...]
    must_be_missing_violations: int
    lost_evidence: int
    not_assessed: dict[str, int]
    seconds: float  # of reading, over all processes
    results: tuple[PageResult, ...]

    def flags_counted(self) -> list[FlagScore]:
        """The marks that the figure ``flags`` counts together."""
        return [one for one in self.flags if one.name in FLAGS_COUNTED]

    def figures(self) -> dict[str, float | None]:
        """The figures that may have a floor, by name; shares from 0 to 1."""
        identity = [(one.right + one.absent, one.wrong + one.missed + one.invented) for one in self.identity]
        fine, faults = sum(pair[0] for pair in identity), sum(pair[1] for pair in identity)
        counted = self.flags_counted()
        return {
            "pages": float(self.pages),
            "faultless_pages": _share(self.faultless, self.pages),
            "identity": _share(fine, fine + faults),
            "table_precision": self.total.table.precision,
            "table_recall": self.total.table.recall,
            "narrative_precision": self.total.narrative.precision,
            "narrative_recall": self.total.narrative.recall,
            "flags": _share(sum(one.found for one in counted), sum(one.wanted + one.invented for one in counted)),
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def measure_page(one: AnsweredPage, reader: Callable[[Page], Reading] = read_page) -> PageResult:
    """Reads a page and compares it with its answer. What goes wrong in the reader is a fault of the page."""
    page, answer = one.page(), one.answer
    started = time.perf_counter()
    try:
        reading = reader(page)
    except CatalogueError:
        raise  # no page is at fault
    except Exception as error:
        reading = Reading("unreadable", "reader_fault", f"{type(error).__name__}: {error}"[:500])
    seconds = time.perf_counter() - started
    return PageResult(
        name=one.name,
        file=answer.file,
        form=answer.report_format or NO_FORM,
        shapes=shapes_of(answer, page.content),
        comparison=compare(answer, reading),
        flags=tuple(flag_verdicts(answer, reading)),
        not_assessed=tuple(_not_assessed(answer)),
        seconds=seconds,
    )


def _not_assessed(answer: Answer) -> Iterator[str]:
    """Marks that need a second page; the warehouse gives them."""
    if answer.duplicate_of:
        yield "duplicate"
    if answer.superseded_by:
        yield "revised"


def summarise(results: Sequence[PageResult], catalogue: Catalogue | None = None) -> Measure:
    """The counts over the pages of a set."""
    catalogue = catalogue or load_catalogue()
    ordered = sorted(results, key=lambda one: one.name)
    values = [(one, value) for one in ordered for value in one.comparison.values]
    seen = [difference for one in ordered for difference in one.comparison.differences]
    return Measure(
        pages=len(ordered),
        faultless=sum(one.faultless for one in ordered),
        total=_group(ALL, ordered),
        families=tuple(_families(values, catalogue)),
        forms=tuple(_groups(ordered, lambda one: (one.form,))),
        shapes=tuple(_groups(ordered, lambda one: one.shapes)),
        by_metric=_by_metric(values, catalogue),
        identity=tuple(_identity(ordered)),
        flags=tuple(_flags(ordered)),
        must_be_missing_violations=sum(one.part == "missing" for one in seen),
        lost_evidence=sum(one.part == "evidence" for one in seen),
        not_assessed=dict(Counter(name for one in ordered for name in one.not_assessed)),
        seconds=sum(one.seconds for one in ordered),
        results=tuple(ordered),
    )


def _group(name: str, pages: Sequence[PageResult]) -> Group:
    values = [value for one in pages for value in one.comparison.values]
    return Group(name, len(pages), sum(one.faultless for one in pages), *_scores(values))


def _scores(values: Sequence[ValueVerdict]) -> tuple[Score, Score]:
    return (
        Score.of(value for value in values if value.basis == "table"),
        Score.of(value for value in values if value.basis == "narrative"),
    )


def _groups(pages: Sequence[PageResult], names_of: Callable[[PageResult], tuple[str, ...]]) -> Iterator[Group]:
    for name in sorted({name for one in pages for name in names_of(one)}):
        yield _group(name, [one for one in pages if name in names_of(one)])


def _families(values: Sequence[tuple[PageResult, ValueVerdict]], catalogue: Catalogue) -> Iterator[Group]:
    groups: dict[str, list[tuple[PageResult, ValueVerdict]]] = {}
    for one, value in values:
        metric = catalogue.metrics.get(metric_of(value, one.form, catalogue))
        groups.setdefault(metric.family if metric else "unknown", []).append((one, value))
    for name, members in sorted(groups.items()):
        pages = len({one.name for one, _ in members})
        yield Group(name, pages, None, *_scores([value for _, value in members]))


def metric_of(value: ValueVerdict, form_id: str, catalogue: Catalogue) -> str:
    """The canonical metric of a value: of a cell by its field in the page's form, else in the first form with it."""
    if value.metric_id is not None:
        return value.metric_id
    forms = [catalogue.forms[form_id]] if form_id in catalogue.forms else []
    for form in [*forms, *catalogue.forms.values()]:
        for field in form.fields:
            if field.id == value.name:
                return field.metric_id
    return value.name


def _by_metric(
    values: Sequence[tuple[PageResult, ValueVerdict]], catalogue: Catalogue
) -> dict[tuple[str, Basis, str], Score]:
    groups: dict[tuple[str, Basis, str], list[ValueVerdict]] = {}
    for one, value in values:
        metric = metric_of(value, one.form, catalogue)
        for form in {ALL, one.form}:
            for name in (ALL, metric):
                groups.setdefault((form, value.basis, name), []).append(value)
    return {key: Score.of(members) for key, members in sorted(groups.items())}


def _identity(pages: Sequence[PageResult]) -> Iterator[IdentityScore]:
    counts: dict[str, Counter[str]] = {}
    for one in pages:
        for verdict in one.comparison.identity:
            counts.setdefault(verdict.name, Counter())[verdict.verdict] += 1
    for name, verdicts in counts.items():
        yield IdentityScore(
            name, verdicts["right"], verdicts["absent"], verdicts["wrong"], verdicts["missed"], verdicts["invented"]
        )


def _flags(pages: Sequence[PageResult]) -> Iterator[FlagScore]:
    flags: dict[str, list[FlagVerdict]] = {}
    for one in pages:
        for flag in one.flags:
            flags.setdefault(flag.name, []).append(flag)
    for name, verdicts in flags.items():
        wanted = [one for one in verdicts if one.wanted]
        found = sum(one.raised for one in wanted)
        invented = sum(one.raised for one in verdicts) - found
        yield FlagScore(name, len(verdicts), len(wanted), found, invented)
