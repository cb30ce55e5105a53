"""One request to the Graph API: signed in, bounded in time, and every failure a SendError.

What is asked is in send.py (messages) and profile.py (a Page's set-up).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable
from typing import Any

import aiohttp

from channels.base import Credentials, SendError
from channels.messenger import errors

CONNECT_TIMEOUT = 5.0
TIMEOUT = 15.0

# Failures before any byte of the request has gone out.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Graph:
    """The Graph API as one Page's token sees it. The session belongs to the caller and may serve many Pages.

    `connect_timeout` and `timeout` (of the whole request) are seconds.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        credentials: Credentials,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        timeout: float = TIMEOUT,
    ) -> None:
        self.session = session
        self.credentials = credentials
        self.connect_timeout = connect_timeout
        self.timeout = timeout

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - handed to aiohttp, which knows what was sent
        **body: Any,
    ) -> dict[str, Any]:
        """The JSON object that `path` (below the API's base, without a slash in front) answers.

        `body` is aiohttp's `json` or `data`. Raises SendError, `uncertain` where the request may have been done.
        """
        token = self.credentials.token.strip()
        limit = aiohttp.ClientTimeout(
            total=timeout or self.timeout, connect=self.connect_timeout, sock_connect=self.connect_timeout
        )
        try:
            async with self.session.request(
                method,
                f"{self.credentials.api_url.rstrip('/')}/{path}",
                params={**(params or {}), **self._proof(token)},
                # In the header, not in the address: addresses end up in logs.
                headers={"Authorization": f"Bearer {token}"},
                timeout=limit,
                allow_redirects=False,
                **body,
            ) as answer:
                value = _json(await answer.read())
                if answer.status != 200 or not isinstance(value, dict) or "error" in value:
                    raise errors.refusal(answer.status, value, answer.headers)
                return value
        except _NOT_SENT as error:
            raise errors.error_of(errors.UNREACHABLE, detail=repr(error)) from error
        except ValueError as error:  # an address or a token that no request can be made of
            raise errors.error_of(errors.SETTINGS, detail=type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.error_of(errors.TEMPORARY, uncertain=True, detail=repr(error)) from error

    def _proof(self, token: str) -> dict[str, str]:
        """Graph API, "Securing requests": the token's HMAC-SHA256 under the app secret, in hex."""
        if not self.credentials.app_secret:
            return {}
        digest = hmac.new(self.credentials.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        return {"appsecret_proof": digest}


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


async def quietly(call: Awaitable[dict[str, Any]]) -> dict[str, Any] | None:
    """The call's answer, or None if it failed."""
    try:
        return await call
    except SendError:
        return None
