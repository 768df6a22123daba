"""What the hostile site does on each of its paths."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

REPORT = (
    "<html><head><title>某县2018年政府信息公开工作年度报告</title></head><body><h1>某县2018年年度报告</h1>"
    + "<p>全年主动公开政府信息三百条。</p>" * 60
    + "</body></html>"
)
BOMB = gzip.compress(bytes(60_000_000), compresslevel=9)
_ASKED: Counter[str] = Counter()


@dataclass
class Wire:
    """One request and the connection on which it is answered."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    path: str
    headers: dict[str, str]
    keep: bool = True

    async def send(self, status: int, body: bytes | str = b"", **headers: str) -> None:
        """One answer; "" leaves a usual header out."""
        content = body.encode() if isinstance(body, str) else body
        usual = {"content_type": "text/html", "content_length": str(len(content))}
        lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in {**usual, **headers}.items() if value]
        await self.raw(f"HTTP/1.1 {status} So\r\n".encode(), lines, content)

    async def raw(self, first: bytes, lines: list[str], content: bytes = b"") -> None:
        """Bytes as they are."""
        self.writer.write(first + "".join(line + "\r\n" for line in lines).encode() + b"\r\n" + content)
        await self.writer.drain()

    async def drip(self, piece: bytes, seconds: float, most: int = 600) -> None:
        """A piece now and then, until the other side has had enough."""
        self.keep = False
        for _ in range(most):
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(seconds)

    def hang_up(self) -> None:
        """Closes the connection when the scene is over."""
        self.keep = False


Scene = Callable[[Wire], Awaitable[None]]
SCENES: dict[str, Scene] = {}


def scene(path: str) -> Callable[[Scene], Scene]:
    def keep(function: Scene) -> Scene:
        SCENES[path] = function
        return function

    return keep


def page(path: str, body: bytes | str = REPORT, status: int = 200, **headers: str) -> None:
    """A path that always answers the same."""

    async def answer(wire: Wire) -> None:
        await wire.send(status, body, **headers)

    SCENES[path] = answer


def redirect(path: str, to: str, **headers: str) -> None:
    page(path, b"", 302, location=to, **headers)


page("/", b"nothing here", 404)
page("/good.html")
page("/robots.txt", "User-agent: *\nDisallow: /private/\n", content_type="text/plain")
page("/private/a.html")

# --- redirects ---
redirect("/loop/a.html", "/loop/b.html")
redirect("/loop/b.html", "/loop/a.html")
redirect("/to/private", "http://10.0.0.8/a.html")
redirect("/to/metadata", "http://169.254.169.254/latest/meta-data/")
redirect("/to/metadata-alibaba", "http://100.100.100.200/latest/meta-data/")
redirect("/to/ipv6", "http://[::ffff:10.0.0.8]/a.html")
redirect("/to/decimal", "http://2852039166/latest/meta-data/")
redirect("/to/file", "file:///etc/passwd")
redirect("/to/script", "javascript:alert(1)")
redirect("/to/elsewhere", "http://elsewhere.example/a.html")
redirect("/to/nothing-there", "/404.html")
redirect("/to/front", "/index.html")
redirect("/to/robots-forbid", "/private/a.html")
redirect("/to/enter", "/login.jsp?to=/a.html")
redirect("/to/enter-elsewhere", "https://sso.example.cn/cas/login?service=x")
page("/404.html", "<p>x</p>")
page("/login.jsp", "<title>某县门户</title><form><input name=u><input type=password name=p></form>")


@scene("/loop/new.html")
async def _ever_new(wire: Wire) -> None:
    number = int(wire.path.partition("?n=")[2] or 0)
    await wire.send(302, location=f"/loop/new.html?n={number + 1}")


@scene("/cookie.html")
async def _cookie(wire: Wire) -> None:
    if "seen=1" in wire.headers.get("cookie", ""):
        await wire.send(200, REPORT)
    else:
        await wire.send(302, location="/cookie.html", set_cookie="seen=1; path=/")


@scene("/cookie-never.html")
async def _cookie_never(wire: Wire) -> None:
    await wire.send(302, location="/cookie-never.html", set_cookie="seen=1; path=/; domain=elsewhere.example")


