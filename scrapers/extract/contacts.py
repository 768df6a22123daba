"""Contacts of a report: those its preface or its end names, never any number in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from scrapers.catalogue.loading import load_yaml
from scrapers.extract.dates import join_wrapped

_TAIL_CHARACTERS = 600
_PREFACE_CHARACTERS = 6000
_DASH = "-‐‑‒–—―−－─ー~"
_BETWEEN = r"[\s:：|]{0,3}"
_MAX_ADDRESS = 60
_MAX_NOTE = 12  # characters of a note in brackets between a label and its number


class ContactWords(BaseModel):
    """The file contacts.yaml."""

    model_config = ConfigDict(extra="forbid")
    phone: list[str]
    fax: list[str]
    joint: list[str]
    email: list[str]
    postcode: list[str]
    address: list[str]
    website: list[str]
    web_words: list[str]
    other_phones: list[str]
    domains: list[str]


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of a report as printed, with one ASCII dash and no blanks in numbers; None where not stated.

    ``phones`` and ``postcodes`` are all that were found, for resolving the place.
    """

    phone: str | None = None
    fax: str | None = None
    email: str | None = None
    postcode: str | None = None
    address: str | None = None
    website: str | None = None
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Patterns:
    phone: re.Pattern[str]
    fax: re.Pattern[str]
    email_label: re.Pattern[str]
    postcode: re.Pattern[str]
    address: re.Pattern[str]
    website: re.Pattern[str]
    other_phone: re.Pattern[str]


# 0578-6508316, (0527)84368216, 052784368216, 6402.1371, 85804301, 0791 8846 2886, 13812345678, 010-12345678-801
_NUMBER = (
    rf"(?:\+?86[{_DASH}\s]?)?(?:\(?0\d{{2,3}}\)?\s?[{_DASH}/.]{{0,2}}\s?\d{{3,4}}[\s.]?\d{{4}}"
    rf"|1[3-9]\d{{9}}|[2-8]\d{{2,3}}[\s.{_DASH}]?\d{{4}}|0\d{{9,11}})(?:\s?[{_DASH}]\s?\d{{1,4}}(?!\d))?(?!\d)"
)
_EMAIL = re.compile(
    r"(?P<local>[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,60}[A-Za-z0-9_])?)\s?(?:@|\(at\)|\[at\])\s?"
    r"(?P<domain>[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,20}){1,4})",
)
_GLUED_LABEL = re.compile(r"^(?:e-?mail)(?=.)", re.I)
_ADDRESS_STOP = re.compile(r"[,。;)\n|]|邮政编码|邮编|联系电话|电话|传真|电子邮")
_PLACE_LIKE = re.compile(r"[路街道巷号楼镇乡村县市区院厦场室]")


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """The compiled contacts.yaml. Raises CatalogueError where the file is faulty."""
    file = load_yaml("contacts.yaml", ContactWords)
    phone, fax = _any(file.phone), _any(file.fax)
    domains = "|".join(re.escape(domain) for domain in file.domains)
    web = "".join(f"(?<!{re.escape(word)})" for word in file.web_words)
    # 电话(传真), 电话(兼传真), 传真(电话同号), 电话及传真; else a note of its own: 电话(办公室), 电话(工作日)
    both = rf"\s?[(/、]?\s?(?:{_any(file.joint)})?\s?(?:{fax}|{phone})(?:{_any(file.joint)})?(?:号码?)?\s?\)?"
    after = rf"(?:{both}|\s?\([^()\n\d:][^()\n:]{{0,{_MAX_NOTE}}}\))?"
    return _Patterns(
        phone=re.compile(rf"(?P<label>(?:{phone}){after}){_BETWEEN}(?:为|是|至|到)?(?P<number>{_NUMBER})", re.I),
        fax=re.compile(rf"(?P<label>(?:{fax}){after}){_BETWEEN}(?:为|是|至|到)?(?P<number>{_NUMBER})", re.I),
        email_label=re.compile(rf"(?:{_any(file.email)}){_BETWEEN}", re.I),
        postcode=re.compile(rf"(?:{_any(file.postcode)}){_BETWEEN}\(?(?:为|是)?(?P<code>\d{{6}})(?!\d)"),
        address=re.compile(
            rf"{web}(?:{_any(file.address)})(?:在|为|[:|\s]){{0,2}}(?P<value>[^\n]{{4,{_MAX_ADDRESS}}})"
        ),
        website=re.compile(
            rf"(?<![@A-Za-z0-9.-])(?:https?://)?(?:[A-Za-z0-9-]{{1,40}}\.){{1,4}}(?:{domains})(?![A-Za-z0-9.@-])"
            r"(?::\d{2,5})?(?:/[A-Za-z0-9._~/%?=&-]{0,120})?",
            re.I,
        ),
        other_phone=re.compile(rf"(?:{_any(file.other_phones)})[^,。;]{{0,4}}$"),
    )


