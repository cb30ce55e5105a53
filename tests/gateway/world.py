"""What the gateway's tests are about: a Page, its secrets, what its customers do, and a gateway to do it to."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

import aiohttp

from gateway.app import create_app
from gateway.service import Service
from shop import accounts
from shop.db import Database
from shop.vault import Vault
from talad.settings import Settings

SECRET_KEY = "k" * 40
PAGE = "100000000000001"
APP_SECRET = "app-secret"
VERIFY_TOKEN = "verify-token"
QUICK_PAUSES = (0.1, 0.2, 0.3)

_numbers = count(1)


def connect(database: Database, account_id: str, **changes: str) -> int:
    """Connect a Page and return its channel's id."""
    secrets = {"token": "token", "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, **changes}
    with database.transaction() as session:
        return accounts.connect(
            session, Vault(SECRET_KEY), account_id=account_id, name="Baan Fai", **secrets
        ).id


@asynccontextmanager
async def running(settings: Settings, pauses: tuple[float, ...] = QUICK_PAUSES) -> AsyncIterator[Service]:
    service = Service(settings, pauses=pauses)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


class Web:
    """A gateway's address, and a client of it."""

    def __init__(self, http: aiohttp.ClientSession, url: str, service: Service) -> None:
        self.http, self.url, self.service = http, url, service

    async def get(self, path: str, **how: Any) -> tuple[int, str, aiohttp.ClientResponse]:
        async with self.http.get(self.url + path, **how) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace"), answer

    async def post(self, raw: Any, signature: str | None, **how: Any) -> int:
        headers = {"X-Hub-Signature-256": signature} if signature is not None else {}
        if isinstance(raw, bytes):
            raw = io.BytesIO(raw)  # aiohttp warns of large bodies as bytes
        async with self.http.post(
            f"{self.url}/webhooks/messenger", data=raw, headers=headers, **how
        ) as answer:
            return answer.status

    async def deliver(self, *events: dict[str, Any]) -> int:
        raw = json.dumps(body(*events)).encode()
        return await self.post(raw, signed(raw))


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Web]:
    """A running gateway with its web server on a port of its own."""
    app = create_app(settings, pauses=QUICK_PAUSES)
    app.config.TOUCHUP = False  # Sanic rewrites its own code for an app, which works once in a process
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    port = listening.getsockname()[1]
    try:
        async with aiohttp.ClientSession() as http:
            yield Web(http, f"http://127.0.0.1:{port}", app.ctx.service)
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()
        listening.close()


def signed(raw: bytes, secret: str = APP_SECRET) -> str:
    """The signature header of a body."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def body(*events: dict[str, Any], page: str = PAGE) -> dict[str, Any]:
    """A webhook's body with the events of one Page."""
    return {"object": "page", "entry": [{"id": page, "time": 1785312004871, "messaging": list(events)}]}


def said(psid: str, text: str | None = None, page: str = PAGE, **message: Any) -> dict[str, Any]:
    """A customer's message."""
    content = {"mid": f"m_{next(_numbers)}", **({"text": text} if text else {}), **message}
    return happened(psid, message=content, page=page)


def tapped(psid: str, payload: str | None, title: str) -> dict[str, Any]:
    """A customer's tap on a button."""
    postback = {"mid": f"m_{next(_numbers)}", "title": title, **({"payload": payload} if payload else {})}
    return happened(psid, postback=postback)


def happened(psid: str, page: str = PAGE, **kind: Any) -> dict[str, Any]:
    """An event of a customer."""
    now = int(time.time() * 1000)
    return {"sender": {"id": psid}, "recipient": {"id": page}, "timestamp": now, **kind}


async def deliver(service: Service, *events: dict[str, Any]) -> None:
    """Have the gateway keep events, as a webhook does: what was not kept in time comes again."""
    for _ in range(2):
        with suppress(TimeoutError):
            return await service.inbox.receive(json.dumps(body(*events)).encode())
    return await service.inbox.receive(json.dumps(body(*events)).encode())
