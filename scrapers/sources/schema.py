"""The schema of a source: one publisher of reports, described in one YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from scrapers.catalogue.loading import CatalogueError, load_yaml
from scrapers.fetch.addresses import BadUrl, bare_host, host_of, web_address
from scrapers.fetch.tls import TlsMode
from scrapers.sources.family import BASE, load_family

HERE = Path(__file__).parent
SAMPLE_FILE = "sample.yaml"
# the loader fills it in when the sample's server has its port
BASE_URL_PLACEHOLDER = "{base_url}"
MAX_SOURCE_FILE_BYTES = 1_000_000


class Politeness(BaseModel):
    """How gently a host is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds_between_requests: Annotated[float, Field(ge=0, le=3600)] = 2.0
    max_concurrency: Annotated[int, Field(ge=1, le=16)] = 1


class Source(BaseModel):
    """One publisher: whose reports, where their lists are, and how to ask for them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
    publisher: Annotated[str, Field(min_length=1)]
    jurisdiction_code: Annotated[str, Field(pattern=r"^\d{6}(\d{3})?$")] | None = None
    level: Literal["province", "prefecture", "county", "township", "functional_zone"] | None = None
    language: Literal["zh-Hans", "zh-Hant"] = "zh-Hans"
    family: str = BASE  # the kind of site, one of families/*.yaml
    base_url: str
    further_hosts: tuple[str, ...] = ()  # hosts that belong to the publisher too
    attachment_hosts: tuple[str, ...] = ()  # hosts of others on which its files lie
    list_pages: tuple[str, ...] = ()  # absolute, or relative to base_url
    list_pages_missing: str | None = None  # the reason why no list page is known
    report_pages: tuple[str, ...] = ()  # reports known by their own address
    max_list_pages: Annotated[int, Field(ge=1, le=2000)] = 100
    max_pages: Annotated[int, Field(ge=1, le=100_000)] = 5_000
    expected_minimum: Annotated[int, Field(ge=0)] = 0
    politeness: Politeness = Politeness()
    # how strictly the encryption of the source's own hosts is checked: exceptions only where a site leaves no choice.
    # legacy: old protocols and ciphers; unverified: certificates that cannot be trusted too. See scrapers/fetch/tls.py.
    tls: TlsMode = "strict"
    tls_reason: str | None = None  # why the exception is needed, when it was seen
    allow_private: bool = False  # loopback and private networks may be asked, on the source's own hosts only
    official: bool = False  # its hosts are the publisher's own
    verified: bool = False  # its pages were fetched and looked at
    terms: str | None = None  # what the publisher itself says about the use of its pages, where that is known
    terms_page: str | None = None  # the address where it says so
    contact: str | None = None  # where the publisher wants to be written to about its pages
    notes: str = ""

    @field_validator("jurisdiction_code", mode="before")
    @classmethod
    def _code_is_text(cls, value: Any) -> Any:
        if isinstance(value, int):
            raise ValueError(f'put the code in quotes: "{value}"')
        return value

    @field_validator("base_url", "terms_page")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        return None if value is None else _checked_address(value, None)

    @field_validator("further_hosts", "attachment_hosts")
    @classmethod
    def _hosts_are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if "/" in host or ":" in host or not host:
                raise ValueError(f"{host!r} is not a host name: give it without http:// and without a path")
        return value

    @field_validator("family")
    @classmethod
    def _family_is_known(cls, value: str) -> str:
        load_family(value)
        return value

    @field_validator("list_pages", "report_pages", mode="before")
    @classmethod
    def _none_is_no_page(cls, value: Any) -> Any:
        return () if value is None else value

    @field_validator("list_pages", "report_pages")
    @classmethod
    def _pages_are_addresses(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        base, further = info.data.get("base_url"), info.data.get("further_hosts")
        if base is None or further is None:
            return value  # those are at fault, and said to be
        for page in value:
            if not _is_one_of(host_of(_checked_address(page, base)), (host_of(base), *further)):
                raise ValueError(f"{page} is on a host that is neither base_url's nor in further_hosts")
        return value

    @model_validator(mode="after")
    def _has_pages(self) -> Source:
        if not self.list_pages and not self.report_pages and not self.list_pages_missing:
            raise ValueError("give list_pages or report_pages, or say in list_pages_missing why there are none")
        return self

    @model_validator(mode="after")
    def _exceptions_say_why(self) -> Source:
        if self.tls != "strict" and not (self.tls_reason or "").strip():
            raise ValueError(f"tls: {self.tls} needs a tls_reason: what the site lacks, and when that was seen")
        if self.tls == "strict" and self.tls_reason:
            raise ValueError("tls_reason is given, but tls is strict")
        return self

    @property
    def list_addresses(self) -> tuple[str, ...]:
        """The list pages as absolute addresses."""
        return tuple(web_address(page, self.base_url) for page in self.list_pages)

    @property
    def report_addresses(self) -> tuple[str, ...]:
        """The known report pages as absolute addresses."""
        return tuple(web_address(page, self.base_url) for page in self.report_pages)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The publisher's own hosts: base_url's and further_hosts."""
        return (host_of(self.base_url), *self.further_hosts)

    def is_own_host(self, host: str) -> bool:
        """Whether ``host`` is the publisher's: base_url's, one below it, or one of further_hosts."""
        return _is_one_of(host, (host_of(self.base_url), *self.further_hosts))

    def is_attachment_host(self, host: str) -> bool:
        """Whether files of the publisher may lie on ``host``."""
        return self.is_own_host(host) or _is_one_of(host, self.attachment_hosts)


