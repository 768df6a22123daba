"""Serves the dashboards on 127.0.0.1: Streamlit as an application, with headers that keep every page on this host."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from flows.faults import UsageFault
from flows.warehouse.places import Places

SCRIPT = Path(__file__).with_name("app.py")
HOST = "127.0.0.1"
WAREHOUSE = "GONGKAI_WAREHOUSE"  # the pages find their warehouse by it

FONTS = '"Source Sans", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
_OPTIONS: dict[str, Any] = {
    "browser_gatherUsageStats": False,
    "client_showErrorDetails": "none",
    "client_showErrorLinks": False,
    "client_toolbarMode": "minimal",
    "client_allowedOrigins": [],
    "global_developmentMode": False,
    "logger_level": "error",
    "logger_hideWelcomeMessage": True,
    "runner_magicEnabled": False,
    "server_address": HOST,
    "server_allowedHosts": [HOST, "localhost"],
    "server_enableCORS": True,
    "server_enableStaticServing": False,
    "server_enableXsrfProtection": True,
    "server_fileWatcherType": "none",
    "server_headless": True,
    "server_maxUploadSize": 1,
    "server_runOnSave": False,
    "server_showEmailPrompt": False,
    "theme_base": "light",
    "theme_primaryColor": "#0b5c8f",
    "theme_font": FONTS,
    "theme_baseFontSize": 15,
}
# Vega computes with functions made of text; scripts of components come as blobs. No address but this host's.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{host} blob: data:; "
    "worker-src 'self' blob:; frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Any]


# Streamlit's script would else ask /report/_stcore/… first and fail, for every address of a page.
_BASE = b"<head><script>window.__streamlit={BACKEND_BASE_URL:location.origin+'/'}</script>"


class OneHost:
    """Adds the headers that forbid a page to load anything from elsewhere, and tells pages where their server is."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Callable[[], Any], send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host, port = scope["server"]
        asked = dict(scope["headers"])
        if b"text/html" in asked.get(b"accept", b""):  # a page: it must come unpacked to be changed
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        added = [
            (b"content-security-policy", _POLICY.format(host=f"{host}:{port}").encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]
        held: list[MutableMapping[str, Any]] = []  # the head of a page, until its body is there
        body = bytearray()

        async def changed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message.get("headers", []) if pair[0] not in dict(added)]
                message["headers"] = [*headers, *added]
                if message["status"] == 200 and dict(headers).get(b"content-type", b"").startswith(b"text/html"):
                    held.append(message)
                    return
            elif held:
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                page = bytes(body) if scope["method"] == "HEAD" else bytes(body).replace(b"<head>", _BASE, 1)
                start = held.pop()
                length = (b"content-length", str(len(page)).encode())
                start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
                start["headers"] += [] if scope["method"] == "HEAD" else [length]
                await send(start)
                message = {"type": "http.response.body", "body": page}
            await send(message)

        await self._app(scope, receive, changed)


def listen(port: int) -> socket.socket:
    """A socket on ``port`` of this host (0: any that is free). Raises UsageFault where it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise UsageFault(
            f"--port: {HOST}:{port} cannot be used ({error.strerror}); give another, or 0 for any that is free."
        ) from None
    return listener


def serve(places: Places, listener: socket.socket, ready: Callable[[str], None]) -> None:
    """Serves the dashboards of ``places`` on ``listener`` until Ctrl-C; ``ready`` is told the address."""
    os.environ[WAREHOUSE] = str(places.root.resolve())
    import uvicorn
    from starlette.middleware import Middleware
    from streamlit.starlette import App
    from streamlit.web.bootstrap import load_config_options

    port = listener.getsockname()[1]
    load_config_options({**_OPTIONS, "server_port": port})
    app = App(SCRIPT, middleware=[Middleware(OneHost)])
    config = uvicorn.Config(app, log_level="error", access_log=False, ws="auto", lifespan="on")
    ready(f"http://{HOST}:{port}")
    uvicorn.Server(config).run(sockets=[listener])
