"""A site on loopback whose every answer a test decides, and which notes what it was asked and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scrapers.fetch.settings import FetchSettings
from scrapers.sources.schema import Politeness, Source

PAGE = "<html><head><title>某县2018年政府信息公开工作年度报告</title></head><body><p>全文</p></body></html>"


@dataclass
class Asked:
    """One request as the site saw it."""

    at: float
    path: str
    headers: dict[str, str]
    under_way: int


@dataclass
class Site:
    """Routes by path: bytes or text (a page), or a function that is given the handler."""

    port: int = 0
    routes: dict[str, Any] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    under_way: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    page = PAGE

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
        """Sends one answer; names of headers with _ for -. "" leaves a usual header out."""
        handler.send_response(status)
        for name, value in {"Content_Type": "text/html", "Content_Length": str(len(body)), **headers}.items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()

    def redirect(self, to: str, status: int = 302) -> Callable[[BaseHTTPRequestHandler], None]:
        return lambda handler: self.send(handler, status, b"", Location=to)

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.log)

    def source(self, **changes: Any) -> Source:
        values: dict[str, Any] = {
            "source_id": "test", "publisher": "某县", "base_url": self.base, "list_pages": ("/index.html",),
            "allow_private": True, "politeness": Politeness(seconds_between_requests=0, max_concurrency=4),
        }  # fmt: skip
        return Source(**{**values, **changes})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    site: Site

    def do_GET(self) -> None:
        site = self.site
        with site.lock:
            site.under_way += 1
            site.log.append(Asked(time.monotonic(), self.path, dict(self.headers.items()), site.under_way))
        try:
            route = site.routes.get(self.path)
            if callable(route):
                route(self)
            elif route is None:
                site.send(self, 404, b"nothing here")
            else:
                site.send(self, 200, route if isinstance(route, bytes) else route.encode())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with site.lock:
                site.under_way -= 1

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    yield from _serve()


@pytest.fixture
def other_site() -> Iterator[Site]:
    yield from _serve()


def _serve() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    server.daemon_threads = True
    server.block_on_close = False
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def quick() -> FetchSettings:
    """Settings whose waits suit a test."""
    return FetchSettings(
        connect_timeout=1.0, read_timeout=0.6, total_timeout=1.2, tries=2, backoff_initial=0.02, backoff_max=0.05,
        backoff_jitter=0.0, retry_after_max=3.0,
    )  # fmt: skip
