"""The way to the action server, kept open: Rasa opens a connection for each call and closes it again."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

# The action server closes a connection that was idle for 5 s or more (Sanic's KEEP_ALIVE_TIMEOUT, by version); one
# must not be used at the moment it goes away, so it is given up earlier here.
IDLE = 3


class OpenEndpoint(EndpointConfig):
    """An EndpointConfig whose calls share connections. One for each event loop that uses it."""

    @classmethod
    def of(cls, config: EndpointConfig) -> OpenEndpoint:
        """The same endpoint, kept open."""
        endpoint = cls()
        endpoint.__dict__.update(config.__dict__)
        return endpoint

    def session(self) -> Any:
        """What Rasa enters and leaves around each call: the common session, which stays open."""
        loop = asyncio.get_running_loop()
        if self.__dict__.get("_loop") is not loop:
            self._loop = loop
            self._open = self._new_session()
        return _Shared(self._open)

    async def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        if self.__dict__.pop("_loop", None) is not None:
            await self._open.close()

    def _new_session(self) -> aiohttp.ClientSession:
        """With Rasa's settings of a session, and a connector that waits for the next call."""
        user = self.basic_auth
        return aiohttp.ClientSession(
            headers=self.headers,
            auth=aiohttp.BasicAuth(user["username"], user["password"]) if user else None,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE),
        )


class _Shared:
    """`async with` around a session that others use too."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: Any) -> None:
        return None