def _any(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def read_contacts(text: str, preface_end: int) -> Contacts:
    """The contacts in the preface of a normalised text, filled up from its last lines."""
    preface = join_wrapped(text[: min(preface_end, _PREFACE_CHARACTERS)])
    tail = join_wrapped(text[max(preface_end, len(text) - _TAIL_CHARACTERS) :])
    first, second = _read_zone(preface), _read_zone(tail)
    return Contacts(
        phone=first.phone or second.phone,
        fax=first.fax or second.fax,
        email=first.email or second.email,
        postcode=first.postcode or second.postcode,
        address=first.address or second.address,
        website=first.website or second.website,
        phones=tuple(dict.fromkeys(first.phones + second.phones)),
        postcodes=tuple(dict.fromkeys(first.postcodes + second.postcodes)),
    )


def _read_zone(zone: str) -> Contacts:
    patterns = _patterns()
    phones, faxes = _numbers(zone)
    codes = tuple(dict.fromkeys(match["code"] for match in patterns.postcode.finditer(zone)))
    return Contacts(
        phone=phones[0] if phones else _bare_phone(zone),
        fax=faxes[0] if faxes else None,
        email=_email(zone),
        postcode=codes[0] if codes else _bare_postcode(zone),
        address=_address(zone) or _bare_address(zone),
        website=_website(zone),
        phones=tuple(dict.fromkeys(phones + faxes)),
        postcodes=codes,
    )


def _numbers(zone: str) -> tuple[list[str], list[str]]:
    """(phones, faxes): a number labelled 电话/传真, or followed by (传真), is both."""
    patterns = _patterns()
    phones: list[str] = []
    faxes: list[str] = []
    for match in patterns.phone.finditer(zone):
        note = match["label"].partition("(")[2].rstrip(")")
        if patterns.other_phone.search(zone[max(0, match.start() - 6) : match.start()]) or (
            note and patterns.other_phone.search(note)
        ):
            continue
        number = tidy_number(match["number"])
        phones.append(number)
        is_fax = "传真" in match["label"] or "fax" in match["label"].lower()
        if is_fax or re.match(r"\s?\((?:兼|同|含|带|及|/|电话/)?(?:传真|FAX)(?!\s?[:\d])", zone[match.end() :]):
            faxes.append(number)
        phones += [tidy_number(more[1]) for more in _more_numbers(zone, match.end())]
    for match in patterns.fax.finditer(zone):
        number = tidy_number(match["number"])
        faxes.append(number)
        if re.search(r"电话|tel", match["label"], re.I) and number not in phones:
            phones.append(number)
    return phones, faxes


_MORE = re.compile(rf"\s?[、,/;或]\s?({_NUMBER})")


def _more_numbers(zone: str, position: int) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    while len(found) < 5 and (match := _MORE.match(zone, position)):
        found.append(match)
        position = match.end()
    return found


def tidy_number(number: str) -> str:
    """A phone number as printed, with ASCII dashes and without blanks; (0527)84368216 gets a dash for its brackets."""
    number = re.sub(r"\s", "", number)
    number = re.sub(rf"[{_DASH}/]+|(?<=^0\d{{3}})\.|(?<=^0\d{{2}})\.", "-", number)
    number = re.sub(r"\((0\d{2,3})\)-?", r"\1-", number)
    return re.sub(r"^(0\d{2,3})\)-?", r"\1-", number).lstrip("(")


def _email(zone: str) -> str | None:
    for match in _EMAIL.finditer(zone):
        local = _GLUED_LABEL.sub("", match["local"])
        domain = re.sub(r"(?<=\.(?:com|net|org))[0-9].*$|(?<=\.cn)[0-9].*$", "", match["domain"]).rstrip("-.")
        if local and "." in domain and re.search(r"[A-Za-z]{2,}$", domain):
            return f"{local}@{domain}"
    return None


def _address(zone: str) -> str | None:
    for match in _patterns().address.finditer(zone):
        value = _ADDRESS_STOP.split(match["value"], maxsplit=1)[0].strip(" :(、")
        if len(value) >= 4 and _PLACE_LIKE.search(value) and not re.search(r"https?:|www\.|@", value):
            return value
    return None


# contacts without a label: 欢迎来电(0833-7430278)、来函(…路254号614000)
_BARE_PHONE = re.compile(rf"(?<![{_DASH}\d])0\d{{2,3}}[{_DASH}]\d{{7,8}}(?![{_DASH}\d])")
_BARE_ADDRESS = re.compile(
    r"(?:[(:、,]|寄信至|来函至?|位于|地处|前往|可到|可至|寄往|邮寄至|(?:来函|来信|来电|咨询|查阅|索取)[^一-鿿]?)"
    r"(?P<place>[一-鿿]{4,30}\d{1,5}号)(?:\(?,?(?:邮政编码|邮编)?\s?[:为]?(?P<code>\d{6})(?!\d))?"
)


def _bare_phone(zone: str) -> str | None:
    match = _BARE_PHONE.search(zone)
    labelled = match and re.search(
        r"传真[^,。;]{0,4}$|(?:监督|投诉|举报|服务)热线[^,。;]{0,4}$|\([^()]{0,8}(?:监督|投诉|举报)[^()]{0,8}\):?$",
        zone[max(0, match.start() - 20) : match.start()],
    )
    return tidy_number(match[0]) if match and not labelled else None


def _bare_address(zone: str) -> str | None:
    match = _bare_place(zone)
    return _LED.split(match["place"])[-1] if match else None


def _bare_postcode(zone: str) -> str | None:
    match = _bare_place(zone)
    return match["code"] if match else None


_LED = re.compile(r"(?:寄信|来函|寄|邮寄|送)至|位于|地处|前往|可到|可至")


def _bare_place(zone: str) -> re.Match[str] | None:
    """The first street with a house number; 国务院令第492号 is none."""
    return next((match for match in _BARE_ADDRESS.finditer(zone) if re.search(r"[路街道巷村]", match["place"])), None)


def _website(zone: str) -> str | None:
    match = _patterns().website.search(zone)
    return match[0].rstrip("/.") if match else None
