"""Pictures customers send for a payment: kept, recognised when they come again, and attached to the order they are for.

What a slip's mini-QR says never makes an order paid (see payments). Whether a transfer was used before is decided
by the database: a transfer has one row for ever, and that row says for which order it was first shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from shop import alerts, notices, orders, states
from shop.db import insert_new
from shop.errors import ChooseOrder, NoOpenOrder, NotASlip, NotFound
from shop.models import Order, Slip, Transfer, Transition
from shop.notices import NoticeKind
from shop.slips.codes import Seen, SlipCode, among
from shop.slips.picture import Picture
from shop.slips.verdicts import DISMISSED, REJECTED
from shop.states import OrderState, PaymentState


@dataclass(frozen=True)
class Taken:
    """The order that pictures went to, and what that did to its payment: None when they only repeat what was there.

    `is_reused`: one names a transfer that another order, or another customer, has shown before.
    """

    order: Order
    attached: Transition | None
    is_reused: bool

    @property
    def is_new(self) -> bool:
        """Whether one shows something the order did not have yet."""
        return self.attached is not None


def keep(
    session: Session, customer_id: int, picture: Picture, key: str, *, cause: str, part: int, now: datetime
) -> Slip:
    """Record a stored picture (`key` in the media store) as a slip that belongs to no order yet.

    The same `cause` and `part` (event and place in it) give the same slip again.
    """
    kept = session.scalar(select(Slip).where(Slip.cause == cause, Slip.part == part))
    if kept is not None:
        return kept
    found = among(picture.codes)
    transfers = _transfers(session, found.slips, customer_id, now)
    slip = Slip(
        cause=cause,
        part=part,
        customer_id=customer_id,
        transfer_id=transfers[0] if transfers else None,
        further=transfers[1:],
        picture=key,
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        seen=found.seen,
        turned=picture.turned,
        is_paper=picture.is_paper,
        amounts=None if picture.amounts is None else list(picture.amounts),
        received_at=now,
    )
    session.add(slip)
    session.flush()
    return slip


def _transfers(session: Session, shown: Sequence[SlipCode], customer_id: int, now: datetime) -> list[int]:
    """The ids of the transfers. Their rows are written in the same order by all, so that nobody waits in a ring."""
    in_order = sorted(shown, key=lambda code: (code.bank, code.reference))
    ids = {code: _transfer_id(session, code, customer_id, now) for code in in_order}
    return [ids[code] for code in shown]


def _transfer_id(session: Session, code: SlipCode, customer_id: int, now: datetime) -> int:
    """The id of the transfer's one row; of two who send it at the same time, one is first."""
    named = {"bank": code.bank, "reference": code.reference}
    insert_new(
        session,
        Transfer,
        {**named, "payload": code.payload, "customer_id": customer_id, "seen_at": now},
        unique=("bank", "reference"),
    )
    return session.scalars(select(Transfer.id).filter_by(**named)).one()


def take(session: Session, customer_id: int, slip_ids: Sequence[int], *, now: datetime) -> Taken:
    """Attach pictures to the customer's one order that waits for payment; it is then pending.

    Pictures that are attached already stay where they are, so the same event may come again. Raises NoOpenOrder,
    ChooseOrder when several orders wait (then `take_for` the chosen one), NotASlip when none of them looks like one.
    """
    mine = _mine(session, customer_id, slip_ids)
    attached = next((slip.order_id for slip in mine if slip.order_id is not None), None)
    if attached is not None:
        return _attach(session, attached, mine, now)
    holder = _order_that_has(session, customer_id, mine)
    waiting = _waiting(session, customer_id, holder)
    if not waiting and holder is not None:
        return _attach(session, holder, mine, now)
    if not waiting:
        raise NoOpenOrder
    if not any(map(is_slip, mine)):
        raise NotASlip(mine[0].seen if mine else Seen.NONE)
    if len(waiting) > 1:
        raise ChooseOrder(waiting)
    return _attach(session, waiting[0].id, mine, now)


def take_if_clear(
    session: Session, customer_id: int, slip_ids: Sequence[int], *, now: datetime
) -> Order | None:
    """As `take`, while nobody can be asked: without the one order that waits, the pictures stay loose."""
    try:
        return take(session, customer_id, slip_ids, now=now).order
    except (NoOpenOrder, ChooseOrder, NotASlip):
        return None


