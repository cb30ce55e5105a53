"""Working off the outbox: render a reply, send its parts in order, and write what became of it.

After each part that the platform accepts, that is written down, so that a crash repeats at most the one whose
answer was lost, and that one only if its echo has not shown by then that it arrived. Of notices and of what a seller
wrote it is also written down before: after a crash they are not sent again, but shown as uncertain.
In which way a message may go out is decided at the moment of sending (gateway/forms.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from channels.base import Scope, SendError, Sentence, retry_delay
from channels.messenger import errors
from gateway import outbox_echo, sentences
from gateway.directory import Connected, Directory
from gateway.forms import Form, Forms, NotNow
from gateway.groupcommit import GroupCommit
from gateway.outgoing import Outgoing
from gateway.pauses import Pauses
from gateway.queue import Lease, Queue
from gateway.worker import Worker
from shop import notices, telling
from shop.db import Database, utc_now
from shop.models import Customer, OutboxMessage
from shop.reach import Way

logger = logging.getLogger(__name__)

#: An echo is seen within this time, if it comes at all; only then is a message of unknown fate sent again.
ECHO_SECONDS = 5.0
#: For this long the mark of a sent message tries to be written while the database is away.
INSIST_SECONDS = 12.0
HANDS = 64
#: What stands as the error of a message that is not sent again and may still be settled by its echo.
_GIVEN_UP = sentences.stored(sentences.UNCERTAIN)


_last_inbound = select(Customer.last_inbound_at).where(Customer.id == bindparam("customer"))


def load(session: Session, row: Row[Any]) -> Outgoing:
    """The job of a leased row."""
    return Outgoing(
        lease=Lease.of(row),
        channel_id=row.channel_id,
        customer_id=row.customer_id,
        psid=row.conversation.partition(":")[2],
        notice_id=row.notice_id,
        body=row.body,
        page=row.page,
        sent_parts=row.sent_parts,
        message_ids=tuple(row.message_ids),
        part=row.part,
        written_by=row.written_by,
        begun=row.begun,
        way=row.way,
        error=row.error,
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
        self._forms = Forms(database, secret_key)

    async def handle(self, message: Outgoing) -> None:
        """Send the message and write what became of it."""
        channel = self._directory.by_id(message.channel_id)
        if channel is None or channel.is_paused:
            await self._writer.run(self.queue.release, message.lease)
            return
        if message.error == _GIVEN_UP:
            await self._end(message, "uncertain", None, sentences.UNCERTAIN)
        elif message.is_in_doubt:
            await self._again(message, message.sent_parts, ECHO_SECONDS, None, _GIVEN_UP)
        else:
            await self._attempt(message, channel)

    async def _attempt(self, message: Outgoing, channel: Connected, *, is_refused: bool = False) -> None:
        """Send it in the form it may have now. `is_refused`: Messenger has just said that the 24 hours are over."""
        try:
            form = await self._forms.of(message, is_refused=is_refused)
        except SQLAlchemyError:
            raise  # the database is away; the row comes again when its lease is over
        except Exception as error:  # whatever it is, the next try would end the same way
            logger.error("outbox message %d cannot be shown: %s", message.lease.id, type(error).__name__)
            await self._end(message, "failed", None, sentences.CANNOT_BE_SHOWN)
            return
        if isinstance(form, NotNow):
            await self._not_now(message, form)
            return
        refusal = await self._send(message, channel, form)
        if refusal is not None:
            await self._attempt(message, channel, is_refused=True)

    async def _send(self, message: Outgoing, channel: Connected, form: Form) -> SendError | None:
        """Send what is left of it and write what became of it; the error, when the 24 hours were over after all."""
        ids = list(message.message_ids)
        for part in range(message.sent_parts, len(form.parts)):
            if message.is_kept_count_of and not await self._begin(message, form, part):
                return None  # our lease is over and someone else has the message
            try:
                sent = await channel.client.send(
                    message.psid,
                    form.parts[part],
                    messaging_type=form.way.value,
                    metadata=outbox_echo.metadata(message.lease.id, part),
                )
            except SendError as error:
                if error.meaning == errors.WINDOW_CLOSED.name and form.way in (Way.RESPONSE, Way.UPDATE):
                    return error
                await self._not_sent(message, channel, form, part, error)
                return None
            ids.append(sent.message_id)
            if part + 1 < len(form.parts):
                still_ours = await self._insist(
                    self.queue.note, message.lease, sent_parts=part + 1, message_ids=list(ids)
                )
                if not still_ours:
                    return None  # someone else goes on with the next part
        self.ended["sent"] += 1
        self.worker.take([await self._insist(self._write_sent, message, form, ids)])
        await self._pauses.works_again(channel)
        return None

    async def _begin(self, message: Outgoing, form: Form, part: int) -> bool:
        """Note that the part is about to go out: whoever finds the message so after a crash does not send it again."""
        columns = {"begun": part, "way": form.way.value, "code": None, "error": None}
        is_ours: bool = await self._insist(self.queue.note, message.lease, **columns)
        return is_ours

    def _write_sent(
        self, session: Session, message: Outgoing, form: Form, message_ids: list[str]
    ) -> Outgoing | None:
        """The next message of the conversation, if it can be sent at once."""
        columns = {"sent_parts": len(form.parts), "message_ids": message_ids, "code": None, "error": None}
        if not self.queue.close(session, message.lease, "sent", **columns):
            return None
        if message.notice_id is not None:
            doubt = sentences.stored(sentences.MAYBE_TWICE) if message.was_lost else None
            notices.told(session, message.notice_id, utc_now(), doubt)
            if form.way == Way.UTILITY:
                self._drop_rest(session, message)
        return self.worker.lease_head(session, message.lease.conversation)

    async def _not_sent(
        self, message: Outgoing, channel: Connected, form: Form, part: int, error: SendError
    ) -> None:
        logger.warning("outbox message %d was not sent: %s", message.lease.id, error)
        if (why := _needs_more_rights(form.way, error)) is not None:
            await self._not_now(message, NotNow(why, _code(error)))
            return
        if error.scope == Scope.ACCOUNT:
            self.ended["paused"] += 1
            await self._pauses.after(channel, error)  # before it is free, or it would be tried at once
            await self._writer.run(self._write_back, message)
            return
        again = retry_delay(message.lease.attempts, error)
        if again is None and not error.uncertain:
            why = sentences.TEMPLATE_REFUSED if form.way == Way.UTILITY else error.sentence
            heals = form.way == Way.UTILITY or error.meaning == errors.UNAVAILABLE.name
            await self._not_now(message, NotNow(why, _code(error), heals=heals))
            return
        said = _GIVEN_UP if again is None else sentences.stored(error.sentence)
        pause = max(again or 0.0, ECHO_SECONDS if error.uncertain else 0.0)
        await self._again(message, part, pause, _code(error), said, begun=part if error.uncertain else None)

    def _write_back(self, session: Session, message: Outgoing) -> None:
        self.queue.note(session, message.lease, begun=None)
        self.queue.release(session, message.lease)

    async def _again(
        self,
        message: Outgoing,
        part: int,
        pause: float,
        code: str | None,
        error: str,
        begun: int | None = None,
    ) -> None:
        self.ended["retry"] += 1
        await self._insist(self._write_again, message, part, pause, code=code, error=error, begun=begun)
        asyncio.get_running_loop().call_later(pause, self.worker.wake)

    def _write_again(
        self, session: Session, message: Outgoing, part: int, pause: float, **columns: Any
    ) -> None:
        if outbox_echo.has_come(session, message.lease.id, part):
            self.queue.release(session, message.lease)  # to go on with what is left of it
        else:
            self.queue.postpone(session, message.lease, pause, **columns)

    async def _not_now(self, message: Outgoing, why: NotNow) -> None:
        """It cannot go out as things are: it failed, is left out, or waits for the customer to do something."""
        if why.is_left_out:
            await self._end(message, "dropped", why.code, why.sentence)
        elif why.heals and message.notice_id is not None:
            self.ended["failed"] += 1
            await self._insist(self._write_parked, message, why.code, sentences.stored(why.sentence))
            self.worker.wake()
        else:
            await self._end(message, "failed", why.code, why.sentence)

    def _write_parked(self, session: Session, message: Outgoing, code: str | None, why: str) -> None:
        assert message.notice_id is not None
        if telling.heard_since(session, message.customer_id, message.last_inbound_at):
            self._write_back(session, message)  # in this very moment; so it can be sent
        elif self.queue.close(session, message.lease, "failed", code=code, error=why, begun=None):
            telling.park(session, message.notice_id, why)
            self._drop_rest(session, message)

    def _drop_rest(self, session: Session, message: Outgoing) -> None:
        """What else the bot said with the notice is not said without it, nor to somebody who was silent for long."""
        rest = (
            update(OutboxMessage)
            .where(
                OutboxMessage.notice_id == message.notice_id,
                OutboxMessage.conversation == message.lease.conversation,
                OutboxMessage.id > message.lease.id,
                OutboxMessage.state == "open",
            )
            .values(state="dropped", error=sentences.stored(sentences.LEFT_OUT), done_at=utc_now())
        )
        session.execute(rest)

    async def _end(self, message: Outgoing, state: str, code: str | None, sentence: Sentence) -> None:
        self.ended[state] += 1
        await self._insist(self._write_end, message, state, code, sentences.stored(sentence))
        self.worker.wake()

    def _write_end(self, session: Session, message: Outgoing, state: str, code: str | None, why: str) -> None:
        closed = self.queue.close(session, message.lease, state, code=code, error=why)
        if not closed or message.notice_id is None:
            return
        if state == "uncertain":
            telling.uncertain(session, message.notice_id, why)
        elif state == "failed":
            notices.not_told(session, message.notice_id, why)

    async def _insist(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return await self._writer.insist(INSIST_SECONDS, work, *args, **kwargs)


def _needs_more_rights(way: Way, error: SendError) -> Sentence | None:
    """What to tell the seller when the app may write, but not in this way: that must not stop the Page's messages."""
    if error.meaning not in (errors.PERMISSION.name, errors.NOT_A_TESTER.name):
        return None
    return {Way.UTILITY: sentences.NO_UTILITY, Way.HUMAN_AGENT: sentences.NO_HUMAN_AGENT}.get(way)


def _code(error: SendError) -> str | None:
    numbers = [str(number) for number in (error.code, error.subcode) if number is not None]
    return "/".join(numbers) or None