# --- slow, endless, broken ---
@scene("/slow-head.html")
async def _slow_head(wire: Wire) -> None:
    wire.writer.write(b"HTTP/1.1 200 OK\r\n")
    await wire.drip(b"X-A: b\r\n", 0.1)


@scene("/slow-body.html")
async def _slow_body(wire: Wire) -> None:
    await wire.raw(b"HTTP/1.1 200 OK\r\n", ["Content-Type: text/html", "Content-Length: 100000"])
    await wire.drip(b"x", 0.1)


@scene("/slow-error.html")
async def _slow_error(wire: Wire) -> None:
    await wire.raw(b"HTTP/1.1 403 No\r\n", ["Content-Type: text/html", "Content-Length: 100000"])
    await wire.drip(b"x", 0.1)


@scene("/silence.html")
async def _silence(wire: Wire) -> None:
    wire.hang_up()
    await asyncio.sleep(5)


@scene("/endless.html")
async def _endless(wire: Wire) -> None:
    wire.hang_up()
    await wire.raw(b"HTTP/1.1 200 OK\r\n", ["Content-Type: text/html", "Connection: close"])
    for _ in range(4000):
        wire.writer.write(b"x" * 65_536)
        await wire.writer.drain()


@scene("/endless-error.html")
async def _endless_error(wire: Wire) -> None:
    wire.hang_up()
    await wire.raw(b"HTTP/1.1 403 No\r\n", ["Content-Type: text/html", "Connection: close"])
    for _ in range(4000):
        wire.writer.write(b"x" * 65_536)
        await wire.writer.drain()


