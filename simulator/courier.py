"""One HTTP request to the app's webhook: a signed delivery or the handshake. Queues and retries are in
webhooks.py."""

from urllib.parse import urlsplit

import aiohttp

from simulator import events
from simulator.state import Page, World

CONNECTIONS = 200


class Courier:
    """Carries bodies to the shop over one pool of connections."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def post(self, page: Page, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """One attempt: status (0 when there was no answer) and the first of its text or the reason.

        Without ``headers`` the body is signed as the scenario says."""
        timeout = aiohttp.ClientTimeout(total=self.world.scenario.webhook_timeout)
        sent = self.signed(page, body) if headers is None else headers
        try:
            request = self.session.post(
                page.webhook, data=body, headers=sent, timeout=timeout, allow_redirects=False
            )
            async with request as answer:
                text = (await answer.content.read(500)).decode("utf-8", "replace")
                return answer.status, text
        except TimeoutError:
            return 0, f"no answer within {self.world.scenario.webhook_timeout:g} s"
        except aiohttp.ClientConnectorError:
            return 0, f"no connection to {urlsplit(page.webhook).netloc}"
        except (aiohttp.ClientError, OSError) as error:
            return 0, str(error) or type(error).__name__

    async def ask_deletion(self, page: Page, signed_request: str) -> tuple[int, str]:
        """Post a data-deletion request as Meta does, to the address beside the webhook: status and body."""
        try:
            async with self.session.post(
                f"{page.webhook}/data-deletion",
                data={"signed_request": signed_request},
                timeout=aiohttp.ClientTimeout(total=5),
            ) as answer:
                return answer.status, await answer.text()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return 0, str(error) or type(error).__name__

    async def handshake(self, page: Page, mode: str, token: str, challenge: str) -> tuple[int, str]:
        """The GET with which Meta verifies a callback: status and body."""
        query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge}
        try:
            async with self.session.get(
                page.webhook, params=query, timeout=aiohttp.ClientTimeout(total=5)
            ) as answer:
                return answer.status, await answer.text()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return 0, str(error) or type(error).__name__

    def signed(self, page: Page, body: bytes) -> dict[str, str]:
        """Headers of a delivery, with the signatures the scenario wants."""
        scenario = self.world.scenario
        secret = "wrong " + page.app_secret if scenario.bad_signature else page.app_secret
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": events.signature(secret, body, "sha256"),
        }
        if scenario.sha1_header:
            headers["X-Hub-Signature"] = events.signature(secret, body, "sha1")
        return headers
