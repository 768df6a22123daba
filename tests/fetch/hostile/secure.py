"""Sites over TLS, good and bad, and a proxy: threads of the test's process, each for as long as a block runs."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def make_certificate(folder: Path, name: str, days: int = 10) -> Path:
    """A certificate of its own making for 127.0.0.1 (or another ``name``), with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test " + name)])
    now = datetime.now(UTC)
    try:
        alternative: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=20))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def serving(serve: Serve, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serves on a free port of 127.0.0.1 and gives the port."""
    ready: Future[tuple[int, Callable[[], object]]] = Future()

    async def work() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, said: None)  # hand-shakes that fail are the test
        over = asyncio.Event()
        wires: set[asyncio.StreamWriter] = set()

        async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            wires.add(writer)
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await serve(reader, writer)

        async with await asyncio.start_server(noted, "127.0.0.1", 0, ssl=context) as server:
            port = server.sockets[0].getsockname()[1]
            ready.set_result((port, lambda: loop.call_soon_threadsafe(over.set)))
            await over.wait()
        for writer in wires:
            writer.transport.abort()
        await asyncio.sleep(0.02)  # lost connections are told on the next round of the loop

    thread = threading.Thread(target=lambda: asyncio.run(work()), daemon=True)
    thread.start()
    port, end = ready.result(5)
    try:
        yield port
    finally:
        end()
        thread.join(5)


def answering(body: bytes) -> Serve:
    """HTTP/1.1: one page, whatever is asked."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found = b"404 Not Found" if b"/robots.txt " in head else b"200 OK"
        length = str(len(body)).encode()
        writer.write(
            b"HTTP/1.1 " + found + b"\r\nContent-Type: text/html\r\nX-OddCase: Yes\r\nConnection: close\r\n"
            b"Content-Length: " + length + b"\r\n\r\n" + body
        )
        await writer.drain()
        writer.close()

    return serve


def answering_in_http2(body: bytes) -> Serve:
    """HTTP/2: one page, whatever is asked."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=False))
        wire.initiate_connection()
        writer.write(wire.data_to_send())
        while data := await reader.read(65_536):
            for event in wire.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    path = dict(event.headers or ())[b":path"]
                    status = "404" if path == b"/robots.txt" else "200"
                    wire.send_headers(event.stream_id, [(":status", status), ("content-type", "text/html")])
                    wire.send_data(event.stream_id, body, end_stream=True)
            writer.write(wire.data_to_send())
            await writer.drain()

    return serve


@dataclass
class Proxy:
    """A proxy that leads every request to one port of 127.0.0.1, whatever host it is for, and notes them."""

    target: int
    password: bytes | None = None
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, url, _ = head.split(b"\r\n")[0].split(b" ")
        self.asked.append(f"{method.decode()} {url.decode()}")
        if self.password and self.password not in head:
            writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            there_writer.write(head)
        await asyncio.gather(_pipe(reader, there_writer), _pipe(there_reader, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
