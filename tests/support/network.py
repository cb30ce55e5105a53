"""Keeps tests on this machine: opening a connection to anything but loopback or a Unix socket fails the test."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class LeavesTheMachine(AssertionError):
    """A test tried to reach another machine. No OSError, so that no retry or fallback swallows it."""


@contextmanager
def only_loopback() -> Iterator[None]:
    """Until the block ends, sockets of this process connect to this machine only, and only its name resolves."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not (name in (None, "", "localhost") or _is_number(name)):
            raise LeavesTheMachine(f"looked up {name}")
        return getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_getaddrinfo
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
        socket.getaddrinfo = getaddrinfo


def _check(opened: socket.socket, address: Any) -> None:
    if opened.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host in ("", "localhost") or (_is_number(host) and _is_local(host)):
        return
    raise LeavesTheMachine(f"connected to {address}")


def _is_local(host: str) -> bool:
    number = ipaddress.ip_address(host.partition("%")[0])
    return number.is_loopback or number.is_unspecified


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
