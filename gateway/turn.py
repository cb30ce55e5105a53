"""One inbox event becomes a turn of the conversation: who, in which language, which pictures, what Rasa says.

The end of the event and its replies are one commit, under the event's fence. What is asked is in asking.py.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from channels.base import Incoming, Kind
from channels.messenger.events import parse_item
from gateway import entries, events, sentences
from gateway.asking import Asking, Saying, Typed
from gateway.directory import Connected, Directory
from gateway.dots import typing_dots
from gateway.events import Event, Known
from gateway.groupcommit import GroupCommit, is_away
from gateway.introductions import Introductions
from gateway.language import spoken
from gateway.outgoing import Outgoing
from gateway.queue import Queue
from gateway.rasa import RasaAway
from gateway.worker import Worker
from shop import conversation, customers, handoff, hearing, mailbox, notices, telling
from shop.conversation import Said
from shop.db import Database, utc_now
from shop.models import InboxEvent
from shop.notices import NOTICE_EVENT
from shop.slips import intake
from shop.store_visits import STORE_EVENT, News

logger = logging.getLogger(__name__)

TurnWorker = Worker[Event]

#: Seconds before each further try of an event that failed; after the last it is set aside.
PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0, 1800.0)
#: For this long a finished turn tries to be written while the database is away.
INSIST_SECONDS = 10.0
HANDS = 32
_FIRST_HOLD, _LONGEST_HOLD = 0.25, 5.0


@dataclass(frozen=True)
class Outcome:
    """What became of an event: its last state, and what is to be said. `said` is what is kept of the event for people
    who read the conversation, `typed` what those who teach the bot may learn from.
    """

    state: str = "done"
    reason: str | None = None
    customer: Known | None = None
    opens_window: bool = False
    said: Said | None = None
    notice_id: int | None = None
    says: Sequence[Saying] = field(default_factory=tuple)
    typed: Typed | None = None


class Turns:
    """Works off the inbox."""

    def __init__(
        self,
        database: Database,
        writer: GroupCommit,
        directory: Directory,
        asking: Asking,
        introductions: Introductions,
        outbox: Worker[Outgoing],
        *,
        pauses: Sequence[float] = PAUSES,
        hands: int = HANDS,
    ) -> None:
        self.queue = Queue(InboxEvent)
        self.worker: TurnWorker = Worker(self.queue, database, writer, events.load, self.handle, hands=hands)
        self.ended: Counter[str] = Counter()
        self._writer = writer
        self._directory = directory
        self._asking = asking
        self._introductions = introductions
        self._outbox = outbox
        self._pauses = pauses
        self._holds = 0
        self._held_until = 0.0

    async def handle(self, event: Event) -> None:
        """Do the event and write what became of it."""
        if event.lease.attempts > len(self._pauses) + 1:  # it never came back from its last tries
            await self._set_aside(event, sentences.STOPPED["en"])
            return
        try:
            outcome = await self._outcome(event)
        except RasaAway as error:
            await self._rasa_is_away(event, error)
        except Exception as error:
            if is_away(error):
                raise  # nothing can be written now; the event comes again when its lease is over
            await self._failed(event, error)
        else:
            self._holds = 0
            finish = self._writer.insist(INSIST_SECONDS, self._finish, event, outcome)
            is_written, outgoing, following = await finish
            self.ended[outcome.state if is_written else "lost"] += 1
            self._outbox.take([outgoing])
            self.worker.take([following])
            if outcome.says and outgoing is None:
                self._outbox.wake()

    async def _outcome(self, event: Event) -> Outcome:
        channel = self._directory.by_id(event.channel_id)
        if channel is None:
            await self._directory.refresh()  # it may have come back a moment ago
            channel = self._directory.by_id(event.channel_id)
        if channel is None:
            return await self._switched_off(event)
        if event.kind == NOTICE_EVENT:
            return await self._notice(event)
        if event.kind == handoff.BACK_EVENT:
            return await self._bot_is_back(event)
        if event.kind == STORE_EVENT:
            return await self._store_news(event)
        incoming = parse_item(event.account_id, event.raw["where"], event.raw["item"])
        customer = await self._customer(event, incoming, channel)
        outcome = await self._answered(event, incoming, customer, channel)
        return replace(
            outcome,
            customer=customer,
            opens_window=incoming.opens_window,
            said=entries.of(incoming),
        )

    async def _answered(
        self, event: Event, incoming: Incoming, customer: Known, channel: Connected
    ) -> Outcome:
        if incoming.standby and incoming.kind == Kind.MESSAGE:
            return await self._left_to_person(event, incoming, customer)
        if not incoming.wants_answer or incoming.kind == Kind.REFERRAL:
            return Outcome()
        if _has_person(customer):
            if not self._asking.calls_the_bot(event, incoming):
                return await self._left_to_person(event, incoming, customer)
            await self._writer.run(handoff.bot_goes_on, customer.id, utc_now())
        with typing_dots(channel.client, event.psid):
            answers = await self._asking.answers(event, incoming, customer)
        if answers is None:
            return Outcome("ignored", "nothing to answer")
        return Outcome(says=answers.says, typed=answers.typed)

    async def _switched_off(self, event: Event) -> Outcome:
        if event.kind == NOTICE_EVENT:
            await self._writer.run(telling.page_is_off, int(event.raw["notice"]))
        return Outcome("ignored", "this account was switched off meanwhile")

    async def _notice(self, event: Event) -> Outcome:
        assert event.customer is not None  # a notice is about an order, and an order has a customer
        notice_id = int(event.raw["notice"])
        said = await self._asking.notice(event, event.customer, notice_id)
        return Outcome(customer=event.customer, notice_id=notice_id, says=said)

    async def _bot_is_back(self, event: Event) -> Outcome:
        assert event.customer is not None  # only a customer's chat is given back
        return Outcome(customer=event.customer, says=await self._asking.bot_is_back(event, event.customer))

    async def _store_news(self, event: Event) -> Outcome:
        assert event.customer is not None  # the store is opened by customers only
        if _has_person(event.customer) and event.raw["news"] in (News.CART, News.ORDER):
            # A bill or a slip is a fact worth seeing; about these two the bot would begin to ask questions.
            return Outcome("ignored", "a person has the chat", event.customer)
        return Outcome(customer=event.customer, says=await self._asking.store_news(event, event.customer))

    async def _left_to_person(self, event: Event, incoming: Incoming, customer: Known) -> Outcome:
        """A person answers this. A photo is kept all the same, and goes to the order that waits for a slip."""
        slips = await self._asking.photos(event, incoming, customer)
        if slips:
            await self._writer.run(intake.take_if_clear, customer.id, slips, now=event.created_at)
        return Outcome("ignored", "a person has the chat")

    async def _customer(self, event: Event, incoming: Incoming, channel: Connected) -> Known:
        """The customer in the language they are to be answered in."""
        known = event.customer
        typed = incoming.text if incoming.kind == Kind.MESSAGE else None
        if known is None:
            language = self._directory.offered(spoken(typed))
            known = await self._writer.run(events.meet, event, language or self._directory.language)
            learnt = await self._introductions.language(channel.client, event.psid, known.id, language)
            return Known(known.id, learnt or known.language, known.person_until)
        language = self._directory.offered(spoken(typed, known.language))
        if language is not None and language != known.language:
            await self._writer.run(customers.speak, known.id, language)
            known = Known(known.id, language, known.person_until)
        return known

    def _finish(
        self, session: Session, event: Event, outcome: Outcome
    ) -> tuple[bool, Outgoing | None, Event | None]:
        """Whether the end was written, and the jobs that can go on at once: the first reply, the next event."""
        if not self.queue.close(session, event.lease, outcome.state, reason=outcome.reason, error=None):
            return False, None, None  # someone else has the event since; theirs counts
        if outcome.customer is not None and outcome.opens_window:
            events.heard_from(session, outcome.customer.id, event.at, wrote=_wrote(outcome.said))
            telling.tell_again(session, outcome.customer.id, utc_now())
        if outcome.customer is not None and outcome.said is not None:
            conversation.keep(session, outcome.customer.id, event.lease.id, outcome.said, event.at)
        if outcome.customer is not None and outcome.typed is not None:
            known, typed = outcome.customer, outcome.typed
            hearing.hear(
                session, known.id, event.lease.id, typed.text, known.language, typed.understood, event.at
            )
        rows = list(_rows(event, outcome))
        mailbox.queue_messages(session, rows)
        if outcome.notice_id is not None and not rows:
            telling.said_nothing(session, outcome.notice_id, sentences.stored(sentences.NO_WORDS))
        held = event.lease.conversation
        outgoing = self._outbox.lease_head(session, held) if rows else None
        return True, outgoing, self.worker.lease_head(session, held)

    async def _rasa_is_away(self, event: Event, error: RasaAway) -> None:
        """No try is counted. All turns wait, for longer each time, and then one finds out."""
        now = time.monotonic()
        if now >= self._held_until:
            pause = min(_FIRST_HOLD * 2**self._holds, _LONGEST_HOLD)
            self._holds += 1
            self._held_until = now + pause
            self.worker.hold(pause)
            logger.warning("turns wait for Rasa: %s", error)
        self.ended["waiting"] += 1
        await self._writer.run(self.queue.release, event.lease)

    async def _failed(self, event: Event, error: Exception) -> None:
        described = sentences.describe(error)
        attempt = event.lease.attempts
        if attempt > len(self._pauses):
            await self._set_aside(event, described)
            return
        pause = self._pauses[attempt - 1] * random.uniform(0.9, 1.2)  # noqa: S311 (not a secret)
        logger.warning("event %d failed at try %d: %s", event.lease.id, attempt, described, exc_info=error)
        self.ended["retry"] += 1
        await self._writer.insist(INSIST_SECONDS, self.queue.postpone, event.lease, pause, error=described)
        asyncio.get_running_loop().call_later(pause, self.worker.wake)

    async def _set_aside(self, event: Event, described: str) -> None:
        logger.error("event %d is set aside: %s", event.lease.id, described)
        self.ended["dead"] += 1
        await self._writer.insist(INSIST_SECONDS, self._write_set_aside, event, described)
        self.worker.wake()

    def _write_set_aside(self, session: Session, event: Event, described: str) -> None:
        closed = self.queue.close(session, event.lease, "dead", error=described)
        if closed and event.kind == NOTICE_EVENT:
            notices.not_told(session, int(event.raw["notice"]), sentences.stored(sentences.BOT_FAILED))
        elif closed and event.customer is not None and "item" in event.raw:
            # The bot could do nothing with it; a person can still read it.
            said = entries.of(parse_item(event.account_id, event.raw["where"], event.raw["item"]))
            if said is not None:
                conversation.keep(session, event.customer.id, event.lease.id, said, event.at)


def _has_person(customer: Known) -> bool:
    return customer.person_until is not None and customer.person_until > utc_now()


def _wrote(said: Said | None) -> bool:
    return said is not None and said.kind == conversation.Kind.WORDS


def _rows(event: Event, outcome: Outcome) -> Sequence[dict[str, Any]]:
    assert outcome.customer is not None or not outcome.says
    now = utc_now()
    return [
        {
            "cause": event.cause,
            "part": part,
            "channel_id": event.channel_id,
            "customer_id": outcome.customer.id if outcome.customer else None,
            "conversation": event.lease.conversation,
            "notice_id": outcome.notice_id,
            "body": saying.body,
            "page": saying.page,
            "created_at": now,
        }
        for part, saying in enumerate(outcome.says)
    ]
