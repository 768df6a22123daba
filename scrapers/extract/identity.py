"""Identity of a report: title, issuer, place, year, period, dates, contacts and trust from their own readers."""

from __future__ import annotations

from bisect import bisect_left
from urllib.parse import unquote, urlsplit

from scrapers.document import Document, Identity, Issue, Page, Section
from scrapers.extract.align import label_key
from scrapers.extract.contacts import Contacts, read_contacts
from scrapers.extract.dates import (
    Period,
    YearFinding,
    read_period,
    read_year,
)
from scrapers.extract.headings import is_annex_line
from scrapers.extract.jurisdiction import PlaceClues, resolve
from scrapers.extract.published import choose_published, published_in_header, published_in_meta
from scrapers.extract.signatures import Signature, find_issuer, find_signature, first_sentence
from scrapers.extract.titles import (
    Title,
    find_title,
    meta_title,
)
from scrapers.extract.trust import judge

_HEADER_BEFORE = 600  # characters around the title in which the line with the date is looked for
_HEADER_AFTER = 400
_TITLE_ZONE = 1000  # characters in which blanks of the published text may set a title apart
_SITE_NAMES = ("sitename", "og:site_name", "application-name", "author")
_SITE_CODES = ("siteidcode", "site_id_code")


def read_identity(
    page: Page,
    document: Document,
    sections: tuple[Section, ...],
    official_hosts: frozenset[str] = frozenset(),
) -> tuple[Identity, tuple[Issue, ...]]:
    """The identity of the report on a page, and what is doubtful about it.

    ``official_hosts`` are hosts known to be a government's own; the page's address is used for place and trust only.
    """
    text = document.normal.text
    preface_end = preface_end_of(document, sections)
    title = find_title(text, preface_end, document.meta, gaps_of(document, min(preface_end, _TITLE_ZONE)))
    signature = find_signature(text)
    sentence = first_sentence(text, title, preface_end)
    issuer = find_issuer(text[:preface_end], title.text if title else None, signature)
    contacts = read_contacts(text, preface_end)
    period = read_period(text, preface_end)
    year = _year(document, title, sentence, period)
    published, date_issues = choose_published(
        published_in_header(_header(text, title, preface_end)),
        signature.day if signature else None,
        published_in_meta(dict(document.meta)),
        year.year,
    )
    publisher = issuer.name if issuer and issuer.basis != "contact" else None  # the office to ask may be another
    named = title.text if title else None
    heading = named or annex_title(document)
    place = resolve(_clues(page, document, heading, publisher, signature, sentence, contacts, year.year))
    trust = judge(page.url, document.meta, named, text, place, issuer=publisher, official_hosts=official_hosts)
    identity = Identity(
        title=named,
        issuer=issuer.name if issuer else None,
        jurisdiction=place.jurisdiction,
        agency_name=place.agency_name,
        scope=place.scope,
        report_year=year.year,
        report_year_basis=year.basis,
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        published_on=published,
        phone=contacts.phone,
        fax=contacts.fax,
        email=contacts.email,
        postcode=contacts.postcode,
        address=contacts.address,
        website=contacts.website,
        trust=trust.trust,
        trust_reasons=tuple(trust.reasons),
    )
    return identity, (*year.issues, *date_issues, *place.issues, *trust.issues)


def preface_end_of(document: Document, sections: tuple[Section, ...]) -> int:
    """Where the first chapter begins in the normalised text; its length where there are no chapters."""
    if not sections:
        return len(document.normal.text)
    return bisect_left(document.normal.starts, sections[0].start)


def annex_title(document: Document) -> str | None:
    """The line that opens an annex (…统计表), where it says more than the word annex."""
    lines = (line.strip() for line in document.normal.text[:600].split("\n"))
    return next((line for line in lines if is_annex_line(line) and len(label_key(line)) > 4), None)


def gaps_of(document: Document, end: int) -> list[int]:
    """The places in the normalised text[:end] before which the published text has blanks."""
    starts, ends = document.normal.starts, document.normal.ends
    return [at for at in range(1, end) if document.text[ends[at - 1] : starts[at]].isspace()]


def _year(document: Document, title: Title | None, sentence: str | None, period: Period | None) -> YearFinding:
    """The report year; a title counts as what it was found in, so that the basis tells the truth."""
    named = {title.basis: title.text} if title else {}
    return read_year(
        named.get("text"),
        period,
        named.get("first_sentence", sentence),
        named.get("meta", meta_title(document.meta)),
        document.normal.text,
    )


def _header(text: str, title: Title | None, preface_end: int) -> str:
    """The lines around the title, where the day of publication is printed; the first lines where there is no title."""
    if title is None or title.start is None or title.end is None or title.basis != "text":
        return text[: min(_HEADER_AFTER, preface_end)]
    start = text.rfind("\n", 0, max(0, title.start - _HEADER_BEFORE)) + 1
    after = text[title.end : min(title.end + _HEADER_AFTER, max(preface_end, title.end))]
    return text[start : title.start] + "\n" + after


def _clues(
    page: Page,
    document: Document,
    title: str | None,
    issuer: str | None,
    signature: Signature | None,
    sentence: str | None,
    contacts: Contacts,
    report_year: int | None,
) -> PlaceClues:
    address = urlsplit(page.url) if page.url else None
    return PlaceClues(
        title=title,
        issuer=issuer,
        signature=signature.name if signature else None,
        first_sentence=sentence,
        body=document.normal.text,
        host=address.hostname if address else None,
        url_path=unquote(address.path) if address else None,
        site_name=_first(document, _SITE_NAMES),
        site_code=_first(document, _SITE_CODES),
        phones=contacts.phones,
        postcodes=contacts.postcodes,
        email=contacts.email,
        report_year=report_year,
    )


def _first(document: Document, names: tuple[str, ...]) -> str | None:
    return next((document.meta[name] for name in names if document.meta.get(name)), None)