@scene("/endless-empty-gzip.html")
async def _endless_empty(wire: Wire) -> None:
    """Packed blocks that hold nothing: no byte ever comes out of them."""
    lines = ["Content-Type: text/html", "Content-Encoding: gzip", "Connection: close"]
    await wire.raw(b"HTTP/1.1 200 OK\r\n", lines, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
    wire.hang_up()
    for _ in range(4000):
        wire.writer.write(b"\x00\x00\x00\xff\xff" * 13_000)
        await wire.writer.drain()


page("/bomb.html", BOMB, content_encoding="gzip")
page("/not-gzip.html", REPORT, content_encoding="gzip")
page("/brotli.html", REPORT, content_encoding="br")
page("/charset-as-packing.html", REPORT, content_encoding="UTF-8")
page(
    "/two-members.html",
    gzip.compress(REPORT[:99].encode()) + gzip.compress(REPORT[99:].encode()),
    content_encoding="gzip",
)
page("/too-big-said.html", REPORT, content_length="99999999999")
page("/odd-length.html", REPORT, content_length="-5")
page("/two-lengths.html", REPORT, content_length="12\r\nContent-Length: 13")
page("/no-type.html", REPORT, content_type="")
page("/wrong-charset.html", REPORT.encode("gb18030"), content_type="text/html; charset=ISO-8859-1")
page("/no-such-charset.html", REPORT, content_type="text/html; charset=x-klingon")
page("/picture.html", b"\x89PNG" * 99, content_type="image/png")
page("/huge-head.html", REPORT, x_a="y" * 300_000)
page("/many-heads.html", REPORT, x_a="\r\nX-B: ".join("y" * 50 for _ in range(5000)))
page("/empty.html", b"")


@scene("/length-too-long.html")
async def _too_long(wire: Wire) -> None:
    await wire.send(200, REPORT, content_length=str(len(REPORT.encode()) + 500))
    wire.hang_up()


@scene("/length-too-short.html")
async def _too_short(wire: Wire) -> None:
    await wire.send(200, REPORT, content_length=str(len(REPORT)))  # counted in characters, not in bytes


@scene("/two-answers.html")
async def _two_answers(wire: Wire) -> None:
    """A second answer behind the first, in one packet, for whoever asks next on this connection."""
    first, second = (text.encode() for text in (REPORT, REPORT.replace("三百", "九百")))
    lines = ["Content-Type: text/html", f"Content-Length: {len(first)}"]  # the second is as long
    head = "".join(f"{line}\r\n" for line in ["HTTP/1.1 200 So", *lines, ""]).encode()
    await wire.raw(b"HTTP/1.1 200 So\r\n", lines, first + head + second)


@scene("/drop.html")
async def _drop(wire: Wire) -> None:
    wire.hang_up()


@scene("/drop-half.html")
async def _drop_half(wire: Wire) -> None:
    await wire.raw(b"HTTP/1.1 200 OK\r\n", ["Content-Type: text/html", "Transfer-Encoding: chunked"], b"5\r\nhallo\r\n")
    wire.hang_up()


@scene("/drop-once.html")
async def _drop_once(wire: Wire) -> None:
    _ASKED[wire.path] += 1
    if _ASKED[wire.path] == 1:
        wire.hang_up()
    else:
        await wire.send(200, REPORT)


@scene("/not-http.html")
async def _not_http(wire: Wire) -> None:
    wire.writer.write(b"SSH-2.0-OpenSSH_9.9\r\n")
    wire.hang_up()


# --- too busy ---
@scene("/busy-once.html")
async def _busy_once(wire: Wire) -> None:
    _ASKED[wire.path] += 1
    if _ASKED[wire.path] == 1:
        await wire.send(429, retry_after="1")
    else:
        await wire.send(200, REPORT)


@scene("/burst.html")
async def _burst(wire: Wire) -> None:
    _ASKED[wire.path] += 1
    if _ASKED[wire.path] <= 2:
        await wire.send(503, "busy")
    else:
        await wire.send(200, REPORT)


page("/busy-always.html", "busy", 503)
page("/broken-always.html", "oh", 500)

# --- pages that are not the page ---
page("/soft-404.html", "<title>提示信息</title><body>抱歉，您访问的页面不存在</body>")
page("/soft-404-gbk.html", "<title>出错了</title><p>您要查看的页面不存在</p>".encode("gb18030"))
page("/login.html", "<title>统一身份认证平台</title><div id=app></div><script src=app.js></script>")
page("/log-in-first.html", "<html><body><p>您还没有登录，请先登录</p></body></html>")
page("/report-with-login-box.html", REPORT.replace("<h1>", "<form><input type='password'>登录</form><h1>"))
_RUISHU = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="a" content="b" r="m">'
    "<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;$_ts.cd=\"q\"</script></head><body></body></html>"
)
page("/waf/412.html", _RUISHU, 412, set_cookie="FSSBBIl1UgzbN7N80S=x; path=/")
page("/waf/202.html", _RUISHU, 202)
page("/waf/200.html", _RUISHU)
page("/waf/521.html", "<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=1</script>", 521)
page("/waf/arg1.html", "<html><script>var arg1='00AA';function reload(x){setCookie('acw_sc__v2',x)}</script></html>")
page("/waf/468.html", "<html><script src='/.safeline/challenge.js'></script></html>", 468)
page(
    "/waf/403.html",
    "<title>访问被拦截</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>".encode("gb18030"),
    403,
)
page("/waf/any.html", "<html><body><script>document.cookie='a=1';location.reload()</script></body></html>")
page("/waf/packed.html", gzip.compress(_RUISHU.encode()), 412, content_encoding="gzip")
page("/waf/passed.html", REPORT.replace("</head>", "<script r='m'>$_ts.cd=1</script></head>"))
page("/refused.html", "<p>Forbidden</p>", 403)

# --- a list that never ends, with links that lead nowhere ---


@scene("/list.html")
async def _list(wire: Wire) -> None:
    number = int(wire.path.partition("?p=")[2] or 0)
    links = (
        "<a href='good.html'>某县2018年年度报告</a><a href='javascript:open(1)'>某县2017年年度报告</a>"
        "<a href='JAVASCRIPT:void(0)'>2016年年度报告</a><a href='mailto:a@b.cn'>2015年年度报告</a>"
        "<a href='http://169.254.169.254/x'>某县2014年年度报告</a><a href='slow-body.html'>某县2013年年度报告</a>"
        "<a href='bomb.html'>某县2012年年度报告</a><a href='drop.html'>某县2011年年度报告</a>"
        "<a href='cookie.html'>某县2010年年度报告</a>"
    )
    await wire.send(200, f"<ul>{links}</ul><a href='list.html?p={number + 1}'>下一页</a>")


# --- the pages of the politeness test ---
for _number in range(50):
    page(f"/page/{_number}.html", REPORT[:600])


@scene("/slow-page.html")
async def _slow_page(wire: Wire) -> None:
    await asyncio.sleep(0.08)
    await wire.send(200, REPORT[:600])
