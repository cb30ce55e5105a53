"""Hearing what customers type, and forgetting it. What is kept of a text says `shop.understood`.

What was heard goes with the conversation, and with the last time that an utterance was heard in the utterance itself,
unless a trainer has decided on it: then it stays, masked, and leads to nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, delete, exists, select, union, update
from sqlalchemy.orm import Session

from shop import masking
from shop import understood as texts
from shop.models import Customer, Heard, Order, Utterance
from shop.models.base import UtcDateTime
from shop.sql import insert_into
from shop.understood import Understood
from shop.verdicts import Verdict

logger = logging.getLogger(__name__)

_LATEST_ORDERS = 20
_AT_ONCE = 500


def hear(
    session: Session,
    customer_id: int,
    event_id: int,
    text: str,
    language: str,
    understood: Understood,
    at: datetime,
) -> None:
    """Keep what a customer typed in an event, once, with what the model made of it; nothing in a text makes it raise.

    Of an utterance that a trainer has decided on only the counter goes up.
    """
    names = names_of(session, customer_id)
    try:
        row = texts.kept(text, language, understood, names)
    except Exception as error:  # a text that teaches nothing may not cost the customer their answer
        logger.error("something a customer typed was not kept for trainers: %s", type(error).__name__)
        return
    if row is None:
        return
    utterance_id = _counted(session, row, event_id, at)
    if utterance_id is not None:
        heard = {"utterance_id": utterance_id, "customer_id": customer_id, "event_id": event_id, "at": at}
        connection = session.connection()
        connection.execute(_insert(Heard, "event_id", connection.dialect.name), heard)


def names_of(session: Session, customer_id: int) -> Sequence[str]:
    """What may stand in the customer's words for a person: their own name, and those of whom parcels went to."""
    found = session.connection().scalars(_NAMES, {"customer": customer_id})
    return [name for name in found if name]


def mask_again(session: Session, customer_id: int) -> None:
    """A name has become known: take it out of what was heard of the customer before."""
    session.flush()
    names = names_of(session, customer_id)
    theirs = select(Heard.utterance_id).where(Heard.customer_id == customer_id).order_by(Heard.id.desc())
    ids = session.scalars(theirs.limit(_AT_ONCE)).all()
    found = select(Utterance.id, Utterance.text, Utterance.taught_text).where(Utterance.id.in_(ids))
    for row in session.execute(found.order_by(Utterance.id)).all():
        text, taught_text = (masking.masked(one, names) for one in (row.text, row.taught_text))
        if (text, taught_text) != (row.text, row.taught_text):
            changed = update(Utterance).where(Utterance.id == row.id)
            session.execute(changed.values(text=text, taught_text=taught_text))


def forget_older(session: Session, before: datetime, limit: int) -> int:
    """Forget who typed what before a time; up to `limit`, oldest first, and how many."""
    first = select(Heard.id, Heard.at).order_by(Heard.id).limit(limit).subquery()
    gone = _forget(session, session.scalars(select(first.c.id).where(first.c.at < before)).all())
    reopened = (Utterance.verdict == Verdict.OPEN) & (Utterance.decided_at < before) & _UNHEARD
    _drop_unheard(session, session.scalars(select(Utterance.id).where(reopened).limit(limit)).all())
    return gone


def forget_customer(session: Session, customer_id: int) -> None:
    """Forget all that the customer typed."""
    _forget(session, session.scalars(select(Heard.id).where(Heard.customer_id == customer_id)).all())


def _forget(session: Session, ids: Sequence[int]) -> int:
    for start in range(0, len(ids), _AT_ONCE):
        some = Heard.id.in_(ids[start : start + _AT_ONCE])
        gone = session.scalars(delete(Heard).where(some).returning(Heard.utterance_id)).all()
        _drop_unheard(session, sorted({*gone}))
    return len(ids)


