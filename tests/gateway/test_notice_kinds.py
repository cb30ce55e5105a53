"""All kinds of news, told after 24 hours by the texts that Meta has approved, against the simulated Messenger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from channels.messenger import utility
from shop import expiry, fulfilment, ledger, notices, orders, payments, ways_to_pay
from shop.db import utc_now
from shop.models import Customer, Notice, Order, OutboxMessage, Shop, Transition
from shop.notices import NoticeKind
from shop.slips import intake
from tests.factories import make_slip, slip_text
from tests.gateway.silence import Silence, becomes


def is_made_by_the_shop(session: Session, order: Order) -> None:
    placed = session.query(Transition).filter_by(order_id=order.id, move="place").one()
    notices.write(session, order, NoticeKind.PLACED, placed, utc_now())


def shows_a_slip(session: Session, order: Order) -> None:
    slip = make_slip(session, order.customer, order.number, codes=(slip_text(f"REF{order.id}"),))
    intake.take_for(session, order.customer_id, order.number, [slip.id], now=utc_now())


def goes_back_to_pending(session: Session, order: Order) -> None:
    shows_a_slip(session, order)
    payments.confirm(session, order.id, **PLOY)
    payments.undo(session, order.id, ledger.last_id(session, order.id), "not in the account", **PLOY)


def is_rejected(session: Session, order: Order) -> None:
    shows_a_slip(session, order)
    payments.reject(session, order.id, "other", "เงินเข้าบัญชีอื่น\nรบกวนตรวจสอบ", **PLOY)


def is_refunded(session: Session, order: Order) -> None:
    payments.confirm(session, order.id, **PLOY)
    payments.refund(session, order.id, 4000, "one was missing", **PLOY)


def is_on_its_way(session: Session, order: Order) -> None:
    payments.confirm(session, order.id, **PLOY)
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH0112345678", **PLOY)


def arrives(session: Session, order: Order) -> None:
    is_on_its_way(session, order)
    fulfilment.deliver(session, order.id, **PLOY)


def was_told(session: Session, order: Order, kind: NoticeKind) -> None:
    """What was sent stays in the outbox."""
    notice = session.query(Notice).filter_by(order_id=order.id, kind=kind).one()
    sent = {"cause": f"told {notice.id}", "part": 0, "notice_id": notice.id, "body": {}, "state": "sent"}
    whose = {"channel_id": order.channel_id, "customer_id": order.customer_id, "created_at": utc_now()}
    session.add(OutboxMessage(conversation=order.customer.conversation, **sent, **whose))


def was_not_sent_after_all(session: Session, order: Order) -> None:
    is_on_its_way(session, order)
    was_told(session, order, NoticeKind.SHIPPED)
    fulfilment.unship(session, order.id, **PLOY)


def has_not_arrived_after_all(session: Session, order: Order) -> None:
    arrives(session, order)
    was_told(session, order, NoticeKind.DELIVERED)
    fulfilment.undeliver(session, order.id, **PLOY)


def comes_back(session: Session, order: Order) -> None:
    is_paid_on_delivery(session, order)
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH0112345678", **PLOY)
    fulfilment.come_back(session, order.id, "not_collected", **PLOY)


def is_paid_on_delivery(session: Session, order: Order) -> None:
    session.query(Shop).one().cash_on_delivery = True
    ways_to_pay.choose(session, order.id, payments.COD, **PLOY)
    fulfilment.accept(session, order.id, **PLOY)


def runs_out(session: Session, order: Order) -> None:
    assert expiry.expire_one(session, order.pay_before)


def is_reminded(session: Session, order: Order) -> None:
    assert expiry.remind_one(session, order.pay_before - timedelta(minutes=30))


PLOY: dict[str, Any] = {"by": "ploy", "now": utc_now()}
NEWS: dict[NoticeKind, tuple[Callable[[Session, Order], object], str, str]] = {
    NoticeKind.PLACED: (is_made_by_the_shop, "ร้านเปิดบิลออเดอร์", "the shop has made order"),
    NoticeKind.PENDING: (goes_back_to_pending, "รอยืนยันการชำระเงิน", "Payment Confirmation: Pending"),
    NoticeKind.PAID: (
        lambda session, order: payments.confirm(session, order.id, **PLOY),
        "ยืนยันการชำระเงิน",
        "Payment Confirmed",
    ),
    NoticeKind.PART_PAID: (
        lambda session, order: payments.accept(session, order.id, 10000, **PLOY),
        "฿100 สำหรับออเดอร์",
        "฿190 is still missing",
    ),
    NoticeKind.REJECTED: (is_rejected, "เงินเข้าบัญชีอื่น รบกวนตรวจสอบ", "เงินเข้าบัญชีอื่น รบกวนตรวจสอบ"),
    NoticeKind.REFUNDED: (is_refunded, "คืนเงิน ฿40", "returned ฿40"),
    NoticeKind.BILL_CHANGED: (
        lambda session, order: orders.set_discount(session, order.id, 5000, **PLOY),
        "ยอดรวมใหม่คือ ฿240",
        "The new total is ฿240",
    ),
    NoticeKind.ACCEPTED: (is_paid_on_delivery, "เก็บเงินปลายทาง", "You pay ฿290 to the courier"),
    NoticeKind.SHIPPED: (is_on_its_way, "TH0112345678", "TH0112345678"),
    NoticeKind.DELIVERED: (arrives, "ส่งถึงแล้ว", "has been delivered"),
    NoticeKind.NOT_SHIPPED: (was_not_sent_after_all, "ยังไม่ได้จัดส่ง", "has not been sent yet"),
    NoticeKind.NOT_DELIVERED: (has_not_arrived_after_all, "ยังไม่ถึง", "has not arrived yet"),
    NoticeKind.CANCELLED: (
        lambda session, order: fulfilment.call_off(session, order.id, **PLOY),
        "ต้องยกเลิก",
        "had to cancel",
    ),
    NoticeKind.CAME_BACK: (comes_back, "กลับมาถึงร้านแล้ว", "is back at the shop"),
    NoticeKind.PAYMENT_REMINDER: (is_reminded, "ยังรอชำระเงิน", "still waiting for payment"),
    NoticeKind.EXPIRED: (runs_out, "หมดเวลาชำระเงินแล้ว", "is over, so it was cancelled"),
}


def test_no_kind_of_news_is_left_out_of_this_test_or_of_metas_texts() -> None:
    assert set(NEWS) == set(NoticeKind)
    assert {one.kind for one in utility.templates()} == {str(kind) for kind in NoticeKind}


@pytest.mark.parametrize("kind", NEWS)
async def test_every_kind_of_news_has_its_approved_text_in_the_customers_language(
    approved: Silence, kind: NoticeKind
) -> None:
    """Messenger takes it, and what the customer reads has the values in their places."""
    happens, *words = NEWS[kind]
    await approved.lasts(hours=25)
    for language, expected in zip(("th", "en"), words, strict=True):
        order = approved.order(language)
        with approved.database.transaction() as session:
            session.execute(update(Customer).values(language=language))
        with approved.database.transaction() as session:
            happens(session, session.get_one(Order, order.id))
        with approved.database.reading() as session:
            told = session.query(Notice.id).filter_by(order_id=order.id, kind=kind).scalar()
        await becomes(approved, told, "told")
        one = utility.template(kind, language)
        [text] = [
            seen["text"]
            for seen in await approved.seen()
            if (seen["message"]["template"]["name"], seen["message"]["template"]["language"]["code"])
            == (one.name, language)
        ]
        assert expected in text and order.number in text
        assert not set("{}\n") & set(text)
