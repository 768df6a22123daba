"""Serves the documentation of a build on 127.0.0.1, read-only, without access to anything else."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder; nothing is loaded from another host."""

    def end_headers(self) -> None:
        inline = "'self' 'unsafe-inline' 'unsafe-eval' data: blob:"  # dbt's page holds its scripts
        self.send_header("Content-Security-Policy", f"default-src {inline}; connect-src 'self' data: blob:")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing: the terminal shows the addresses only."""


@contextmanager
def serve_docs(folder: Path, port: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of ``folder`` on loopback, and a function that waits until the server ends."""
    handler = functools.partial(_Handler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", thread.join
    finally:
        server.shutdown()
        server.server_close()
