"""Firewalls, pages to log in and soft 404s told from reports."""

from __future__ import annotations

import time

import httpx
import pytest
from pydantic import ValidationError

from scrapers.fetch.signs import challenge_sign, sign_of
from scrapers.fetch.vocabulary import FirewallSign, load_vocabulary

URL = "https://x.gov.cn/art/2019/1/7/art_1_2.html"
NO_HEADERS = httpx.Headers()


def outcome(page: str, final: str = URL, encoding: str = "utf-8") -> str | None:
    found = sign_of(page.encode(encoding), URL, final, NO_HEADERS)
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<title>登录</title><input type='password'>" + "<li>通知公告</li>" * 200, "login_page"),
        ("<title>某省统一身份认证</title><div id=app></div>", "login_page"),
        ("<p>会话已过期，请重新进入</p>", "login_page"),
        ("<form><input name=u><input type=password></form>", "login_page"),
        ("<title>某县2018年度报告</title><form><input type=password>登录</form><iframe src='a.pdf'>", None),
        ("<title>某县</title><input type=password>" + "<p>主动公开政府信息</p>" * 100, None),
        ("<title>某县</title><p>关于登录系统填报年度数据的通知" + "正文" * 300, None),
        ("<html><script>var arg1='3A';reload(arg1)</script></html>", "waf_challenge"),
        ("<title>安全验证</title><p>请完成滑动验证后继续访问</p>", "waf_challenge"),
        ("<script>document.cookie='x=1';location.href='/'</script>", "waf_challenge"),
        # a page that sets a cookie and shows a document in a frame is a page
        ("<script>document.cookie='x=1';if(m)location.href='/m'</script><iframe src='a.pdf'></iframe>", None),
        ("<title>某县</title><iframe src='a.pdf'></iframe><a href='//trust.yunaq.com/x'>创宇信用</a>", None),
        ("<title>某县</title><input type=password><a href='/P02019.docx'>附件</a>", None),
        # nor is a report about firewalls, or one that came through one
        ("<title>某县网信办2018年年度报告</title><p>部署网站防火墙，拦截攻击</p>", None),
        ("<p>" + "部署web应用防火墙，奇安信、深信服设备各一台。" * 40, None),
        ("<script>$_ts.cd=1</script><meta r='m'>" + "<p>全年主动公开政府信息三百条</p>" * 60, None),
        ("<title>提示</title><p>页面不存在</p>", "soft_404"),
    ],
)
def test_pages_answered_with_200(page: str, expected: str | None) -> None:
    assert outcome(page) == expected
    assert outcome(page, encoding="gb18030") == expected


@pytest.mark.parametrize(
    ("final", "expected"),
    [("https://x.gov.cn/login.jsp", "login_page"), ("https://x.gov.cn/cas/login?service=a", "login_page"),
     ("https://x.gov.cn/sso/", "login_page"), ("https://x.gov.cn/404.html", "soft_404"),
     ("https://x.gov.cn/", "soft_404"), ("https://x.gov.cn/art/2019/1/7/art_1_3.html", None),
     ("https://x.gov.cn/blogin/a.html", None)],
)  # fmt: skip
def test_where_a_redirect_leads(final: str, expected: str | None) -> None:
    assert outcome("<title>某县2018年年度报告</title>", final) == expected


@pytest.mark.parametrize(
    ("status", "headers", "body", "maker"),
    [
        (412, {"Set-Cookie": "FSSBBIl1UgzbN7N80T=1"}, "", "瑞数"),
        (521, {"Set-Cookie": "__jsluid_s=1; max-age=9"}, "<script>x</script>", "加速乐"),
        (403, {"cf-mitigated": "challenge"}, "", "Cloudflare"),
        (403, {}, "<!-- event_id: 7f --><p>已拦截</p>", "雷池"),
        (418, {}, "<p>您的请求疑似攻击行为！</p>", "华为云"),
        (493, {}, "<script src='/wzws-waf-cgi/x'></script>", "360"),
        (405, {}, "<img src='//errors.aliyun.com/a.png'>", "阿里云"),
    ],
)
def test_refusals_of_firewalls(status: int, headers: dict[str, str], body: str, maker: str) -> None:
    said = challenge_sign(body.encode(), status, httpx.Headers(headers))
    assert said is not None and maker in said and str(status) in said


@pytest.mark.parametrize("status", [403, 412, 468, 500, 503, 521])
def test_an_ordinary_refusal_is_no_firewalls(status: int) -> None:
    body = b"<html><head><title>Forbidden</title></head><body><center><h1>nginx</h1></center></body></html>"
    assert challenge_sign(body, status, httpx.Headers({"server": "nginx", "set-cookie": "JSESSIONID=1"})) is None


def _header(start: str) -> tuple[str, str]:
    name, _, value = start.partition(":")
    return name, value.strip() + "x"


def test_every_sign_fits_what_it_describes() -> None:
    for sign in load_vocabulary().firewalls:
        body = " ".join((*sign.words[:1], *sign.further_words[:1]))
        headers = httpx.Headers(dict(_header(line) for line in sign.headers[:1]))
        for status in (status for status in sign.statuses or (403,) if status != 200):
            assert challenge_sign(body.encode(), status, headers), sign


@pytest.mark.parametrize("fields", [{"statuses": [412]}, {"words": ["Upper"]}, {"words": [""]}])
def test_a_sign_that_says_nothing_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FirewallSign.model_validate({"name": "x", **fields})


@pytest.mark.parametrize("piece", ["<script ", "<script></script>", "<", "<title ", "&lt;", "<style>", "<a<"])
def test_monstrous_pages_are_judged_in_time(piece: str) -> None:
    start = time.monotonic()
    for size in (19_000, 64_000, 2_000_000):
        sign_of((piece * (size // len(piece))).encode(), URL, URL, NO_HEADERS)
    assert time.monotonic() - start < 2


def test_documents_are_not_judged_by_their_bytes() -> None:
    assert sign_of(b"%PDF-1.4 <title>404 not found</title>", URL, URL, NO_HEADERS) is None