def _drop_unheard(session: Session, ids: Sequence[int]) -> None:
    """Of these, to which no conversation leads any more, drop the undecided ones; of a lesson only the lesson stays.

    Its trainer may have taken out a name that nothing else had noticed.
    """
    of_these = (Utterance.id.in_(ids)) & Utterance.verdict.in_((Verdict.OPEN, Verdict.TAUGHT))
    # Held first, so that what is being heard at this moment is seen by the second look.
    held = session.scalars(
        select(Utterance.id).where(of_these).order_by(Utterance.id).with_for_update(skip_locked=True)
    ).all()
    gone = Utterance.id.in_(held) & _UNHEARD
    session.execute(delete(Utterance).where(gone, Utterance.verdict == Verdict.OPEN))
    lesson = {"text": Utterance.taught_text, "entities": Utterance.taught_entities}
    session.execute(update(Utterance).where(gone, Utterance.verdict == Verdict.TAUGHT).values(lesson))


def _counted(session: Session, row: Mapping[str, Any], event_id: int, at: datetime) -> int | None:
    """The id of the utterance, new or heard once more."""
    connection = session.connection()
    again = {f"new_{name}": value for name, value in row.items()} | {"event": event_id, "at": at}
    found: int | None = connection.scalar(_AGAIN, again)
    if found is None:
        # New; or the event was heard before; or another gateway counts the same words at this moment. Waiting for each
        # other in different orders would stop both, and a counter that is one behind hurts nobody.
        found = connection.scalar(_ID, {"key": row["key"]})
    if found is None:
        new = {**row, "times": 1, "last_heard_at": at, **_UNDECIDED}
        found = connection.scalar(_insert(Utterance, "key", connection.dialect.name), new)
    if found is None:  # another gateway was first with new words, and has been waited for
        found = connection.scalar(_ID, {"key": row["key"]})
    return found


#: What a new row says besides.
_UNDECIDED: Mapping[str, Any] = {
    "verdict": Verdict.OPEN,
    "taught_text": "",
    "taught_intent": "",
    "taught_entities": [],
}
_COLUMNS = ("text", "language", "intent", "confidence", "certainty", "entities", "guesses")
_UTTERANCE = cast(Table, Utterance.__table__)
_ORDERS = (
    select(Order.recipient)
    .where(Order.customer_id == bindparam("customer"), Order.recipient.is_not(None))
    .order_by(Order.id.desc())
    .limit(_LATEST_ORDERS)
    .subquery()
)
_NAMES = union(select(Customer.name).where(Customer.id == bindparam("customer")), select(_ORDERS.c.recipient))
_IS_OPEN = Utterance.verdict == Verdict.OPEN
_UNHEARD = ~exists().where(Heard.utterance_id == Utterance.id)
_AGAIN = (
    update(_UTTERANCE)
    .where(
        _UTTERANCE.c.id
        == select(Utterance.id)
        .where(Utterance.key == bindparam("new_key"))
        .where(~exists().where(Heard.event_id == bindparam("event")))
        .with_for_update(key_share=True, skip_locked=True, of=Utterance)
        .scalar_subquery()
    )
    .values(
        times=Utterance.times + 1,
        last_heard_at=bindparam("at", type_=UtcDateTime()),
        **{
            name: case(
                (_IS_OPEN, bindparam(f"new_{name}", type_=_UTTERANCE.c[name].type)), else_=_UTTERANCE.c[name]
            )
            for name in _COLUMNS
        },
    )
    .returning(_UTTERANCE.c.id)
)
_ID = select(Utterance.id).where(Utterance.key == bindparam("key")).with_for_update(read=True, key_share=True)


@cache
def _insert(model: type[Utterance] | type[Heard], unique: str, dialect: str) -> Any:
    # Made once: putting such a statement together takes longer than running it.
    statement = insert_into(cast(Table, model.__table__), dialect).on_conflict_do_nothing(
        index_elements=[unique]
    )
    return statement.returning(Utterance.id) if model is Utterance else statement