def load_sources(folder: Path | None = None) -> list[Source]:
    """The sources of ``folder`` (its *.yaml, by name); without it those that ship with the project, sample apart.

    Raises CatalogueError naming file and line where a file is wrong, where two files share a source_id, and where a
    folder that was named holds none.
    """
    root = HERE if folder is None else folder
    if not root.is_dir():
        raise CatalogueError(f"{root}: there is no such folder")
    for path in sorted(root.glob("*.yml")):
        raise CatalogueError(f"{path}: a source ends in .yaml; rename it")
    files = source_files(root)
    if not files and folder is not None:
        raise CatalogueError(f"{root}: no source in it (one *.yaml file a publisher)")
    owners: dict[str, Path] = {}
    sources = []
    for path in files:
        source = load_source(path)
        if source.source_id in owners:
            raise CatalogueError(f"{path}: source_id {source.source_id} is also that of {owners[source.source_id]}")
        owners[source.source_id] = path
        sources.append(source)
    return sources


def source_files(folder: Path) -> list[Path]:
    """The files of the sources in ``folder``, by name; the bundled sample is none of them."""
    shipped = folder.resolve() == HERE
    return [path for path in sorted(folder.glob("*.yaml")) if not (shipped and path.name == SAMPLE_FILE)]


def load_source(path: Path, base_url: str | None = None) -> Source:
    """The source in the file ``path``; ``base_url`` stands in for its placeholder. Raises CatalogueError."""
    try:
        if path.stat().st_size > MAX_SOURCE_FILE_BYTES:
            raise CatalogueError(f"{path}: larger than {MAX_SOURCE_FILE_BYTES} bytes, not a source")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: not UTF-8 at byte {error.start}") from None
    if base_url is not None:
        text = text.replace(BASE_URL_PLACEHOLDER, base_url)
    elif BASE_URL_PLACEHOLDER in text:
        line = text[: text.index(BASE_URL_PLACEHOLDER)].count("\n") + 1
        raise CatalogueError(f"{path}, line {line}: {BASE_URL_PLACEHOLDER} is only for the bundled sample")
    return load_yaml(str(path), Source, text=text)


def load_sample_source(base_url: str) -> Source:
    """The source of the bundled sample, whose site is served at ``base_url``."""
    return load_source(HERE / SAMPLE_FILE, base_url)


def _checked_address(text: str, base: str | None) -> str:
    try:
        return web_address(text, base)
    except BadUrl as error:
        raise ValueError(f"{text!r}: {error}") from None


def _is_one_of(host: str, owners: tuple[str, ...]) -> bool:
    bare = bare_host(host)
    return any(bare == bare_host(owner) or bare.endswith("." + bare_host(owner)) for owner in owners)
