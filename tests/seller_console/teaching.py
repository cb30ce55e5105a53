"""Messages for the pages of trainers, as the gateway leaves them: typed by Nok, understood more or less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import conversation, hearing
from shop.conversation import Kind, Said
from shop.models import Customer, InboxEvent, OutboxMessage, Utterance
from shop.replies import Text, to_json
from shop.understood import Understood
from tests.factories import NOW

#: What customers typed: text, what the bot took it for, how sure it was, what it saw named in it.
TYPED = (
    ("เอาดำ M 1", "ask_stock", 0.31, [("colour", "ดำ"), ("size", "M")]),
    ("ของยังไม่มาเลยค่ะ", "view_orders", 0.46, []),
    ("tao rai ka", "ask_price", 0.64, []),
    ("do u have it in navy?", "ask_stock", 0.97, [("colour", "navy")]),
)


def say(
    session: Session,
    customer: Customer,
    text: str,
    intent: str,
    confidence: float = 0.4,
    named: Sequence[tuple[str, str]] = (),
) -> Utterance:
    """The customer types it, the bot answers; `named` are pairs of an entity and the words that are it."""
    count = session.query(InboxEvent).count()
    at = NOW + timedelta(minutes=count)
    event = InboxEvent(
        account_id="100", key=f"typed {count}", kind="message", state="done", raw={}, at=at, created_at=at
    )
    session.add(event)
    session.flush()
    second = min(0.8 * confidence, 0.6 * (1 - confidence))
    guesses = [(intent, confidence), ("buy_now", second), ("get_started", second / 2)]
    entities = [
        {"entity": one, "start": text.index(word), "end": text.index(word) + len(word)} for one, word in named
    ]
    understood = Understood(
        intent,
        confidence,
        tuple(entities),
        tuple({"intent": one, "confidence": sure} for one, sure in guesses),
    )
    hearing.hear(session, customer.id, event.id, text, "th", understood, at)
    conversation.keep(session, customer.id, event.id, Said(Kind.WORDS, text), at)
    answer = OutboxMessage(
        cause=f"typed {count}",
        part=0,
        channel_id=customer.channel_id,
        customer_id=customer.id,
        conversation=f"{customer.channel_id}:{customer.external_id}",
        body=to_json(Text("สนใจตัวไหนคะ")),
        state="sent",
        created_at=at + timedelta(seconds=1),
    )
    session.add(answer)
    session.flush()
    return session.scalars(select(Utterance).order_by(Utterance.id.desc())).first()


def some(session: Session, customer: Customer) -> Sequence[int]:
    """The ids of all of TYPED, least certain first."""
    return [say(session, customer, text, intent, sure, named=named).id for text, intent, sure, named in TYPED]
