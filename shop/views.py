"""Read-only questions of the console: lists of orders, one order with all that belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import connections, ledger, orders, seller_words
from shop.errors import NotFound
from shop.ledger import Balance
from shop.models import (
    Channel,
    Customer,
    DeletionRequest,
    InboxEvent,
    Notice,
    Order,
    OrderNote,
    OutboxMessage,
    Payment,
    Slip,
    SlipCheck,
    Transfer,
    Transition,
)
from shop.slips import checks, findings, intake
from shop.slips.checks import Checked
from shop.slips.findings import Finding


@dataclass(frozen=True)
class OrderDetail:
    """An order with its slips, ledger, history and notices, oldest first.

    `slips` are those that do not repeat another one; `repeats` counts by slip how often it came again. `findings`,
    and what a verification service said (`checks`), are by slip.
    """

    order: Order
    slips: Sequence[Slip]
    payments: Sequence[Payment]
    transitions: Sequence[Transition]
    notices: Sequence[Notice]
    balance: Balance
    findings: Mapping[int, Sequence[Finding]]
    checks: Mapping[int, Checked]
    repeats: Mapping[int, int]


@dataclass(frozen=True)
class LooseSlip:
    """A slip without an order, its customer, and the orders of theirs that take slips."""

    slip: Slip
    customer: Customer
    orders: Sequence[Order]


def orders_page(
    session: Session, *, channel_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> tuple[Sequence[Order], int | None]:
    """Orders newest first, of one channel or all; and the `before_id` of the next page, None at the end."""
    query = select(Order).order_by(Order.id.desc()).limit(limit + 1)
    if channel_id is not None:
        query = query.where(Order.channel_id == channel_id)
    if before_id is not None:
        query = query.where(Order.id < before_id)
    found = session.scalars(query).all()
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def order_detail(session: Session, number: str) -> OrderDetail:
    """The order with this number and all that belongs to it. Raises NotFound."""
    order = session.scalar(select(Order).where(Order.number == number))
    if order is None:
        raise NotFound(f"order {number}")
    every = session.scalars(select(Slip).where(Slip.order_id == order.id).order_by(Slip.id)).all()
    slips = [slip for slip in every if slip.repeats_id is None]
    return OrderDetail(
        order=order,
        slips=slips,
        payments=ledger.entries(session, order.id),
        balance=ledger.balance(session, order),
        findings=findings.of(session, order, slips),
        checks=checks.of(session, order, slips),
        repeats=Counter(slip.repeats_id for slip in every if slip.repeats_id is not None),
        transitions=session.scalars(
            select(Transition).where(Transition.order_id == order.id).order_by(Transition.id)
        ).all(),
        notices=session.scalars(select(Notice).where(Notice.order_id == order.id).order_by(Notice.id)).all(),
    )


def slip(session: Session, slip_id: int) -> Slip:
    """One slip. Raises NotFound."""
    found = session.get(Slip, slip_id)
    if found is None:
        raise NotFound(f"slip {slip_id}")
    return found


def loose_slips(session: Session, limit: int = 100) -> Sequence[LooseSlip]:
    """Slips that nobody could say an order for, oldest first, with the customer's orders they may be for."""
    waiting = select(Slip).where(intake.waiting_for_an_order()).order_by(Slip.received_at)
    slips = session.scalars(waiting.limit(limit)).all()
    customers = customers_by_id(session, {slip.customer_id for slip in slips})
    return [
        LooseSlip(
            slip,
            customers[slip.customer_id],
            [order for order in orders.latest(session, slip.customer_id) if intake.takes_slips(order)],
        )
        for slip in slips
    ]


