"""Which addresses may be asked, on the web and on the network."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from urllib.parse import urljoin

import httpcore
import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]
SocketOptions = Iterable[httpcore.SOCKET_OPTION]

MAX_URL_LENGTH = 2_000
_SESSION_ID = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
# IPv6 ranges that carry an IPv4 address: NAT64 (RFC 6052)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# The only IPv6 addresses that are handed out for the internet (IANA). Python counts others as global: IPv4-compatible
# ones, site-local ones, NAT64 of a network's own.
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
# Where clouds keep their metadata outside of the link-local network (AWS, Oracle, Azure)
_METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "192.0.0.192", "168.63.129.16")))
# threads of its own: a name service that does not answer must not keep the reading of pages waiting
_LOOK_UPS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")


class BadUrl(ValueError):
    """An address that is never asked for. The message says why."""


class PrivateAddress(Exception):
    """A host whose addresses all lie in networks that may not be reached."""


class NameNotFound(Exception):
    """A host name without an address."""


def web_address(text: str, base: str | None = None) -> str:
    """``text`` as one absolute http(s) address without fragment or session id, resolved against ``base``.

    Two spellings of one address (default port, upper case host, unquoted characters) come out the same.
    Raises BadUrl.
    """
    stripped = text.strip()
    if len(stripped) > MAX_URL_LENGTH:
        raise BadUrl(f"the address is longer than {MAX_URL_LENGTH} characters")
    try:
        joined = urljoin(base, stripped) if base else stripped
        url = parsed(_SESSION_ID.sub("", joined).partition("#")[0])
        host = url.host  # decodes IDNA, and may raise only now (xn--)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise BadUrl(f"not an address: {error}") from None
    if url.scheme not in ("http", "https"):
        raise BadUrl(f"only http and https are fetched, not {url.scheme or 'an address without a scheme'}")
    if not host or _CONTROL.search(host) or "%" in host:
        raise BadUrl("the address names no host")
    if url.userinfo:
        raise BadUrl("the address holds a user name or password")
    if url.port is not None and not 0 < url.port < 65_536:
        raise BadUrl(f"there is no port {url.port}")
    return str(url)


@lru_cache(maxsize=4096)
def parsed(url: str) -> httpx.URL:
    """``url`` in its parts. Parsing is the dearest part of a request, and each address is looked at many times.

    Raises httpx.InvalidURL.
    """
    return httpx.URL(url)


def host_of(url: str) -> str:
    """The host of an address in lower case, without port and "www."."""
    return bare_host(parsed(url).host)


def bare_host(host: str) -> str:
    """``host`` in lower case without "www." and a final dot."""
    return host.lower().rstrip(".").removeprefix("www.")


@lru_cache(maxsize=4096)
def literal_address(host: str) -> Address | None:
    """The IP address that ``host`` spells, old spellings such as 127.1 and 0x7f000001 included; else None."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fA-Fx.]{1,60}", host):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_public(address: Address) -> bool:
    """Whether ``address`` lies on the open internet: no private, loopback, link-local, shared or multicast network."""
    inner = inner_address(address)
    if inner is not address:
        return is_public(inner)
    if address in _METADATA or (address.version == 6 and address not in _GLOBAL_V6):
        return False
    return address.is_global and not address.is_multicast


def may_connect(address: Address, allow_private: bool) -> bool:
    """Whether a connection to ``address`` is allowed.

    ``allow_private`` opens loopback and private networks; link-local ones and others where cloud hosts keep their
    metadata, multicast and unspecified addresses stay shut.
    """
    if is_public(address):
        return True
    inner = inner_address(address)
    shut = inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner.is_reserved or inner in _METADATA
    return allow_private and (inner.is_loopback or (inner.is_private and not shut))


def inner_address(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that carries it, else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


async def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of ``host`` in the order of the system's resolver. Raises NameNotFound."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.get_running_loop().run_in_executor(_LOOK_UPS, look_up)
    except (OSError, UnicodeError) as error:
        raise NameNotFound(f"the name {host} has no address: {error}") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to one address that was checked, whatever host it is asked for.

    TLS still verifies the certificate against the host name, and the Host header is kept.
    """

    def __init__(self, address: str, dialler: httpcore.AsyncNetworkBackend) -> None:
        self._address = address
        self._dialler = dialler

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the address. Raises httpcore errors."""
        return await self._dialler.connect_tcp(self._address, port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: SocketOptions | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Never: pages come from the web."""
        raise httpcore.UnsupportedProtocol("pages are not fetched from local sockets")

    async def sleep(self, seconds: float) -> None:
        """Waits (called by httpcore)."""
        await asyncio.sleep(seconds)
