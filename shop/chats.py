"""The chats of the shop as a list: who waits for a person, whose chat a person has, who wrote last.

What is said in one of them is in `conversation`; who has it is decided in `handoff`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, select, tuple_, union
from sqlalchemy.orm import Session

from shop import conversation, in_hands, places
from shop.errors import NotFound
from shop.handoff import EPOCH
from shop.models import ChatEntry, Customer, OutboxMessage, Slip
from shop.models.base import UtcDateTime
from shop.slips import intake
from shop.sql import holds

_PER_PAGE = 40
#: So many chats are looked at for a name.
_LOOKED_AT = 10_000
_LONGEST_WORDS = 100
_Ts = TypeVarTuple("_Ts")


@dataclass(frozen=True)
class Listed:
    """A part of the list: those `in_hands` (shop.in_hands) first, then the `others`, who wrote last first.

    `last`: what each did last, by customer's id. `further` and `older`: the `beyond` and the `before` of the next part
    of either, "" at the end.
    """

    in_hands: Sequence[Customer]
    others: Sequence[Customer]
    last: Mapping[int, ChatEntry]
    further: str = ""
    older: str = ""


class Held(NamedTuple):
    """A chat that a person has or is wanted in, as it stands at the moment."""

    wants_since: datetime | None
    until: datetime | None
    unread: int
    name: str | None


def listed(
    session: Session, now: datetime, *, beyond: str = "", before: str = "", limit: int = _PER_PAGE
) -> Listed:
    """The list's first part; with `beyond` only the next of those in hands, with `before` only of the others."""
    end = places.read(before)
    held = in_hands.Part([], "") if end else in_hands.part(session, now, after=beyond, limit=limit)
    others, older = ([], "") if beyond else _others(session, now, end, limit)
    ids = [customer.id for customer in (*held.customers, *others)]
    return Listed(held.customers, others, conversation.last_words(session, ids), held.after, older)


def _others(
    session: Session, now: datetime, end: tuple[datetime, int] | None, limit: int
) -> tuple[Sequence[Customer], str]:
    """Those whom the bot answers, and the place of the next part."""
    query = _who_wrote_last(select(Customer), end).where(_with_the_bot(now))
    found = session.scalars(query.limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], _name(last.last_inbound_at, last.id) if last else ""


def named(session: Session, words: str, *, before: str = "", limit: int = _PER_PAGE) -> Listed:
    """The chats with customers whose name holds these words, who wrote last first, from where `before` leads to.

    So many chats are looked at and no more: then there is an `older` part after fewer than `limit`.
    """
    walk = _who_wrote_last(select(Customer.id, Customer.last_inbound_at), places.read(before))
    theirs = holds(Customer.name, words.strip()[:_LONGEST_WORDS])
    fits = and_(theirs, Customer.erased_at.is_(None)).label("fits")
    near = walk.add_columns(fits).limit(_LOOKED_AT).subquery()
    newest = select(near.c.id, near.c.last_inbound_at).where(near.c.fits)
    found = session.execute(
        newest.order_by(near.c.last_inbound_at.desc(), near.c.id.desc()).limit(limit + 1)
    ).all()
    end = (
        found[limit - 1]
        if len(found) > limit
        else session.execute(walk.offset(_LOOKED_AT - 1).limit(1)).first()
    )
    ids = [row.id for row in found[:limit]]
    customers = {one.id: one for one in session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    older = _name(end.last_inbound_at, end.id) if end else ""
    shown = [customers[id_] for id_ in ids]
    return Listed([], shown, conversation.last_words(session, ids), older=older)


def get(session: Session, customer_id: int) -> Customer:
    """The customer of a chat. Raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"customer {customer_id}")
    return customer


def count_waiting(session: Session) -> int:
    """How many chats wait for a person's eyes or answer, and how many slips for an order."""
    wait = select(Customer.id).where(Customer.wants_person_since > EPOCH)
    unread = select(Customer.id).where(Customer.unread > literal_column("0"))  # as ix_customer_unread has it
    people = session.scalar(select(func.count()).select_from(union(wait, unread).subquery())) or 0
    return people + count_loose_slips(session)


def count_loose_slips(session: Session) -> int:
    """How many slips nobody could say an order for."""
    return session.scalar(select(func.count(Slip.id)).where(intake.waiting_for_an_order())) or 0


def in_hands_now(session: Session, limit: int = 200) -> dict[int, Held]:
    """The chats that a person has or is wanted in, by customer's id: of either, those that it came to last."""
    facts = select(
        Customer.id, Customer.wants_person_since, Customer.person_until, Customer.unread, Customer.name
    )
    held: dict[int, Held] = {}
    for column in (Customer.wants_person_since, Customer.person_until):
        newest = facts.where(column > EPOCH).order_by(column.desc(), Customer.id.desc()).limit(limit)
        held |= {row.id: Held(*row[1:]) for row in session.execute(newest)}
    return held


def began_to_wait(before: Mapping[int, Held], now: Mapping[int, Held]) -> dict[int, str]:
    """Who began to wait for a person, or wrote more to one, between two looks of `in_hands_now`: names by id."""
    latest = max((one.wants_since for one in before.values() if one.wants_since), default=EPOCH)

    def is_new(id_: int, one: Held) -> bool:
        was = before.get(id_)
        if was is None:  # whose turn to be looked at it became because another went has waited for longer
            return one.wants_since is not None and one.wants_since > latest
        return one.unread > was.unread or (one.wants_since is not None and was.wants_since is None)

    return {id_: one.name or "" for id_, one in now.items() if is_new(id_, one)}


def said_lately(session: Session, limit: int = 200) -> dict[str, int]:
    """Mark → customer of what was said last; marks that were not there before are what is new."""
    did = select(ChatEntry.id, ChatEntry.edited, ChatEntry.customer_id).order_by(ChatEntry.id.desc())
    marks = {
        f"did {entry_id} {edited}": customer_id
        for entry_id, edited, customer_id in session.execute(did.limit(limit))
    }
    said = select(OutboxMessage.id, OutboxMessage.state, OutboxMessage.customer_id)
    for message_id, state, customer_id in session.execute(
        said.order_by(OutboxMessage.id.desc()).limit(limit)
    ):
        marks[f"said {message_id} {state}"] = customer_id
    return marks


def _who_wrote_last(query: Select[*_Ts], end: tuple[datetime, int] | None) -> Select[*_Ts]:
    """What is asked of customers who ever wrote, in the list's order, beyond this place."""
    query = query.where(Customer.last_inbound_at.is_not(None))
    if end:
        here = tuple_(literal(end[0], UtcDateTime()), literal(end[1]))
        query = query.where(tuple_(Customer.last_inbound_at, Customer.id) < here)
    return query.order_by(Customer.last_inbound_at.desc(), Customer.id.desc())


def _with_the_bot(now: datetime) -> ColumnElement[bool]:
    # no condition for the indexes of the columns: nearly everybody fits, and the list is read in its own order
    wants, until = (
        func.coalesce(column, EPOCH) for column in (Customer.wants_person_since, Customer.person_until)
    )
    return and_(wants == EPOCH, until <= now, Customer.unread == 0)


def _name(at: datetime | None, customer_id: int) -> str:
    assert at is not None  # or they would not be listed
    return places.named(at, customer_id)
