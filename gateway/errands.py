"""Does what the console asks for at the chat platform, one errand after the other, outside any transaction.

What is asked for stands in the database (shop/errands.py): a restart forgets nothing, and several gateways share the
work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import aiohttp
from sqlalchemy.orm import Session

from channels.base import Credentials, SendError, Sentence, retry_delay
from channels.messenger import errors, profile
from channels.messenger.graph import Graph
from gateway import doctor, page_setup, sentences
from gateway.groupcommit import GroupCommit
from shop import accounts, connections, errands
from shop.accounts import Connection
from shop.db import Database, utc_now
from shop.errands import Claim, Kind, Line
from shop.errors import NotFound
from shop.models import Channel
from shop.vault import Vault, WrongKey
from talad.settings import Settings

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 0.5
#: What was found out should not be lost while the database is away for a moment.
_INSIST_SECONDS = 30.0
#: Those who ask and answer are there: the console asked, and this is the gateway.
_ALIVE = ("console", "gateway")
#: Of the fields that a person fills in, which one to look at (shop.accounts.typed).
TOKEN, APP_SECRET = "token", "app_secret"


@dataclass
class Errands:
    """Works them off. `http` is the gateway's own session."""

    settings: Settings
    database: Database
    writer: GroupCommit
    http: aiohttp.ClientSession

    async def for_ever(self, every: float = _EVERY_SECONDS) -> None:
        """Do what is due and look again after a moment, until cancelled."""
        while True:
            try:
                while await self.database.read(errands.is_due, utc_now()) and await self.do_one():
                    pass
            except Exception as error:
                logger.warning("errands are done later: %s", type(error).__name__)
            await asyncio.sleep(every)

    async def do_one(self) -> bool:
        """Do one and write what came of it; False when none is due."""
        claim = await self.writer.run(errands.claim_one, utc_now())
        if claim is None:
            return False
        try:
            await self._do(claim)
        except Exception as error:  # the same would happen again: whoever asked has to know
            logger.error("errand %d (%s) failed: %s", claim.id, claim.kind, sentences.describe(error))
            said: Sentence = sentences.WRONG_KEY if isinstance(error, WrongKey) else sentences.ERRAND_FAILED
            await self._finish(claim, [Line(sentences.NOTHING, False, said)])
        return True

    async def _do(self, claim: Claim) -> None:
        if claim.kind == Kind.EXAMINE:
            lines = await doctor.examine(self.settings.for_real(), self.database, alive=_ALIVE)
            await self._finish(claim, lines)
        elif claim.kind == Kind.CONNECT:
            await self._connect(claim)
        else:
            await self._see_to(claim, await self._channel(claim))

    async def _see_to(self, claim: Claim, channel: Channel) -> None:
        """What a connected Page shows, and a disconnected one shows no more."""
        if channel.active == (claim.kind == Kind.TAKE_DOWN):
            name: Sentence = {"th": channel.name, "en": channel.name}
            await self._finish(claim, [Line(name, False, sentences.OVERTAKEN)])
        elif claim.kind == Kind.SET_UP:
            lines = await page_setup.set_up(*self._tools, channel, partial(self._report, claim))
            await self._finish(claim, lines)
        elif claim.kind == Kind.SHOW:
            line, error = await page_setup.show(*self._tools, channel)
            await self._again_or_done(claim, [line], [error] if error else [])
        else:
            lines, refused = await page_setup.take_down(*self._tools, channel, partial(self._report, claim))
            by_hand = Line(lines[0].about, False, sentences.REMOVE_BY_HAND)
            await self._again_or_done(claim, lines, refused, in_vain=[by_hand])

    @property
    def _tools(self) -> tuple[Settings, Database, aiohttp.ClientSession]:
        return self.settings, self.database, self.http

    async def _report(self, claim: Claim, lines: Sequence[Line]) -> None:
        await self.writer.run(errands.report, claim, lines)

    async def _connect(self, claim: Claim) -> None:
        """Keep the Page if Messenger takes its secrets; else say which of them to look at."""
        vault, new = Vault(self.settings.secret_key), Connection(**claim.detail)
        credentials = Credentials(
            account_id=new.account_id,
            token=vault.open(new.token),
            app_secret=vault.open(new.app_secret) or None,
            api_url=self.settings.graph_url,
        )
        result = await profile.check_token(Graph(self.http, credentials))
        line = Line({"th": new.name, "en": new.name}, result.ok, result.sentence)
        if result.ok:
            await self.writer.insist(_INSIST_SECONDS, _keep, claim, vault, new, line)
            return
        field = TOKEN
        if result.error is not None and _is_about_proof(result.error):
            field, line = APP_SECRET, replace(line, says=sentences.WRONG_APP_SECRET)
        elif result.error is not None and result.error.meaning == errors.TOKEN.name:
            line = replace(line, says=sentences.WRONG_TOKEN)
        open_words = {
            "account_id": new.account_id,
            "name": new.name,
            "app_id": new.app_id,
            "verify_token": new.verify_token,
        }
        await self._finish(claim, [line], detail={**open_words, "field": field})

    async def _again_or_done(
        self, claim: Claim, lines: list[Line], refused: Sequence[SendError], in_vain: Sequence[Line] = ()
    ) -> None:
        """Put it off if another try can help with anything; `in_vain` says what to do when none can."""
        pauses = [retry_delay(claim.attempts, error) for error in refused]
        worth = [pause for pause in pauses if pause is not None]
        if worth:
            until = utc_now() + timedelta(seconds=max(worth))
            await self.writer.insist(_INSIST_SECONDS, errands.postpone, claim, lines, until)
        else:
            await self._finish(claim, [*lines, *(in_vain if refused else ())])

    async def _channel(self, claim: Claim) -> Channel:
        if claim.channel_id is None:
            raise NotFound("an errand without its channel")
        return await self.database.read(accounts.get, claim.channel_id)

    async def _finish(
        self, claim: Claim, lines: Sequence[Line], detail: dict[str, str] | None = None
    ) -> None:
        await self.writer.insist(_INSIST_SECONDS, errands.finish, claim, lines, utc_now(), detail=detail)


def _keep(session: Session, claim: Claim, vault: Vault, new: Connection, line: Line) -> None:
    now = utc_now()
    # What was asked for is kept even if somebody else has the errand by now: the platform took these secrets.
    by = errands.get(session, claim.id).asked_by
    channel = connections.keep(session, vault, new, by=by, now=now)
    errands.finish(session, claim, [line], now, channel_id=channel.id)


def _is_about_proof(error: SendError) -> bool:
    """Graph API: code 100, and only the text says that the app secret does not belong to the token."""
    return error.meaning == errors.INVALID.name and "appsecret_proof" in error.detail
