"""Serves the bundled sample site on loopback, for as long as a block runs."""

from __future__ import annotations

import hashlib
import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scrapers import sources

SAMPLE_SITE = Path(sources.__file__).parent / "sample_site"
_PUBLISHED = re.compile(rb'<meta\s+name="PubDate"\s+content="(\d{4})-(\d\d)-(\d\d)')
# as the real sites send it: HTML without its charset
_TYPES = {".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".txt": "text/plain"}


@contextmanager
def serve_sample(folder: Path | None = None) -> Iterator[str]:
    """Serves ``folder`` (the bundled site by default) on a free port of 127.0.0.1 and gives its address.

    Raises FileNotFoundError where the folder is missing.
    """
    root = (folder or SAMPLE_SITE).resolve()
    if not root.is_dir():
        raise FileNotFoundError(f"{root}: the sample site is missing")
    server = _Server(root)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # header and body in one packet
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, with_body: bool) -> None:
        path = self._file()
        if path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        changed = _last_modified(content)
        if self._is_known(etag, changed):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            content = b""
        else:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", _content_type(path))
            self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", etag)
        if changed is not None:
            self.send_header("Last-Modified", format_datetime(changed, usegmt=True))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def _file(self) -> Path | None:
        """The file that the address names, None where it is not a file below the root."""
        name = unquote(urlsplit(self.path).path)
        if "\x00" in name or "\\" in name:
            return None
        path = (self.server.root / name.lstrip("/")).resolve()
        if not path.is_relative_to(self.server.root):
            return None
        path = path / "index.html" if path.is_dir() else path
        return path if path.is_file() and path.resolve().is_relative_to(self.server.root) else None

    def _is_known(self, etag: str, changed: datetime | None) -> bool:
        """Whether the client holds this very content (RFC 9110: the ETag decides where one is sent)."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return etag in (tag.strip() for tag in asked.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or changed is None:
            return False
        try:
            return changed <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the command shows what it fetches."""


def _last_modified(content: bytes) -> datetime | None:
    """The date that the page states of itself: the same on every machine, unlike the time of a file."""
    found = _PUBLISHED.search(content[:20_000])
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None
    except ValueError:
        return None


def _content_type(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower())
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
