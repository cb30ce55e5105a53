"""Meta's data-deletion requests: kept when they come, looked into by a chore, and told about on a page of their own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Sequence
from urllib.parse import parse_qs

from sanic import HTTPResponse, Request
from sanic.response import json as json_answer
from sanic.response import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from channels.base import SendError
from channels.messenger import signed_request
from channels.messenger.identity import id_on_page
from channels.messenger.signed_request import NotAPerson, SignedRequest, WrongSignature
from gateway import deletion_page, sentences
from gateway.bodies import TooLarge, body_of
from gateway.directory import Directory
from gateway.groupcommit import GroupCommit
from shop import deletions
from shop.db import Database, utc_now
from shop.errors import BeingAnswered, NotFound
from shop.models import DeletionRequest
from talad.settings import Settings

logger = logging.getLogger(__name__)

PATH = "/webhooks/messenger/data-deletion"
_MOST_BYTES = 16 * 1024
_EVERY_SECONDS = 5.0


class Deletions:
    """Keeps requests and looks into them."""

    def __init__(
        self, settings: Settings, database: Database, writer: GroupCommit, directory: Directory
    ) -> None:
        self._settings = settings
        self._database = database
        self._writer = writer
        self._directory = directory
        self._wake = asyncio.Event()

    async def receive(self, request: Request) -> HTTPResponse:
        """Keep a request that Meta signed and say where its state can be seen."""
        try:
            fields = parse_qs((await body_of(request, _MOST_BYTES)).decode("utf-8", "replace"))
            asked = signed_request.read(fields.get("signed_request", [""])[0], self._secrets())
        except TooLarge:
            return text("the body is larger than 16 KiB", 413)
        except WrongSignature:
            logger.warning("a data-deletion request without a good signature; nothing was kept")
            return text("missing or wrong signature", 403)
        except NotAPerson as error:
            return text(str(error), 400)
        code = self._code(asked)
        try:
            await self._writer.run(
                deletions.keep, code=code, user_id=asked.user_id, accounts=asked.accounts, now=utc_now()
            )
        except SQLAlchemyError as error:
            logger.error("a data-deletion request could not be kept: %s", type(error).__name__)
            return text("cannot be kept now", 503, headers={"Retry-After": "5"})
        self._wake.set()
        return json_answer(
            {"url": f"{self._settings.public_url}/data-deletion/{code}", "confirmation_code": code}
        )

    async def status(self, code: str) -> HTTPResponse:
        """The page of one request."""
        try:
            request = await self._database.read(deletions.by_code, code)
        except NotFound:
            return deletion_page.unknown_code()
        return deletion_page.page(request)

    async def for_ever(self, every: float = _EVERY_SECONDS) -> None:
        """Look into what is due, at once and every few seconds, until cancelled."""
        while True:
            self._wake.clear()
            try:
                for request in await self._database.read(deletions.due, utc_now()):
                    await self._look_into(request)
            except Exception as error:
                logger.warning("data-deletion requests are looked at again later: %s", type(error).__name__)
            try:
                async with asyncio.timeout(every):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _look_into(self, request: DeletionRequest) -> None:
        ids, refusal = await self._ids(request)
        found = await self._database.read(deletions.named, request.accounts, ids)
        if not found:
            final = refusal is None or refusal.permanent
            why = sentences.stored(refusal.sentence) if refusal else ""
            await self._writer.run(deletions.not_settled, request.id, why, now=utc_now(), final=final)
            return
        try:
            state = await self._writer.run(deletions.settle, request.id, found, now=utc_now())
            logger.info("data-deletion request %d is %s", request.id, state)
        except BeingAnswered:
            logger.info("data-deletion request %d waits for a message in hand", request.id)

    async def _ids(self, request: DeletionRequest) -> tuple[Sequence[str], SendError | None]:
        """What the person may be called on the Pages; and why Meta did not say more."""
        ids, refusal = [request.user_id], None
        if await self._database.read(_is_known, request):
            return ids, None
        for account_id in request.accounts:
            channel = self._directory.by_account(account_id)
            if channel is None:
                continue
            try:
                on_page = await id_on_page(channel.client, request.user_id, channel.app_id)
            except SendError as error:
                refusal = error
                continue
            if on_page is not None:
                ids.append(on_page)
        return ids, refusal

    def _secrets(self) -> dict[str, str]:
        secrets = self._directory.secrets_by_account()
        first = self._settings.messenger_page_id
        if first and self._settings.messenger_app_secret:
            secrets.setdefault(first, self._settings.messenger_app_secret)
        return secrets

    def _code(self, asked: SignedRequest) -> str:
        """The same for the same request told again; of one without a time, for the same day."""
        day = "" if asked.has_time else f"{utc_now():%Y-%m-%d}"
        message = f"talad data deletion\n{day}\n{asked.payload}".encode("utf-8", "replace")
        return hmac.new(self._settings.secret_key.encode(), message, hashlib.sha256).hexdigest()[:24]


def _is_known(session: Session, request: DeletionRequest) -> bool:
    return bool(deletions.named(session, request.accounts, [request.user_id]))
