"""TALAD_MEDIA_HOSTS, TALAD_PUSH_HOSTS: which hosts the gateway may ask though customers' or browsers' words name them,
and on what terms."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlsplit

_NAME = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+")
_EXPECTED = "expected host suffixes such as fbcdn.net, or an IP address or localhost for tests"


class Permission(Enum):
    """What may be done with an address."""

    REFUSED = "refused"
    #: https only, and only when the name leads to public addresses.
    PUBLIC = "public"
    #: named by the operator as it stands: plain http and a private address are meant.
    LOCAL = "local"


@dataclass(frozen=True)
class MediaHosts:
    """Allowed hosts: suffixes of public names, and local hosts each with its one port (None: any)."""

    suffixes: tuple[str, ...]
    local: tuple[tuple[str, int | None], ...] = ()

    @classmethod
    def parse(cls, value: object) -> MediaHosts:
        """Read "fbcdn.net, fbsbx.com, 127.0.0.1:8002". Raises ValueError, its text says what is expected."""
        if isinstance(value, MediaHosts):
            return value
        entries = [entry.strip().lower() for entry in str(value).split(",") if entry.strip()]
        return cls((), ()).plus(*entries)

    def plus(self, *entries: str) -> MediaHosts:
        """These hosts and some more, each as in the variable."""
        hosts = self
        for entry in entries:
            if (local := _local(entry)) is not None:
                hosts = replace(hosts, local=tuple(dict.fromkeys((*hosts.local, local))))
            elif _NAME.fullmatch(entry.removeprefix(".")):
                hosts = replace(hosts, suffixes=(*hosts.suffixes, entry.removeprefix(".")))
            else:
                raise ValueError(f"{_EXPECTED}, not {entry!r}")
        return hosts

    def permission(self, url: str) -> Permission:
        """On what terms `url` may be fetched. A suffix covers the name itself and names that end in `.suffix`."""
        try:
            address = urlsplit(url)
            host, port = (address.hostname or "").rstrip("."), address.port
        except ValueError:
            return Permission.REFUSED
        if address.scheme not in ("http", "https"):
            return Permission.REFUSED
        actual = port or (443 if address.scheme == "https" else 80)
        if any(host == name and only in (None, actual) for name, only in self.local):
            return Permission.LOCAL
        named = any(host == suffix or host.endswith("." + suffix) for suffix in self.suffixes)
        return Permission.PUBLIC if named and address.scheme == "https" else Permission.REFUSED

    def __str__(self) -> str:
        return ", ".join([*self.suffixes, *(_written(host, port) for host, port in self.local)])


def _local(entry: str) -> tuple[str, int | None] | None:
    """Host and port when the entry is localhost or an IP address (IPv6 with a port in brackets), else None."""
    try:
        return str(ipaddress.ip_address(entry)), None
    except ValueError:
        pass
    try:
        parts = urlsplit(f"//{entry}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.path or parts.username or parts.query:
        return None
    if host == "localhost":
        return host, port
    try:
        return str(ipaddress.ip_address(host)), port
    except ValueError:
        return None


def _written(host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"
