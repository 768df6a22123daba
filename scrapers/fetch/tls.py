"""How strictly a site's encryption is checked: strict, and the two exceptions that a source may ask for."""

from __future__ import annotations

import ssl
from typing import Literal

TlsMode = Literal["strict", "legacy", "unverified"]
# from strict to lax; a source's exception is used only where all that is stricter failed
TLS_MODES: tuple[TlsMode, ...] = ("strict", "legacy", "unverified")
# OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: servers without secure renegotiation (RFC 5746); named in ssl from 3.12 on
_LEGACY_SERVER_CONNECT = 0x4


class TlsContexts:
    """The contexts of the three modes, made when they are first needed.

    legacy: TLS 1.0 and 1.1, old ciphers, short keys and servers without secure renegotiation are accepted; the
    certificate must still be a trusted one of that very host. unverified: any certificate too. (Where the other side
    is not known, the strength of the protocol protects nothing, so unverified includes legacy.)
    """

    def __init__(self, strict: ssl.SSLContext) -> None:
        self._contexts: dict[TlsMode, ssl.SSLContext] = {"strict": strict}

    def of(self, mode: TlsMode) -> ssl.SSLContext:
        """The context of ``mode``; legacy trusts the same authorities as strict."""
        if mode not in self._contexts:
            self._contexts[mode] = _lax(self._contexts["strict"], verify=mode == "legacy")
        return self._contexts[mode]


def _lax(strict: ssl.SSLContext, verify: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    if verify:
        authorities = b"".join(strict.get_ca_certs(binary_form=True))
        if authorities:
            context.load_verify_locations(cadata=authorities)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def modes_up_to(mode: TlsMode) -> tuple[TlsMode, ...]:
    """What may be tried for a source of this mode, the strictest first."""
    return TLS_MODES[: TLS_MODES.index(mode) + 1]