def take_loose(session: Session, customer_id: int, number: str, *, now: datetime) -> Taken:
    """Attach every slip of the customer that has no order yet to the order they chose.

    Raises NotFound for an order that is not theirs, NoOpenOrder when that order takes no slips or there are none.
    """
    order = orders.of_customer(session, customer_id, number)
    mine = [slip for slip in loose(session, customer_id) if is_slip(slip)]
    if not takes_slips(order) or not (mine or order.payment_state == PaymentState.PENDING):
        raise NoOpenOrder
    return _attach(session, order.id, mine, now)


def take_for(
    session: Session, customer_id: int, number: str, slip_ids: Sequence[int], *, now: datetime
) -> Taken:
    """Attach just these pictures to the customer's order they were sent for, whatever they look like.

    Raises NotFound, and NoOpenOrder when that order takes no slips.
    """
    order = orders.of_customer(session, customer_id, number)
    return _attach(session, order.id, _mine(session, customer_id, slip_ids), now)


def assign(session: Session, slip_id: int, order_id: int, *, by: str, now: datetime) -> Taken:
    """A seller says which of its customer's orders a loose slip is for; the customer is told that it is looked at.

    Raises NotFound, and NoOpenOrder when that order takes no slips any more, or another one has the slip by now.
    """
    slip, order = session.get(Slip, slip_id), session.get(Order, order_id)
    if slip is None or order is None or slip.customer_id != order.customer_id:
        raise NotFound(f"slip {slip_id} for order {order_id}")
    taken = _attach(session, order.id, [slip], now, by)
    slip.vouched = True
    if taken.attached is not None:
        notices.write(session, taken.order, NoticeKind.PENDING, taken.attached, now)
    return taken


def vouch(session: Session, customer_id: int) -> list[int]:
    """The customer says that the pictures without an order are slips. Returns their ids."""
    mine = loose(session, customer_id)
    for slip in mine:
        slip.vouched = True
    return [slip.id for slip in mine]


def dismiss(session: Session, customer_id: int) -> None:
    """The customer says that the pictures without an order that do not look like slips are none."""
    for slip in loose(session, customer_id):
        if not is_slip(slip):
            slip.verdict = DISMISSED


def dismiss_one(session: Session, slip_id: int) -> None:
    """A seller has seen to a slip without an order. Doing so again changes nothing."""
    slip = session.get(Slip, slip_id)
    if slip is not None and slip.order_id is None:
        slip.verdict = DISMISSED


def loose(session: Session, customer_id: int) -> Sequence[Slip]:
    """The customer's pictures that have no order, oldest first."""
    found = select(Slip).where(Slip.customer_id == customer_id, Slip.order_id.is_(None), Slip.verdict == "")
    return session.scalars(found.order_by(Slip.id)).all()


def is_slip(slip: Slip) -> bool:
    """Whether the picture may be taken for a slip without asking. A code that asks for money is the bill, sent back."""
    if slip.vouched or slip.seen in (Seen.SLIP, Seen.TWO_SLIPS, Seen.DAMAGED):
        return True
    return slip.is_paper and slip.seen != Seen.PAYMENT


def are_slips() -> ColumnElement[bool]:
    """`is_slip` as a condition on the table."""
    sure = Slip.seen.in_((Seen.SLIP, Seen.TWO_SLIPS, Seen.DAMAGED))
    return or_(Slip.vouched, sure, and_(Slip.is_paper, Slip.seen != Seen.PAYMENT))


def waiting_for_an_order() -> ColumnElement[bool]:
    """The slips that a person has to find an order for, as a condition on the table."""
    return and_(Slip.order_id.is_(None), Slip.verdict == "", are_slips())


def takes_slips(order: Order) -> bool:
    """Whether the order waits for a transfer's slip, or for the seller to look at one."""
    payable = order.payment_state in (PaymentState.AWAITING_SLIP, PaymentState.PENDING)
    return order.state == OrderState.PLACED and payable


def _mine(session: Session, customer_id: int, slip_ids: Sequence[int]) -> Sequence[Slip]:
    mine = select(Slip).where(Slip.id.in_(slip_ids), Slip.customer_id == customer_id)
    return session.scalars(mine.order_by(Slip.id)).all()


