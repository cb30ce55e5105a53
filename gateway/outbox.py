"""Working off the outbox: render a reply, send its parts in order, and write what became of it.

After each part that the platform accepts, that is written down, so that a crash repeats at most the one whose
answer was lost, and that one only if its echo has not shown by then that it arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from channels.base import Scope, SendError, Sentence, retry_delay
from channels.messenger.render import render
from gateway import outbox_echo, payloads, sentences
from gateway.directory import Connected, Directory
from gateway.groupcommit import GroupCommit
from gateway.pauses import Pauses
from gateway.queue import Lease, Queue
from gateway.worker import Worker
from shop import notices
from shop.db import Database, utc_now
from shop.models import Customer, OutboxMessage
from shop.replies import from_json

logger = logging.getLogger(__name__)

#: Messenger Platform, standard messaging window: 24 hours. The margin is for clocks and the way there.
WINDOW = timedelta(hours=24) - timedelta(minutes=5)
WINDOW_CODE = "10/2018278"  # what Messenger itself would answer
#: An echo is seen within this time, if it comes at all; only then is a message of unknown fate sent again.
ECHO_SECONDS = 5.0
#: For this long the mark of a sent message tries to be written while the database is away.
INSIST_SECONDS = 12.0
HANDS = 64
#: What stands as the error of a message that is not sent again and may still be settled by its echo.
_GIVEN_UP = sentences.stored(sentences.UNCERTAIN)


@dataclass(frozen=True)
class Outgoing:
    """A leased outbox row with what sending it takes.

    `last_inbound_at` is when the customer last did something. `is_given_up`: only its echo was still waited for.
    """

    lease: Lease
    channel_id: int
    psid: str
    notice_id: int | None
    body: dict[str, Any]
    page: int
    sent_parts: int
    message_ids: tuple[str, ...]
    is_given_up: bool
    last_inbound_at: datetime | None


_last_inbound = select(Customer.last_inbound_at).where(Customer.id == bindparam("customer"))


def load(session: Session, row: Row[Any]) -> Outgoing:
    """The job of a leased row."""
    return Outgoing(
        lease=Lease.of(row),
        channel_id=row.channel_id,
        psid=row.conversation.partition(":")[2],
        notice_id=row.notice_id,
        body=row.body,
        page=row.page,
        sent_parts=row.sent_parts,
        message_ids=tuple(row.message_ids),
        is_given_up=row.error == _GIVEN_UP,
        last_inbound_at=session.connection().scalar(_last_inbound, {"customer": row.customer_id}),
    )


class Outbox:
    """Works off the outbox."""

    def __init__(
        self,
        database: Database,
        writer: GroupCommit,
        directory: Directory,
        secret_key: str,
        *,
        hands: int = HANDS,
    ) -> None:
        self.queue = Queue(OutboxMessage)
        self.worker: Worker[Outgoing] = Worker(
            self.queue, database, writer, load, self.handle, hands=hands, held_back=directory.silent
        )
        self.ended: Counter[str] = Counter()
        self._writer = writer
        self._directory = directory
        self._pauses = Pauses(directory)
        self._secret_key = secret_key

    async def handle(self, message: Outgoing) -> None:
        """Send the message and write what became of it."""
        channel = self._directory.by_id(message.channel_id)
        if channel is None or channel.is_paused:
            await self._writer.run(self.queue.release, message.lease)
            return
        if message.is_given_up:
            await self._end(message, "uncertain", None, sentences.UNCERTAIN)
            return
        try:
            parts = self._render(message)
        except Exception as error:  # whatever it is, the next try would end the same way
            logger.error("outbox message %d cannot be shown: %s", message.lease.id, type(error).__name__)
            await self._end(message, "failed", None, sentences.CANNOT_BE_SHOWN)
            return
        if message.sent_parts < len(parts) and not _may_write(message):
            await self._end(message, "failed", WINDOW_CODE, sentences.WINDOW_CLOSED)
            return
        await self._send(message, channel, parts)

    def _render(self, message: Outgoing) -> list[dict[str, Any]]:
        def sign(payload: str) -> str:
            return payloads.sign(self._secret_key, message.channel_id, payload)

        def more(page: int) -> str:
            return sign(payloads.more_page(message.lease.id, page))

        return render(from_json(message.body), sign=sign, more=more, page=message.page)

    async def _send(self, message: Outgoing, channel: Connected, parts: Sequence[dict[str, Any]]) -> None:
        ids = list(message.message_ids)
        for part in range(message.sent_parts, len(parts)):
            try:
                sent = await channel.client.send(
                    message.psid,
                    parts[part],
                    messaging_type="RESPONSE" if message.notice_id is None else "UPDATE",
                    metadata=outbox_echo.metadata(message.lease.id, part),
                )
            except SendError as error:
                await self._not_sent(message, channel, part, error)
                return
            ids.append(sent.message_id)
            if part + 1 < len(parts):
                still_ours = await self._insist(
                    self.queue.note, message.lease, sent_parts=part + 1, message_ids=list(ids)
                )
                if not still_ours:
                    return  # our lease is over and someone else goes on with the next part
        self.ended["sent"] += 1
        self.worker.take([await self._insist(self._write_sent, message, len(parts), ids)])
        await self._pauses.works_again(channel)

    def _write_sent(
        self, session: Session, message: Outgoing, parts: int, message_ids: list[str]
    ) -> Outgoing | None:
        """The next message of the conversation, if it can be sent at once."""
        columns = {"sent_parts": parts, "message_ids": message_ids, "code": None, "error": None}
        if not self.queue.close(session, message.lease, "sent", **columns):
            return None
        if message.notice_id is not None:
            notices.told(session, message.notice_id, utc_now())
        return self.worker.lease_head(session, message.lease.conversation)

    async def _not_sent(self, message: Outgoing, channel: Connected, part: int, error: SendError) -> None:
        logger.warning("outbox message %d was not sent: %s", message.lease.id, error)
        if error.scope == Scope.ACCOUNT:
            self.ended["paused"] += 1
            await self._pauses.after(channel, error)  # before it is free, or it would be tried at once
            await self._writer.run(self.queue.release, message.lease)
            return
        again = retry_delay(message.lease.attempts, error)
        if again is None and not error.uncertain:
            await self._end(message, "failed", _code(error), error.sentence)
            return
        said = _GIVEN_UP if again is None else sentences.stored(error.sentence)
        pause = max(again or 0.0, ECHO_SECONDS if error.uncertain else 0.0)
        self.ended["retry"] += 1
        await self._insist(self._write_again, message, part, pause, _code(error), said)
        asyncio.get_running_loop().call_later(pause, self.worker.wake)

    def _write_again(
        self, session: Session, message: Outgoing, part: int, pause: float, code: str | None, error: str
    ) -> None:
        if outbox_echo.has_come(session, message.lease.id, part):
            self.queue.release(session, message.lease)  # to go on with what is left of it
        else:
            self.queue.postpone(session, message.lease, pause, code=code, error=error)

    async def _end(self, message: Outgoing, state: str, code: str | None, sentence: Sentence) -> None:
        self.ended[state] += 1
        await self._insist(self._write_end, message, state, code, sentences.stored(sentence))
        self.worker.wake()

    def _write_end(self, session: Session, message: Outgoing, state: str, code: str | None, why: str) -> None:
        closed = self.queue.close(session, message.lease, state, code=code, error=why)
        if closed and message.notice_id is not None:
            notices.not_told(session, message.notice_id, why)

    async def _insist(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return await self._writer.insist(INSIST_SECONDS, work, *args, **kwargs)


def _may_write(message: Outgoing) -> bool:
    return message.last_inbound_at is not None and utc_now() - message.last_inbound_at <= WINDOW


def _code(error: SendError) -> str | None:
    numbers = [str(number) for number in (error.code, error.subcode) if number is not None]
    return "/".join(numbers) or None
