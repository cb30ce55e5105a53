"""The connected channels, kept in memory: whom a webhook is for, whose signature counts, how to answer.

Read again every few seconds, so that a Page connected in the console or by `talad channel add` works at once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.base import Credentials
from channels.messenger.send import Client
from gateway.credentials import credentials_of
from gateway.groupcommit import GroupCommit
from shop.db import Database, utc_now
from shop.errors import ShopError
from shop.models import Channel, Shop
from shop.vault import Vault

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 2.0


@dataclass(frozen=True)
class Connected:
    """A channel that can be spoken for. `app_id` tells our own echoes from a person's."""

    id: int
    account_id: str
    app_id: str
    app_secret: str
    verify_token: str
    active: bool
    client: Client
    paused_until: datetime | None
    problem: str | None

    @property
    def is_paused(self) -> bool:
        """Whether nothing may be sent now: for a time, or until a person has mended the problem."""
        if self.paused_until is not None:
            return self.paused_until > utc_now()
        return self.problem is not None


class Directory:
    """Finds channels by id and by account. Call `refresh` before the first use."""

    def __init__(
        self, database: Database, writer: GroupCommit, http: aiohttp.ClientSession, vault: Vault, api_url: str
    ) -> None:
        self.language = "th"
        self.languages: list[str] = ["th", "en"]
        self._database = database
        self._writer = writer
        self._http = http
        self._vault = vault
        self._api_url = api_url
        self._by_id: dict[int, Connected] = {}
        self._by_account: dict[str, Connected] = {}
        self._opened: dict[tuple[str, str, str], tuple[Credentials, str]] = {}

    def by_id(self, channel_id: int) -> Connected | None:
        """The channel with this id, while it is active."""
        channel = self._by_id.get(channel_id)
        return channel if channel is not None and channel.active else None

    def by_account(self, account_id: str) -> Connected | None:
        """The channel of a Page id, also when it is switched off."""
        return self._by_account.get(account_id)

    def app_secrets(self) -> set[str]:
        """Every secret that may sign a webhook: one app may serve many Pages."""
        return {channel.app_secret for channel in self._by_id.values()}

    def secrets_by_account(self) -> dict[str, str]:
        """The app secret of each Page's app."""
        return {channel.account_id: channel.app_secret for channel in self._by_id.values()}

    def verify_tokens(self) -> set[str]:
        """Every token that Meta's handshake may show."""
        return {channel.verify_token for channel in self._by_id.values()}

    def silent(self) -> list[int]:
        """Ids of channels on which nothing may be sent now."""
        return [channel.id for channel in self._by_id.values() if channel.is_paused or not channel.active]

    async def refresh(self) -> None:
        """Read the channels, and the language in which strangers are answered, anew."""
        channels, language, languages = await self._database.read(_read)
        found = [connected for channel in channels if (connected := self._connected(channel))]
        self._by_id = {channel.id: channel for channel in found}
        self._by_account = {channel.account_id: channel for channel in found}
        self.language, self.languages = language, languages

    def offered(self, language: str | None) -> str | None:
        """The language, or the only one that the shop offers."""
        return self.languages[0] if len(self.languages) == 1 else language

    async def keep_fresh(self) -> None:
        """Refresh for ever, until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh()
            except Exception as error:  # the database may be away; the channels known so far serve meanwhile
                logger.warning("the channels could not be read again: %s", type(error).__name__)

    async def pause(self, channel_id: int, until: datetime | None, problem: str | None) -> None:
        """Send nothing on the channel until a time, or, without one, until a person has mended `problem`.

        Both None: send again.
        """
        await self._writer.run(_write_pause, channel_id, until, problem)
        await self.refresh()

    def _connected(self, channel: Channel) -> Connected | None:
        secrets = (channel.token, channel.app_secret, channel.verify_token)
        try:
            if secrets not in self._opened:
                opened = credentials_of(channel, self._vault, self._api_url)
                self._opened[secrets] = opened, self._vault.open(channel.verify_token)
        except ShopError as error:
            logger.error("channel %d cannot be used: %s", channel.id, error)
            return None
        credentials, verify_token = self._opened[secrets]
        return Connected(
            id=channel.id,
            account_id=channel.account_id,
            app_id=channel.app_id,
            app_secret=credentials.app_secret or "",
            verify_token=verify_token,
            active=channel.active,
            client=Client(self._http, credentials),
            paused_until=channel.paused_until,
            problem=channel.problem,
        )


def _read(session: Session) -> tuple[list[Channel], str, list[str]]:
    channels = session.scalars(select(Channel).where(Channel.platform == "messenger")).all()
    shop = session.get(Shop, 1)
    return list(channels), shop.language if shop else "th", shop.languages if shop else ["th", "en"]


def _write_pause(session: Session, channel_id: int, until: datetime | None, problem: str | None) -> None:
    session.execute(
        update(Channel).where(Channel.id == channel_id).values(paused_until=until, problem=problem)
    )
