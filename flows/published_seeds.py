"""What the published tables say beside figures: the registry of sources, kinds of issues, pages that are withheld."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator

from flows.entries import entry_files
from flows.faults import UsageFault
from flows.fetch import SAMPLE_ADDRESS
from flows.settings import DBT_PROJECT
from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.sources.schema import Source, load_sample_source, load_sources

TAKEDOWNS = DBT_PROJECT / "takedowns"

SOURCE_COLUMNS = (
    "source_id", "publisher", "jurisdiction_code", "level", "family", "base_url", "hosts", "is_official", "is_verified",
    "terms", "terms_en", "terms_from", "terms_page", "contact", "notes",
)  # fmt: skip
ISSUE_COLUMNS = ("issue_code", "issue_no", "said_by", "label_zh", "label_en")
TAKEDOWN_COLUMNS = ("takedown_no", "page_sha256", "source_url", "withholds", "because", "asked_by", "decided_on")
Row = dict[str, object]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str


class _Terms(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    official_documents: _Text


class _IssueCode(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    said_by: Literal["reader", "warehouse"]
    zh: str
    en: str


class _IssueCodes(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    issues: list[_IssueCode]


def issue_rows() -> Iterator[Row]:
    """What may be doubtful about a report, in words."""
    for number, issue in enumerate(load_yaml("issues.yaml", _IssueCodes).issues, 1):
        yield {
            "issue_code": issue.code, "issue_no": number, "said_by": issue.said_by, "label_zh": issue.zh,
            "label_en": issue.en,
        }  # fmt: skip


def source_rows() -> Iterator[Row]:
    """The sources that ship with the project, and the sample; what is not known is None."""
    law = load_yaml("terms.yaml", _Terms).official_documents
    for source in [*load_sources(), load_sample_source(SAMPLE_ADDRESS)]:
        yield _source_row(source, law)


def _source_row(source: Source, law: _Text) -> Row:
    own = source.terms
    return {
        "source_id": source.source_id, "publisher": source.publisher, "jurisdiction_code": source.jurisdiction_code,
        "level": source.level, "family": source.family, "base_url": source.base_url,
        "hosts": ",".join(source.hosts), "is_official": source.official, "is_verified": source.verified,
        "terms": own or law.zh, "terms_en": None if own else law.en, "terms_from": "publisher" if own else "law",
        "terms_page": source.terms_page, "contact": source.contact, "notes": source.notes or None,
    }  # fmt: skip


class Takedown(BaseModel):
    """A page whose text is not shown: by the checksum of its bytes or by its address, with all its vintages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: Annotated[str, Field(min_length=1)]
    withhold: Literal["text", "text_and_figures"] = "text"
    because: Annotated[str, Field(min_length=1)]
    asked_by: Annotated[str, Field(min_length=1)]
    decided_on: date

    @field_validator("page")
    @classmethod
    def _checksum_or_address(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}|https?://\S+", value):
            raise ValueError(f"{value!r} is neither the 64 hex digits of a page's checksum nor an address")
        return value


class _Takedowns(RootModel[list[Takedown]]):
    """One file of dbt_project/takedowns."""


def load_takedowns(folder: Path | None = None) -> list[Takedown]:
    """All entries of the folder's *.yml, by file name and place. Raises CatalogueError naming file and line."""
    return [
        entry
        for name, text in entry_files(folder or TAKEDOWNS)
        if _says_anything(text)
        for entry in load_yaml(f"{DBT_PROJECT.name}/{name}", _Takedowns, text=text).root
    ]


def check_takedowns() -> None:
    """Raises UsageFault for an entry that cannot be used, so that a run says so before it fetches anything."""
    try:
        load_takedowns()
    except CatalogueError as error:
        raise UsageFault(str(error)) from None


def _says_anything(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def takedown_rows() -> Iterator[Row]:
    """The entries as rows of a seed."""
    for number, entry in enumerate(load_takedowns(), 1):
        is_address = "://" in entry.page
        yield {
            "takedown_no": number, "page_sha256": None if is_address else entry.page,
            "source_url": entry.page if is_address else None, "withholds": entry.withhold, "because": entry.because,
            "asked_by": entry.asked_by, "decided_on": entry.decided_on.isoformat(),
        }  # fmt: skip
