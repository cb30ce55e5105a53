"""Fetching what a customer attached, from allowed hosts only: its address is foreign input.

TALAD_MEDIA_HOSTS says which; a public name must not lead to a private address, which is checked on the very
addresses that are connected to, so that a second DNS answer cannot differ.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from shop.slips.picture import MOST_BYTES
from talad.media_hosts import MediaHosts, Permission

SECONDS = 15.0
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
#: IPv6 addresses whose last 32 bits are an IPv4 address: translated by NAT64 (RFC 6052), "IPv4-compatible" (RFC 4291).
_EMBEDDING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


class Unfetchable(Exception):
    """It cannot be had; asking again will not help. The text says why."""


class FetchFailed(Exception):
    """It could not be had now; it may work later."""


class PublicOnly(AbstractResolver):
    """Resolves public names to public addresses; hosts that the operator named may be anywhere."""

    def __init__(self, hosts: MediaHosts) -> None:
        self._local = {name for name, _ in hosts.local}
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As aiohttp asks for it. Raises Unfetchable when only private addresses are left."""
        found = await self._resolver.resolve(host, port, family)
        if host in self._local:
            return found
        public = [address for address in found if is_public(address["host"])]
        if not public:
            raise Unfetchable("the name leads to a private address")
        return public

    async def close(self) -> None:
        """Nothing is held."""
        await self._resolver.close()


def is_public(address: str) -> bool:
    """Whether the IP address belongs to the public internet, also when written as IPv4 inside IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if any(ip in network for network in _EMBEDDING):
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside:
            return is_public(str(inside))
    return ip.is_global and not ip.is_multicast


class Fetcher:
    """Fetches attachments. Close it at the end."""

    def __init__(self, hosts: MediaHosts, *, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._hosts = hosts
        self._most = most_bytes
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=PublicOnly(hosts), limit=16, use_dns_cache=False),
            timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=5),
            cookie_jar=aiohttp.DummyCookieJar(),
            # A packed answer could unpack to any size, so none is asked for and none unpacked.
            headers={"Accept-Encoding": "identity"},
            auto_decompress=False,
        )

    async def fetch(self, url: str) -> bytes:
        """The bytes at `url`. Raises Unfetchable and FetchFailed."""
        try:
            for _ in range(MOST_REDIRECTS + 1):
                if self._hosts.permission(url) is Permission.REFUSED:
                    raise Unfetchable("not from an allowed host")
                # As given: a signed address must not be encoded anew.
                async with self._session.get(URL(url, encoded=True), allow_redirects=False) as answer:
                    if answer.status not in _REDIRECTS:
                        return await self._body(answer)
                    url = urljoin(url, answer.headers.get("Location", ""))
        except Unfetchable:
            raise
        except (aiohttp.InvalidURL, ValueError) as error:
            raise Unfetchable(f"no usable address: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(cause := error.__cause__, Unfetchable):
                raise cause from error
            raise FetchFailed(type(error).__name__) from error
        raise Unfetchable("too many redirects")

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        if answer.status >= 500 or answer.status in (408, 425, 429):
            raise FetchFailed(f"HTTP {answer.status}")
        if answer.status != 200:
            raise Unfetchable(f"HTTP {answer.status}")
        if (answer.content_length or 0) > self._most:
            raise Unfetchable("too large")
        body = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._most:
                raise Unfetchable("too large")
        return bytes(body)

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()