def _waiting(session: Session, customer_id: int, holder: int | None) -> list[Order]:
    """The orders the pictures could be for: those without a slip, and the one that has just these; else the newest."""
    taking = [order for order in orders.latest(session, customer_id, 50) if takes_slips(order)]
    unpaid = [
        order for order in taking if order.payment_state == PaymentState.AWAITING_SLIP or order.id == holder
    ]
    return unpaid or taking[:1]


def _order_that_has(session: Session, customer_id: int, slips: Sequence[Slip]) -> int | None:
    """The customer's order that shows all of these already, by transfer or as the very same picture."""
    holders = {
        session.scalar(
            select(Slip.order_id)
            .where(Slip.customer_id == customer_id, Slip.order_id.is_not(None), Slip.verdict != REJECTED)
            .where((Slip.sha256 == slip.sha256) | (Slip.transfer_id == slip.transfer_id))
            .order_by(Slip.id)
            .limit(1)
        )
        for slip in slips
    }
    return holders.pop() if len(holders) == 1 else None


def _attach(
    session: Session, order_id: int, slips: Sequence[Slip], now: datetime, by: str = "customer"
) -> Taken:
    order = states.lock(session, order_id)
    if slips:
        slips = _not_elsewhere(session, order, slips)
    fresh = _mark_repeats(session, order, [slip for slip in slips if slip.order_id is None])
    if fresh and not takes_slips(order):
        raise NoOpenOrder  # it expired, or was cancelled or paid, since the customer's orders were read
    for slip in slips:
        slip.order_id = order.id
    transfers = sorted({transfer for slip in slips for transfer in slip.transfer_ids})
    reused = [transfer for transfer in transfers if not _claim(session, transfer, order)]
    attached = states.move_payment(session, order, "attach_slip", by=by, now=now) if fresh else None
    if attached is not None:
        alerts.note(session, alerts.Kind.SLIP, order.number, by=by, now=now)
    session.flush()
    return Taken(order, attached, is_reused=bool(reused))


def _not_elsewhere(session: Session, order: Order, slips: Sequence[Slip]) -> Sequence[Slip]:
    """Those that no other order has, held until the transaction ends. Raises NoOpenOrder when there are none.

    Somebody else may have assigned them since they were read. Called with the order locked, as everybody does who
    writes its slips, and in the order of ids: nobody waits in a ring.
    """
    now = session.scalars(
        select(Slip)
        .where(Slip.id.in_([slip.id for slip in slips]))
        .order_by(Slip.id)
        .with_for_update(of=Slip)
        .execution_options(populate_existing=True)
    )
    mine = [slip for slip in now if slip.order_id in (None, order.id)]
    if not mine:
        raise NoOpenOrder
    return mine


def _mark_repeats(session: Session, order: Order, new: Sequence[Slip]) -> list[Slip]:
    """Those of the new slips that show what the locked order does not have yet; the others say what they repeat."""
    known = list(
        session.scalars(
            select(Slip).where(Slip.order_id == order.id, Slip.verdict != REJECTED, Slip.repeats_id.is_(None))
        )
    )
    fresh = []
    for slip in new:
        same = next((other for other in known if _same(slip, other)), None)
        if same is None:
            fresh.append(slip)
            known.append(slip)
        else:
            slip.repeats_id = same.id
    return fresh


def _same(one: Slip, other: Slip) -> bool:
    """Whether `one` shows nothing that `other` does not show."""
    shown = set(one.transfer_ids)
    return one.sha256 == other.sha256 or bool(shown and shown.issubset(other.transfer_ids))


def _claim(session: Session, transfer_id: int, order: Order) -> bool:
    """Whether the transfer is this order's, now or since before. Called in the order of ids: nobody waits in a ring."""
    transfer = session.get_one(Transfer, transfer_id, with_for_update=True, populate_existing=True)
    if transfer.customer_id != order.customer_id:
        return False
    if transfer.order_id not in (None, order.id) and not _is_free(session, transfer.order_id):
        return False
    transfer.order_id = order.id
    return True


def _is_free(session: Session, order_id: int | None) -> bool:
    """Whether an order that had a transfer has ended without money: its customer may use the slip for another one."""
    order = session.get_one(Order, order_id)
    ended = order.state in (OrderState.CANCELLED, OrderState.EXPIRED)
    return ended and order.received == 0
