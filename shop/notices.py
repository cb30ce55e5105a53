"""Which change tells the customer what. A notice is written with its cause and reaches the bot as an event.

The words are the bot's (domain), the sending is the gateway's outbox; here is the fact and whether it arrived.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from shop import mailbox
from shop.errors import NotFound
from shop.models import Notice, Order, Transition

#: Kind of the inbox event that carries a notice to the bot; its `raw` is `{"notice": <id>}`.
NOTICE_EVENT = "notice"


#: Why somebody who was erased is told nothing, as the console shows it.
ERASED = json.dumps(
    {"th": "ข้อมูลของลูกค้าคนนี้ถูกลบแล้ว", "en": "This customer's data was erased."}, ensure_ascii=False
)

#: Why nobody is told anything on a Page that is not used any more.
DISCONNECTED = json.dumps(
    {
        "th": "ยกเลิกการเชื่อมต่อเพจนี้แล้ว ระบบจะแจ้งให้เองเมื่อกลับมาใช้เพจ",
        "en": "The Page is disconnected. The customer is told when it is used again.",
    },
    ensure_ascii=False,
)


class NoticeKind(StrEnum):
    """What the customer is told."""

    PLACED = "placed_by_shop"
    ACCEPTED = "accepted"
    PENDING = "pending"
    PAID = "paid"
    PART_PAID = "part_paid"
    REJECTED = "rejected"
    REFUNDED = "refunded"
    BILL_CHANGED = "bill_changed"
    SHIPPED = "shipped"
    NOT_SHIPPED = "not_shipped"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    CANCELLED = "cancelled_by_shop"
    CAME_BACK = "came_back"
    PAYMENT_REMINDER = "payment_reminder"
    EXPIRED = "expired"


class NoticeState(StrEnum):
    """Whether the customer was told."""

    WAITING = "waiting"
    TOLD = "told"
    NOT_TOLD = "not_told"
    UNCERTAIN = "uncertain"
    OVER = "over"


def write(
    session: Session,
    order: Order,
    kind: NoticeKind,
    transition: Transition,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> Notice:
    """Tell the order's customer about the transition, once this transaction commits; nobody, if they were erased. On a
    disconnected Page they are told when it is used again (shop.telling).

    `detail`: of part_paid and refunded the `amount` (minor units), of rejected the `reason` (shop.payments.REASONS) and
    the seller's own `words`.
    """
    notice = Notice(
        order_id=order.id,
        transition_id=transition.id,
        kind=kind,
        detail=dict(detail or {}),
        state=NoticeState.WAITING,
        created_at=now,
    )
    session.add(notice)
    if order.customer.erased_at is not None:
        notice.state, notice.reason = NoticeState.NOT_TOLD, ERASED
    elif not order.channel.active:
        notice.state, notice.reason = NoticeState.NOT_TOLD, DISCONNECTED
        notice.parked, notice.waits_for = True, order.channel_id
    session.flush()
    if notice.state == NoticeState.WAITING:
        mailbox.keep_events(session, [event(order, notice, now)])
    return notice


def call_off(session: Session, order: Order, kind: NoticeKind) -> None:
    """What the shop was about to say of the locked order is not so: untold notices of this kind are over."""
    session.execute(
        update(Notice)
        .where(Notice.order_id == order.id, Notice.kind == kind)
        .where(or_(Notice.state == NoticeState.WAITING, Notice.parked))
        .values(state=NoticeState.OVER, reason=None, parked=False)
    )


def take_back(
    session: Session,
    order: Order,
    wrong: NoticeKind,
    right: NoticeKind,
    transition: Transition,
    now: datetime,
) -> None:
    """What the shop said of the locked order by a notice of the `wrong` kind is not so: it is said no more, and whoever
    was told is told what is `right`. Whether they were is known when the bot comes to it (shop.telling).
    """
    call_off(session, order, wrong)
    write(session, order, right, transition, now)


def event(order: Order, notice: Notice, now: datetime) -> dict[str, Any]:
    """The inbox row that has the bot tell the notice; each round of telling has its own, and only one."""
    return mailbox.open_event(
        account_id=order.channel.account_id,
        key=f"notice:{notice.id}" + (f":{notice.rounds}" if notice.rounds else ""),
        channel_id=order.channel_id,
        conversation=order.customer.conversation,
        kind=NOTICE_EVENT,
        raw={"notice": notice.id},
        now=now,
    )


def get(session: Session, notice_id: int) -> tuple[Notice, Order]:
    """A notice and the order it is about. Raises NotFound."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(f"notice {notice_id}")
    return notice, session.get_one(Order, notice.order_id)


def told(session: Session, notice_id: int, now: datetime, doubt: str | None = None) -> None:
    """The notice reached the customer; `doubt` says for the seller why it may have done so twice."""
    notice = session.get_one(Notice, notice_id)
    notice.state, notice.told_at, notice.reason = NoticeState.TOLD, now, doubt
    notice.parked = False


def not_told(session: Session, notice_id: int, reason: str) -> None:
    """The notice could not be sent; `reason` is shown to the seller on the order."""
    notice = session.get_one(Notice, notice_id)
    if notice.state != NoticeState.TOLD:
        notice.state, notice.reason = NoticeState.NOT_TOLD, reason
