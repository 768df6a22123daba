"""A publisher's site on loopback for tests of whole crawls: pages of the tiny reader, ETags, and a log of requests."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SOURCE = """\
source_id: county
publisher: 某县
base_url: "{base}"
list_pages: ["/index.html"]
allow_private: true
official: true
expected_minimum: {least}
politeness: {{seconds_between_requests: 0, max_concurrency: 2}}
"""


@dataclass
class Site:
    """``pages`` by path; what is not there is a 404. ``log`` holds paths and whether the request was conditional."""

    pages: dict[str, bytes] = field(default_factory=dict)
    log: list[tuple[str, bool]] = field(default_factory=list)
    base: str = ""

    def fill(self, count: int) -> None:
        """A list of ``count`` reports, and the reports."""
        names = [f"/{number}.html" for number in range(1, count + 1)]
        self.pages = {name: f"requests_received_new={number}\n".encode() for number, name in enumerate(names, 1)}
        self.list(names)

    def list(self, names: list[str]) -> None:
        links = "".join(f'<li><a href="{name}">某县2020年政府信息公开工作年度报告</a></li>' for name in names)
        self.pages["/index.html"] = f"<html><head><title>年度报告</title></head><body>{links}</body></html>".encode()

    def asked(self) -> list[str]:
        """The pages asked for, robots.txt left out."""
        return [path for path, _ in self.log if path != "/robots.txt"]

    def sources(self, folder: Path, least: int = 0) -> Path:
        """A folder of sources with this site in it."""
        folder.mkdir(exist_ok=True)
        (folder / "county.yaml").write_text(SOURCE.format(base=self.base, least=least), encoding="utf-8")
        return folder


@contextmanager
def serve() -> Iterator[Site]:
    """The site at a free port of loopback."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = site.pages.get(self.path)
            etag = None if body is None else f'"{hashlib.sha256(body).hexdigest()[:12]}"'
            asked = self.headers.get("If-None-Match")
            site.log.append((self.path, asked is not None))
            status = 404 if body is None else 304 if asked == etag else 200
            content = body if status == 200 and body is not None else b""
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