def recently(session: Session, limit: int = 200) -> dict[str, str]:
    """What happened last, as mark → number of the order: marks that were not there before are what is new.

    Comparing marks, rather than ids with the newest seen, also finds what was committed late: on PostgreSQL
    a lower id may become visible after a higher one.
    """
    marks: dict[str, str] = {}
    transitions = select(Transition.id, Transition.move, Order.number)
    transitions = transitions.join(Order, Order.id == Transition.order_id)
    for transition_id, move, number in session.execute(
        transitions.order_by(Transition.id.desc()).limit(limit)
    ):
        marks[f"{move} {transition_id}"] = number
    notices = select(Notice.id, Notice.state, Order.number).join(Order, Order.id == Notice.order_id)
    for notice_id, state, number in session.execute(notices.order_by(Notice.id.desc()).limit(limit)):
        marks[f"notice {notice_id} {state}"] = number
    written = select(OutboxMessage.id, OutboxMessage.state, OutboxMessage.cause)
    by_sellers = written.where(OutboxMessage.written_by.is_not(None)).order_by(OutboxMessage.id.desc())
    for message_id, state, cause in session.execute(by_sellers.limit(limit)):
        if (about := seller_words.order_number(cause)) is not None:
            marks[f"written {message_id} {state}"] = about
    said = select(SlipCheck.id, SlipCheck.state, SlipCheck.attempts, Order.number)
    said = said.join(Transfer, Transfer.id == SlipCheck.transfer_id).join(
        Order, Order.id == Transfer.order_id
    )
    for check_id, state, attempts, number in session.execute(
        said.where(SlipCheck.state != "").order_by(SlipCheck.id.desc()).limit(limit)
    ):
        marks[f"check {check_id} {state} {attempts}"] = number
    noted = select(OrderNote.id, Order.number).join(Order, Order.id == OrderNote.order_id)
    for note_id, number in session.execute(noted.order_by(OrderNote.id.desc()).limit(limit)):
        marks[f"note {note_id}"] = number
    details = select(Order.number, Order.recipient, Order.phone, Order.address)
    for number, *delivery in session.execute(details.order_by(Order.id.desc()).limit(limit)):
        marks[f"delivery {number} {hash(tuple(delivery))}"] = number
    return marks


def set_aside(session: Session, limit: int = 100) -> Sequence[InboxEvent]:
    """Events that failed for good and wait for a person, newest first."""
    dead = select(InboxEvent).where(InboxEvent.state == "dead")
    return session.scalars(dead.order_by(InboxEvent.id.desc()).limit(limit)).all()


def unsent(session: Session, limit: int = 100) -> Sequence[OutboxMessage]:
    """Messages that did not, or may not have, reached the customer, newest first."""
    stuck = select(OutboxMessage).where(OutboxMessage.state.in_(("failed", "uncertain")))
    return session.scalars(stuck.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def troubled_channels(session: Session) -> Sequence[Channel]:
    """Active channels that say what is wrong with them."""
    return session.scalars(select(Channel).where(Channel.active, Channel.problem.is_not(None))).all()


def count_problems(session: Session) -> int:
    """How many channels, events, messages and wishes to be forgotten wait for a person; the messages that wait for
    a disconnected Page count as one."""
    channels = select(func.count()).where(Channel.active, Channel.problem.is_not(None))
    events = select(func.count()).where(InboxEvent.state == "dead")
    messages = select(func.count()).where(OutboxMessage.state.in_(("failed", "uncertain")))
    wishes = select(func.count()).where(DeletionRequest.state.in_(("waiting", "unknown")))
    counted = sum(session.scalar(query) or 0 for query in (channels, events, messages, wishes))
    return counted + connections.count_waiting(session)


def customers_of(session: Session, events: Sequence[InboxEvent]) -> dict[str, Customer]:
    """The customers behind events that were set aside, by conversation."""
    wanted = {event.conversation for event in events if event.conversation}
    psids = {conversation.partition(":")[2] for conversation in wanted}
    found = session.scalars(select(Customer).where(Customer.external_id.in_(psids)))
    return {customer.conversation: customer for customer in found if customer.conversation in wanted}


def customers_by_id(session: Session, ids: Collection[int]) -> dict[int, Customer]:
    """The customers with these ids."""
    return {
        customer.id: customer for customer in session.scalars(select(Customer).where(Customer.id.in_(ids)))
    }


def orders_told_of(session: Session, messages: Sequence[OutboxMessage]) -> dict[int, str]:
    """Numbers of the orders that messages are notices about, by notice id."""
    ids = [message.notice_id for message in messages if message.notice_id is not None]
    found = session.execute(
        select(Notice.id, Order.number).join(Order, Order.id == Notice.order_id).where(Notice.id.in_(ids))
    )
    return dict(found.all())
