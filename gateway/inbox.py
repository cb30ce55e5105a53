"""A webhook's events become rows of the inbox, kept before the answer. Working them off is turn.py.

What nobody has to act on is kept as well, closed at once: `done`, or `ignored` with the reason.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from channels.base import Incoming, Kind
from channels.messenger import utility, webhook
from channels.messenger.text import shorten
from gateway import entries, outbox_echo
from gateway.directory import Connected, Directory
from gateway.groupcommit import GroupCommit
from gateway.turn import TurnWorker
from shop import accounts, conversation, customers, handoff, mailbox, message_templates
from shop.conversation import Said
from shop.db import utc_now

#: The platform repeats what is not answered within 5 s, and nothing is lost by that.
KEEP_SECONDS = 4.0
_NOTE_EVERY = timedelta(minutes=1)

UNKNOWN_ACCOUNT = "this account is not connected"
INACTIVE_ACCOUNT = "this account is switched off"

#: What a new event does at once: (session, its row's id, channel id, the customer's id there, when).
_Effect = Callable[[Session, int, int, str, datetime], None]


class Inbox:
    """Keeps events. `kept` counts new rows by state and kind."""

    def __init__(self, directory: Directory, writer: GroupCommit, turns: TurnWorker) -> None:
        self.kept: Counter[tuple[str, str]] = Counter()
        self._directory = directory
        self._writer = writer
        self._turns = turns
        self._noted: dict[int, datetime] = {}
        self._keeping: set[asyncio.Task[None]] = set()

    async def receive(self, raw: bytes) -> None:
        """Keep every event of a signed body. Raises ValueError when it is no JSON, TimeoutError and database errors
        when it could not be kept: then it has to come again."""
        events = webhook.parse(webhook.decode(raw))
        now = utc_now()
        rows = [self._row(event, now) for event in events]
        echoes = [echo for event in events if (echo := self._own_echo(event)) is not None]
        effects = {
            row["key"]: effect
            for event, row in zip(events, rows, strict=True)
            if (effect := self._effect(event)) is not None
        }
        states = [
            (row["channel_id"], told)
            for event, row in zip(events, rows, strict=True)
            if (told := _told(event))
        ]
        seen = {row["channel_id"] for row in rows if self._is_news_of(row["channel_id"], now)}

        async def keep() -> None:
            new, jobs = await self._writer.run(self._keep, rows, echoes, effects, states, seen, now)
            self._noted |= dict.fromkeys(seen, now)
            self._turns.take(jobs)
            if new and not jobs and any(row["state"] == "open" for row in rows):
                self._turns.wake()

        # What is kept too late for the answer is leased all the same: it is worked off now, not when the lease is over.
        keeping = asyncio.create_task(keep())
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)
        async with asyncio.timeout(KEEP_SECONDS):
            await asyncio.shield(keeping)

    def _keep(
        self,
        session: Session,
        rows: Sequence[dict[str, Any]],
        echoes: Sequence[outbox_echo.Echo],
        effects: Mapping[str, _Effect],
        states: Sequence[tuple[int | None, utility.Status]],
        seen: Collection[int],
        now: datetime,
    ) -> tuple[int, list[Any]]:
        new = mailbox.keep_events(session, [row for row in rows if row["key"] not in effects])
        for row in rows:
            # Told a second time, it must not take the chat from who has it by now.
            if row["key"] in effects and (kept := mailbox.keep_events(session, [row])):
                psid = row["conversation"].partition(":")[2]
                effects[row["key"]](session, kept[0], row["channel_id"], psid, row["at"])
        for echo in echoes:
            outbox_echo.confirm(session, echo)
        for channel_id, told in states:
            if channel_id is not None:
                _note_template(session, channel_id, told)
        for channel_id in sorted(seen):
            accounts.heard_from(session, channel_id, now)
        if not new:
            return 0, []
        waiting = dict.fromkeys(row["conversation"] for row in rows if row["state"] == "open")
        return len(new), [self._turns.lease_head(session, conversation) for conversation in waiting]

    def _is_news_of(self, channel_id: int | None, now: datetime) -> bool:
        """Whether that something came from the channel is to be written down: once a minute, not with every event."""
        if channel_id is None:
            return False
        return channel_id not in self._noted or now - self._noted[channel_id] > _NOTE_EVERY

    def _row(self, event: Incoming, now: datetime) -> dict[str, Any]:
        channel = self._directory.by_account(event.account_id)
        state, reason = _state(event, channel)
        self.kept[state, event.kind] += 1
        known = channel is not None and event.customer_id is not None
        return {
            "account_id": event.account_id,
            "key": event.key,
            "channel_id": channel.id if channel else None,
            "conversation": f"{channel.id}:{event.customer_id}" if channel and known else None,
            "kind": str(event.kind),
            "state": state,
            "reason": reason,
            "raw": {"where": event.where, "item": event.item},
            # A clock that runs ahead must not keep Messenger's window open for longer.
            "at": min(event.at or now, now),
            "created_at": now,
            "done_at": None if state == "open" else now,
        }

    def _effect(self, event: Incoming) -> _Effect | None:
        """What the event does at once: a person who wrote from elsewhere, or the bot again, has the chat from now on;
        the customer's words are other ones. None: nothing.

        Messenger Platform: an echo names the app that sent the message; that of a person in the Page's own inbox may
        name none. `pass_thread_control` names the app that is given the conversation.
        """
        channel = self._directory.by_account(event.account_id)
        if channel is None or not channel.active or event.customer_id is None:
            return None
        is_our_app = event.app_id is not None and event.app_id == channel.app_id
        if event.kind == Kind.ECHO and not is_our_app and not outbox_echo.is_ours(event.metadata):
            return partial(_person_wrote, entries.of(event))
        if event.kind == Kind.HANDOVER and event.action == "pass" and is_our_app:
            return _given_to_bot
        if event.kind == Kind.EDIT and event.mid is not None:
            return partial(_edited, event.mid, shorten(event.text or "", entries.MOST_CHARACTERS))
        return None

    def _own_echo(self, event: Incoming) -> outbox_echo.Echo | None:
        channel = self._directory.by_account(event.account_id)
        if event.kind != Kind.ECHO or channel is None or event.mid is None:
            return None
        return outbox_echo.read(event.metadata, f"{channel.id}:{event.customer_id}", event.mid)


def _person_wrote(
    said: Said | None, session: Session, event_id: int, channel_id: int, psid: str, at: datetime
) -> None:
    handoff.person_wrote(session, channel_id, psid, at)
    customer = customers.met(session, channel_id, psid)
    if customer is not None and said is not None:
        conversation.keep(session, customer.id, event_id, said, at)


def _given_to_bot(session: Session, _event_id: int, channel_id: int, psid: str, at: datetime) -> None:
    handoff.given_to_bot(session, channel_id, psid, at)


def _edited(
    mid: str, text: str, session: Session, _event_id: int, channel_id: int, psid: str, _at: datetime
) -> None:
    customer = customers.met(session, channel_id, psid)
    if customer is not None:
        conversation.edit(session, customer.id, mid, text)


def _told(event: Incoming) -> utility.Status | None:
    return utility.told(event) if event.kind == Kind.TEMPLATE_STATUS else None


def _note_template(session: Session, channel_id: int, told: utility.Status) -> None:
    """Also of an event that came before: nothing in it tells a template approved again from a repeated delivery."""
    message_templates.note(
        session, channel_id, told.name, told.language, status=told.status, reason=told.reason, now=utc_now()
    )


def _state(event: Incoming, channel: Connected | None) -> tuple[str, str | None]:
    if event.kind == Kind.IGNORED:
        return "ignored", event.reason
    if channel is None:
        return "ignored", UNKNOWN_ACCOUNT
    if not channel.active:
        return "ignored", INACTIVE_ACCOUNT
    to_do = event.customer_id is not None and (event.opens_window or event.wants_answer)
    return ("open" if to_do else "done"), event.reason
