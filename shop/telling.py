"""Telling a notice, or telling it later: its values, whether it is still so, and what waits for the customer.

What causes a notice is in `notices`; how one may be sent is in `reach`; the sending is the gateway's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from shop import customers, expiry, mailbox, money, notices
from shop.models import Channel, Notice, Order, OutboxMessage
from shop.notices import NoticeKind, NoticeState
from shop.states import OrderState, PaymentState
from shop.words import parcel, rejection_word, written_time

#: Of several of one of these about an order only the newest says what is so.
_ONLY_THE_NEWEST = frozenset(
    {NoticeKind.SHIPPED, NoticeKind.PENDING, NoticeKind.PAYMENT_REMINDER, NoticeKind.BILL_CHANGED}
)
_ENDED = (OrderState.CANCELLED, OrderState.EXPIRED)


def facts(session: Session, notice_id: int) -> dict[str, str]:
    """The notice's values as the customer reads them, in their language; those it does not have are "".

    `order, total, before, parcel, amount, outstanding, reason`: the bot's words and Meta's template are both filled
    from these. Raises NotFound.
    """
    notice, order = notices.get(session, notice_id)
    language = order.customer.language

    def written(amount: int) -> str:
        return money.written(amount, order.currency, language)

    amount, reason = notice.detail.get("amount"), notice.detail.get("reason")
    return {
        "order": order.number,
        "total": written(order.total),
        "before": written_time(order.pay_before, language),
        "parcel": parcel(order.shipment, language) if order.shipment else "",
        "amount": written(amount) if amount is not None else "",
        "outstanding": written(max(order.total - order.received, 0)),
        # The seller's own words come before those of the reason they chose.
        "reason": str(notice.detail.get("words") or rejection_word(reason, language)) if reason else "",
    }


def is_over(session: Session, notice: Notice, order: Order) -> bool:
    """Whether what the notice says is no longer so, and better not said: to remind of what is paid, for one."""
    if notice.state == NoticeState.OVER:
        return True
    match NoticeKind(notice.kind):
        case NoticeKind.PAYMENT_REMINDER:
            return not expiry.is_unpaid(order)  # else a slip is there, or the order is no more
        case NoticeKind.PAID:
            return order.payment_state != PaymentState.PAID
        case NoticeKind.PLACED | NoticeKind.PENDING | NoticeKind.PART_PAID | NoticeKind.REJECTED:
            return order.payment_state == PaymentState.PAID or order.state in _ENDED
        case NoticeKind.BILL_CHANGED | NoticeKind.ACCEPTED:
            return order.state in _ENDED
        case NoticeKind.SHIPPED:
            return order.state not in (OrderState.SHIPPED, OrderState.DELIVERED)
        case NoticeKind.DELIVERED:
            return order.state != OrderState.DELIVERED
        case NoticeKind.NOT_SHIPPED:
            waits = order.state in (OrderState.CONFIRMED, OrderState.PACKED)
            return not waits or not _was_said(session, notice, NoticeKind.SHIPPED)
        case NoticeKind.NOT_DELIVERED:
            on_its_way = order.state == OrderState.SHIPPED
            return not on_its_way or not _was_said(session, notice, NoticeKind.DELIVERED)
    return False


def _was_said(session: Session, correction: Notice, wrong: NoticeKind) -> bool:
    """Whether the customer read, or may yet read, what the notice corrects, and has read no correction since."""
    sent = select(OutboxMessage.id).where(OutboxMessage.notice_id == Notice.id)
    under_way = sent.where(OutboxMessage.state.not_in(("failed", "dropped"))).exists()
    said = or_(Notice.state.in_((NoticeState.TOLD, NoticeState.UNCERTAIN)), under_way)
    earlier = (Notice.order_id == correction.order_id) & (Notice.id < correction.id)
    either = Notice.kind.in_((wrong, correction.kind))
    last = select(Notice.kind).where(earlier, either, said).order_by(Notice.id.desc()).limit(1)
    return session.scalar(last) == wrong


def said_nothing(session: Session, notice_id: int, reason: str) -> None:
    """The bot had no words for the notice: it was over, or else it is not told for this reason."""
    notice, order = notices.get(session, notice_id)
    if is_over(session, notice, order):
        _end(notice)
    else:
        notices.not_told(session, notice_id, reason)


def page_is_off(session: Session, notice_id: int) -> None:
    """The Page was disconnected before the notice was told; it is told when the Page is used again."""
    notice, order = notices.get(session, notice_id)
    if is_over(session, notice, order):
        _end(notice)
    else:
        park(session, notice_id, notices.DISCONNECTED, waits_for=order.channel_id)


def park(session: Session, notice_id: int, reason: str, waits_for: int | None = None) -> None:
    """The notice could not be told now; it is told as soon as the customer does something (`tell_again`), or before,
    when the disconnected channel `waits_for` is used again (`tell_of_channels_in_use`)."""
    notices.not_told(session, notice_id, reason)
    notice = session.get_one(Notice, notice_id)
    notice.parked = notice.state == NoticeState.NOT_TOLD
    notice.waits_for = waits_for


def uncertain(session: Session, notice_id: int, reason: str) -> None:
    """The notice was sent, and nobody knows whether it arrived."""
    notice = session.get_one(Notice, notice_id)
    if notice.state != NoticeState.TOLD:
        notice.state, notice.reason, notice.parked = NoticeState.UNCERTAIN, reason, False


def heard_since(session: Session, customer_id: int, seen: datetime | None) -> bool:
    """Whether the customer did something after `seen`. Nobody else can hear from them before the transaction ends."""
    heard = customers.lock(session, customer_id).last_inbound_at
    return heard is not None and (seen is None or heard > seen)


_parked = (
    select(Notice.id)
    .join(Order, Order.id == Notice.order_id)
    .where(Order.customer_id == bindparam("customer"), Notice.parked)
    .order_by(Notice.id)
)


def tell_again(session: Session, customer_id: int, now: datetime) -> int:
    """The customer may be written to again: tell what waits for that, oldest first, each once; how many are told.

    Call it in the transaction that knows of the customer's event, after `heard_from`: it then sees what was parked
    before, and what is parked later sees the event (`heard_since`).
    """
    ids = session.connection().scalars(_parked, {"customer": customer_id}).all()
    if not ids:
        return 0
    locked = select(Notice).where(Notice.id.in_(ids), Notice.parked).order_by(Notice.id)
    waiting = session.scalars(
        locked.with_for_update(of=Notice), execution_options={"populate_existing": True}
    ).all()
    told = [notice for notice in waiting if _tell(session, notice, waiting, now)]
    session.flush()
    return len(told)


_waiting_for_channel = (
    select(Order.customer_id)
    .join(Notice, Notice.order_id == Order.id)
    .where(Notice.parked, Notice.waits_for == bindparam("channel"))
    .order_by(Notice.id)
    .limit(bindparam("most"))
)


def tell_of_channels_in_use(session: Session, now: datetime, most: int = 100) -> int:
    """Tell those who wait for a channel that is in use again, of each channel those behind the `most` oldest notices;
    how many notices are told.

    Call it again and again, and not only in the transaction that brings a channel back: one that parks a notice may
    end after that, and to tell thousands at once would hold up everybody who writes.
    """
    told = 0
    for channel_id in session.scalars(select(Channel.id).where(Channel.active).order_by(Channel.id)).all():
        waiting = session.scalars(_waiting_for_channel, {"channel": channel_id, "most": most})
        told += sum(tell_again(session, customer_id, now) for customer_id in sorted(set(waiting)))
    return told


def _tell(session: Session, notice: Notice, others: Any, now: datetime) -> bool:
    order = session.get_one(Order, notice.order_id)
    newest = max(
        other.id for other in others if (other.order_id, other.kind) == (notice.order_id, notice.kind)
    )
    # What was not sent is nobody's problem any more: it is told in new words, or need not be told.
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.notice_id == notice.id, OutboxMessage.state == "failed")
        .values(state="dropped")
    )
    if is_over(session, notice, order) or (notice.kind in _ONLY_THE_NEWEST and notice.id != newest):
        _end(notice)
        return False
    notice.state, notice.reason, notice.parked = NoticeState.WAITING, None, False
    notice.rounds += 1
    mailbox.keep_events(session, [notices.event(order, notice, now)])
    return True


def _end(notice: Notice) -> None:
    notice.state, notice.reason, notice.parked = NoticeState.OVER, None, False
