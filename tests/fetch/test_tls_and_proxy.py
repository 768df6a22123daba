"""Encryption as strict as a site allows, HTTP/2, and the proxy."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from flows.crawling import crawl_all
from flows.crawls import Crawl
from flows.faults import UsageFault
from flows.settings import Settings
from scrapers.fetch.addresses import NameNotFound
from scrapers.fetch.http import HttpFetcher
from scrapers.fetch.outcomes import Fetched
from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Politeness, Source

pytest.importorskip("cryptography")
from hostile.secure import Proxy, answering, answering_in_http2, make_certificate, serving

BODY = ("<title>某县2018年政府信息公开工作年度报告</title><p>" + "全文" * 300).encode()
PUBLIC = "93.184.215.14"


class NoLedger:
    """Nothing is crawled, so nothing is entered."""

    def open(self, source: Source) -> Crawl:
        raise AssertionError(source.source_id)

    def close(self, crawl: Crawl) -> object:
        raise AssertionError(crawl.crawl_id)


def source_of(base_url: str, **changes: Any) -> Source:
    values: dict[str, Any] = {
        "source_id": "test", "publisher": "某县", "base_url": base_url, "report_pages": ("/a.html",),
        "allow_private": True, "politeness": Politeness(seconds_between_requests=0),
    }  # fmt: skip
    return Source(**{**values, **changes})


def fetch(settings: FetchSettings, *sources: Source, **tools: Any) -> list[Fetched]:
    """The first report of each source, one after the other, with one fetcher."""

    async def run() -> list[Fetched]:
        async with HttpFetcher(settings, **tools) as fetcher:
            return [await fetcher.fetch(source.report_addresses[0], source) for source in sources]

    return asyncio.run(run())


def server_context(certificate: Path, old: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certificate)
    return context


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path, "127.0.0.1")


def test_an_untrusted_certificate_needs_an_exception_and_the_attempt_says_so(
    quick: FetchSettings, certificate: Path
) -> None:
    with serving(answering(BODY), server_context(certificate)) as port:
        base = f"https://127.0.0.1:{port}"
        why = "self-signed certificate, seen 2026-03-01"
        strict, legacy, unverified = fetch(
            quick, source_of(base), source_of(base, tls="legacy", tls_reason=why),
            source_of(base, tls="unverified", tls_reason=why),
        )  # fmt: skip
        again = fetch(quick, source_of(base, tls="unverified", tls_reason=why), source_of(base))
    assert strict.attempt.outcome == legacy.attempt.outcome == "tls_error"
    assert strict.attempt.tls_exception is None and legacy.attempt.tls_exception is None
    assert unverified.attempt.outcome == "ok" and unverified.page is not None
    assert unverified.attempt.tls_exception == f"unverified: {why}"
    # what one source was allowed is not there for the next
    assert [one.attempt.outcome for one in again] == ["ok", "tls_error"]


def test_a_trusted_site_is_asked_strictly_whatever_its_source_allows(quick: FetchSettings, certificate: Path) -> None:
    with serving(answering(BODY), server_context(certificate)) as port:
        source = source_of(f"https://127.0.0.1:{port}", tls="unverified", tls_reason="was broken in 2024")
        [got] = fetch(quick, source, tls=trusting(certificate))
    assert got.attempt.outcome == "ok" and got.attempt.tls_exception is None


@pytest.mark.filterwarnings("ignore:ssl.OP_NO:DeprecationWarning")
def test_old_protocols_are_legacy_and_the_certificate_still_counts(
    quick: FetchSettings, certificate: Path, tmp_path: Path
) -> None:
    why = "speaks TLS 1.0 only"
    with serving(answering(BODY), server_context(certificate, old=True)) as port:
        base = f"https://127.0.0.1:{port}"
        sources = [source_of(base)] + [source_of(base, tls=mode, tls_reason=why) for mode in ("legacy", "unverified")]
        strict, legacy, _ = fetch(quick, *sources, tls=trusting(certificate))
        _, untrusted, unverified = fetch(quick, *sources)
    assert strict.attempt.outcome == "tls_error"
    assert (legacy.attempt.outcome, legacy.attempt.tls_exception) == ("ok", f"legacy: {why}")
    assert untrusted.attempt.outcome == "tls_error"
    assert (unverified.attempt.outcome, unverified.attempt.tls_exception) == ("ok", f"unverified: {why}")


@pytest.mark.parametrize(("name", "days"), [("127.0.0.1", -1), ("other.example", 10)])
def test_an_expired_certificate_and_that_of_another_host(
    quick: FetchSettings, tmp_path: Path, name: str, days: int
) -> None:
    bad = make_certificate(tmp_path, name, days)
    with serving(answering(BODY), server_context(bad)) as port:
        base = f"https://127.0.0.1:{port}"
        strict, lax = fetch(
            quick, source_of(base), source_of(base, tls="unverified", tls_reason="x"), tls=trusting(bad)
        )  # fmt: skip
    assert (strict.attempt.outcome, lax.attempt.outcome) == ("tls_error", "ok")


def test_the_exception_is_for_the_sources_own_hosts_only(quick: FetchSettings, certificate: Path) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    with serving(answering(BODY), server_context(certificate)) as port:
        source = source_of(
            f"https://127.0.0.1:{port}", tls="unverified", tls_reason="x", attachment_hosts=("files.example",)
        )

        async def run() -> list[Fetched]:
            async with HttpFetcher(quick, resolver=resolver) as fetcher:
                urls = (source.report_addresses[0], f"https://files.example:{port}/a.pdf")
                return [await fetcher.fetch(url, source) for url in urls]

        own, foreign = asyncio.run(run())
    assert own.attempt.outcome == "ok"
    assert foreign.attempt.outcome == "private_address"  # and were it public, its certificate would be checked


@pytest.mark.parametrize("changes", [{"tls": "legacy"}, {"tls": "unverified", "tls_reason": " "}, {"tls_reason": "x"}])
def test_an_exception_says_why(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="tls_reason"):
        source_of("https://x.gov.cn", **changes)


def test_http2_and_what_is_kept_of_it(quick: FetchSettings, certificate: Path) -> None:
    context = server_context(certificate)
    context.set_alpn_protocols(["h2"])
    with serving(answering_in_http2(BODY), context) as port:
        [got] = fetch(quick, source_of(f"https://127.0.0.1:{port}"), tls=trusting(certificate))
    assert got.exchange is not None and got.exchange.body == BODY
    assert (got.exchange.request_line, got.exchange.status_line) == ("GET /a.html HTTP/2", "HTTP/2 200")
    assert (b"content-type", b"text/html") in got.exchange.response_headers


# --- the proxy ---


def test_pages_come_through_the_proxy_and_private_sources_do_not(quick: FetchSettings) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return [{"x.gov.cn": PUBLIC, "inside.gov.cn": "10.0.0.8"}[host]]

    with serving(answering(BODY)) as port:
        proxy = Proxy(port, password=b"Proxy-Authorization: Basic dTpw")
        with serving(proxy.serve) as proxy_port:
            settings = replace(quick, proxy=f"http://u:p@127.0.0.1:{proxy_port}")
            sources = [
                source_of("http://x.gov.cn", allow_private=False),
                source_of("http://inside.gov.cn", allow_private=False),
                source_of(f"http://127.0.0.1:{port}"),
            ]
            through, inside, own = fetch(settings, *sources, resolver=resolver)
    assert through.page is not None and through.page.content == BODY
    assert through.exchange is not None and through.exchange.ip_address is None
    assert b"Proxy-Authorization" not in dict(through.exchange.request_headers)
    assert proxy.asked == ["GET http://x.gov.cn/robots.txt", "GET http://x.gov.cn/a.html"]
    assert inside.attempt.outcome == "private_address"
    assert own.exchange is not None and own.exchange.ip_address == "127.0.0.1"


def test_tls_through_the_proxy_is_checked_as_without(quick: FetchSettings, tmp_path: Path) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        raise NameNotFound("no name service here")

    certificate = make_certificate(tmp_path, "x.gov.cn")
    source = source_of("https://x.gov.cn", allow_private=False)
    with serving(answering(BODY), server_context(certificate)) as port:
        proxy = Proxy(port)
        with serving(proxy.serve) as proxy_port:
            settings = replace(quick, proxy=f"http://127.0.0.1:{proxy_port}")
            [good] = fetch(settings, source, resolver=resolver, tls=trusting(certificate))
            [bad] = fetch(settings, source, resolver=resolver)
    assert good.attempt.outcome == "ok" and bad.attempt.outcome == "tls_error"
    assert set(proxy.asked) == {"CONNECT x.gov.cn:443"}


def test_a_proxy_that_wants_another_password(quick: FetchSettings) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return [PUBLIC]

    proxy = Proxy(9, password=b"something else")
    with serving(proxy.serve) as proxy_port:
        settings = replace(quick, proxy=f"http://user:secret@127.0.0.1:{proxy_port}")
        for scheme in ("http", "https"):
            [got] = fetch(settings, source_of(f"{scheme}://x.gov.cn", allow_private=False), resolver=resolver)
            assert got.attempt.outcome == "connection_error" and "proxy" in (got.attempt.reason or "")
            assert "secret" not in repr(got) + repr(settings)


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:9", "127.0.0.1:8080", "http://", "ftp://u:secret@x", "://secret"]
)
def test_a_proxy_that_cannot_be_used(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy") as error:
        FetchSettings(proxy=proxy)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("wrong", [{"proxy": "socks5://u:secret@x:9"}, {"contact": "张三"}, {"contact": "a@b.cn\n"}])
def test_settings_that_cannot_be_used_are_told_to_the_person(wrong: dict[str, str]) -> None:
    source = source_of("http://x.gov.cn", allow_private=False)
    settings = Settings.model_validate({"contact": "a@b.cn", **wrong})
    with pytest.raises(UsageFault, match="GONGKAI_") as fault:
        asyncio.run(crawl_all([source], settings, NoLedger(), lambda _: None))
    assert "secret" not in str(fault.value) + repr(settings)
