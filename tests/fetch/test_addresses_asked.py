"""Which addresses may be asked: names, redirects, private networks."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import replace

import pytest
from fetching import PUBLIC, Site, ToLoopback, fetch, fetch_one, public

from scrapers.fetch.addresses import is_public, may_connect
from scrapers.fetch.outcomes import Outcome
from scrapers.fetch.settings import FetchSettings


def test_nobody_listens_and_nobody_has_the_name(site: Site, quick: FetchSettings) -> None:
    source = site.source(base_url="http://127.0.0.1:9")
    assert fetch(quick, source, "http://127.0.0.1:9/a.html")[0].attempt.outcome == "connection_error"

    async def nowhere(host: str, port: int) -> list[str]:
        return []

    source = site.source(base_url="http://x.example")
    got = fetch(quick, source, "http://x.example/a", resolver=nowhere)[0]
    assert got.attempt.outcome == "connection_error" and "x.example" in (got.attempt.reason or "")


@pytest.mark.parametrize(
    "url", ["ftp://a.cn/x", "javascript:alert(1)", "http://", "/relative", "http://u:p@a.cn/", "file:///etc/passwd",
            "http://a b.cn/", "http://a.cn:99999/", "http://[::1", "http://" + "a" * 3000, "http://a.cn/\ud800"],
)  # fmt: skip
def test_addresses_that_cannot_be_used(site: Site, quick: FetchSettings, url: str) -> None:
    got = fetch(quick, site.source(), url)[0]
    assert got.attempt.outcome == "bad_url" and got.attempt.reason and got.page is None
    assert not site.log


def test_redirects_are_followed_on_the_site_and_counted(site: Site, quick: FetchSettings) -> None:
    site.routes |= {
        "/a.html": site.redirect("/b.html", 301),
        "/b.html": site.redirect("c.html?x=1", 307),
        "/c.html?x=1": site.page,
    }
    got = fetch_one(quick, site, "/a.html")
    assert got.page is not None and got.page.url == site.base + "/a.html"
    assert got.attempt.final_url == site.base + "/c.html?x=1"
    site.routes["/loop.html"] = site.redirect("/loop.html")
    got = fetch_one(quick, site, "/loop.html")
    assert got.attempt.outcome == "too_many_redirects" and site.asked("/loop.html") == quick.max_redirects + 1
    site.routes["/odd.html"] = site.redirect("file:///etc/passwd")
    assert fetch_one(quick, site, "/odd.html").attempt.outcome == "bad_url"


def test_loopback_is_not_asked_without_allow_private(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = site.page
    got = fetch_one(quick, site, "/a.html", allow_private=False)
    assert got.attempt.outcome == "private_address" and not site.log


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://10.1.2.3/",
               "http://0x7f000001/", "http://2130706433/", "http://127.1/", "http://[::ffff:127.0.0.1]/",
               "http://100.100.100.200/", "http://0.0.0.0/", "http://[fe80::1]/"],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_refused(site: Site, quick: FetchSettings, target: str) -> None:
    site.routes["/a.html"] = site.redirect(target)
    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    dialler = ToLoopback(site.port)
    got = fetch(quick, source, "http://x.gov.cn/a.html", resolver=public, dialler=dialler)[0]
    assert got.attempt.outcome == "private_address", got
    assert set(dialler.dialled) == {PUBLIC}


@pytest.mark.parametrize(
    "answer", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fe80::1%eth0", "64:ff9b::7f00:1"]
)
def test_a_name_that_leads_into_a_private_network_is_refused(site: Site, quick: FetchSettings, answer: str) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return [answer]

    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    dialler = ToLoopback(site.port)
    got = fetch(quick, source, "http://x.gov.cn/a.html", resolver=resolver, dialler=dialler)[0]
    assert got.attempt.outcome == "private_address" and answer in (got.attempt.reason or "")
    assert not dialler.dialled


def test_a_name_that_changes_its_address_between_hops_gains_nothing(site: Site, quick: FetchSettings) -> None:
    """DNS rebinding: the first hop is public, the second private; each connection goes where its own check looked."""
    site.routes |= {"/robots.txt": lambda h: site.send(h, 404, b"", Connection="close"),
                    "/a.html": lambda h: site.send(h, 302, b"", Location="/b.html", Connection="close")}  # fmt: skip
    answers = iter([PUBLIC, PUBLIC, "127.0.0.1"])

    async def resolver(host: str, port: int) -> list[str]:
        return [next(answers)]

    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    dialler = ToLoopback(site.port)
    forgetful = replace(quick, names_kept=0)
    got = fetch(forgetful, source, "http://x.gov.cn/a.html", resolver=resolver, dialler=dialler)[0]
    assert got.attempt.outcome == "private_address"
    assert dialler.dialled == [PUBLIC, PUBLIC] and not site.asked("/b.html")
    assert site.log[-1].headers["Host"] == "x.gov.cn"


def test_of_several_addresses_only_public_ones_are_dialled(site: Site, quick: FetchSettings) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["192.168.0.1", PUBLIC]

    site.routes["/a.html"] = site.page
    source = site.source(base_url="http://x.gov.cn", allow_private=False)
    got = fetch(quick, source, "http://x.gov.cn/a.html", resolver=resolver, dialler=ToLoopback(site.port))[0]
    assert got.attempt.outcome == "ok"


def test_a_redirect_to_another_host_is_not_followed(site: Site, quick: FetchSettings) -> None:
    site.routes["/a.html"] = site.redirect("http://other.example/x.html")
    got = fetch_one(quick, site, "/a.html")
    assert got.attempt.outcome == "redirected_off_site" and "other.example" in (got.attempt.reason or "")


def test_allow_private_never_opens_the_metadata_address(site: Site, quick: FetchSettings) -> None:
    source = site.source(base_url="http://169.254.169.254", allow_private=True)
    assert fetch(quick, source, "http://169.254.169.254/latest")[0].attempt.outcome == "private_address"


def test_tls_without_a_trusted_certificate(site: Site, quick: FetchSettings) -> None:
    source = site.source(base_url=site.base.replace("http:", "https:"))
    got = fetch(quick, source, source.base_url + "/a.html", tls=ssl.create_default_context())[0]
    assert got.attempt.outcome == "tls_error" and got.page is None


def test_a_redirect_to_a_name_that_is_none_ends_as_a_bad_address(site: Site, quick: FetchSettings) -> None:
    site.routes |= {"/a.html": site.redirect("http://xn--/")}
    assert fetch_one(quick, site, "/a.html").attempt.outcome is Outcome.bad_url


@pytest.mark.parametrize(
    "address",
    ["::127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1", "::ffff:0:7f00:1", "fd00:ec2::254", "192.0.0.192", "168.63.129.16"],
)
def test_addresses_that_only_look_public_are_shut(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_metadata_services_stay_shut_even_where_private_networks_are_open() -> None:
    assert not may_connect(ipaddress.ip_address("fd00:ec2::254"), True)
    assert may_connect(ipaddress.ip_address("fd00::1"), True)
    assert is_public(ipaddress.ip_address("2001:da8::1"))
