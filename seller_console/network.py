"""From where a request came, and over what: by the connection itself, or by a proxy that the operator has named.

What others write into the headers of proxies is not believed: it would let them evade the limits of an address.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from sanic import Request

log = logging.getLogger(__name__)


def client_address(request: Request) -> str:
    """The network address that asks, as it is or as the proxy before us says."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].partition("%")[0].strip()
    try:
        return str(ip_address(forwarded)) if forwarded and _is_proxy(request) else request.ip or ""
    except ValueError:
        return request.ip or ""


def over_tls(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy before us."""
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    if forwarded and _is_proxy(request):
        return forwarded == "https"
    if request.scheme == "https":
        return True
    public_url: str = request.app.ctx.settings.public_url
    # The shop is behind TLS; on the machine itself one may still look without.
    return public_url.startswith("https:") and host(request) not in ("localhost", "127.0.0.1", "::1")


def host(request: Request) -> str | None:
    """The name by which the console was reached, without the port; None where the header is missing or broken."""
    given = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{given}").hostname
    except ValueError:
        return None
    return name if given.isascii() and given.isprintable() and " " not in given else None


def _is_proxy(request: Request) -> bool:
    try:
        peer = ip_address(request.ip or "")
    except ValueError:
        return False
    peer = getattr(peer, "ipv4_mapped", None) or peer
    if any(peer in network for network in request.app.ctx.settings.trusted_proxies):
        return True
    if peer.is_private:
        _tell(str(peer))
    return False


@lru_cache(maxsize=100)
def _tell(peer: str) -> None:
    """Once for each: else an operator would not know why everybody seems to come from the proxy."""
    log.warning("%s says for whom it asks, and is not believed; TALAD_TRUSTED_PROXIES names proxies", peer)
