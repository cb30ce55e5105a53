"""Paying: how to, the picture of the slip, and the notice that the money has arrived."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.handoff import go_on
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.turn import Events, Turn
from shop import catalogue, expiry, money, notices, orders, payments
from shop.db import Database
from shop.errors import ChooseOrder, NoOpenOrder, NotFound
from shop.models import Notice, Order, PaymentAccount
from shop.notices import NoticeKind
from shop.replies import Button
from shop.states import OrderState, PaymentState
from shop.words import parcel, payment_word, written_time


@action("action_report_payment")
async def report_payment(turn: Turn, say: Say, db: Database) -> Events:
    """A picture came, or "I have paid": attach the slip to the order it is for."""
    try:
        if turn.media:
            order = await db.run(payments.attach_slips, turn.customer_id, turn.media, now=turn.at)
        else:  # "paid for TL-1" without a picture may answer "which order is this slip for?"
            order = await db.run(payments.attach_loose_slips, turn.customer_id, _number(turn), now=turn.at)
    except ChooseOrder as error:
        say("utter_slip_for_which_order", cards.order_choices(error.open_orders, "pay_order", turn.language))
        return []
    except (NoOpenOrder, NotFound):
        response = "utter_slip_without_order" if turn.media else "utter_send_slip"
        say(response, await db.read(menu.taps, turn.language) if turn.form is None else ())
        return forms.back(turn)
    return _slip_kept(turn, say, order)


@action("action_pay_order")
async def pay_order(turn: Turn, say: Say, db: Database) -> Events:
    """The customer has said which order the slips sent so far are for."""
    try:
        order = await db.run(payments.attach_loose_slips, turn.customer_id, _number(turn), now=turn.at)
    except (NoOpenOrder, NotFound):
        say("utter_send_slip")
        return forms.back(turn)
    return _slip_kept(turn, say, order)


@action("action_ask_payment")
async def ask_payment(turn: Turn, say: Say, db: Database) -> Events:
    """How to pay: the order named, else the newest unpaid one, else in general."""
    order = await db.read(_order_to_pay, turn)
    if order is None:
        accounts = await db.read(catalogue.payment_accounts)
        say("utter_payment_accounts", accounts=_written(accounts))
    else:
        await how_to_pay(turn, say, db, order)
    return forms.back(turn)


@action("action_notice")
async def notice(turn: Turn, say: Say, db: Database) -> Events:
    """The shop has something to tell: say it in the words of its kind. Whatever form was open goes on."""
    fact, order = await db.read(notices.get, int(turn.entities["notice"]))
    if fact.kind == NoticeKind.PAYMENT_REMINDER and not expiry.is_unpaid(order):
        return await go_on(turn, db)  # it came late: a slip is there, or the order is no more
    say(
        f"utter_{fact.kind}",
        await db.read(_taps, fact, order, turn.language),
        order=order.number,
        total=money.written(order.total, order.currency, turn.language),
        before=written_time(order.pay_before, turn.language),
        parcel=parcel(order.shipment, turn.language) if order.shipment else "",
    )
    if fact.kind in (NoticeKind.EXPIRED, NoticeKind.CANCELLED) and turn.slots.get("order") == order.number:
        return await _asked_for_nothing(turn, db)
    return await go_on(turn, db)


def _taps(session: Session, fact: Notice, order: Order, language: str) -> list[Button]:
    if fact.kind in (NoticeKind.EXPIRED, NoticeKind.CANCELLED):
        return menu.taps(session, language)
    if fact.kind == NoticeKind.SHIPPED:
        return cards.parcel_taps(order, language)
    if fact.kind == NoticeKind.PAYMENT_REMINDER:
        return [
            tap(label("how_to_pay", language), "ask_payment", order_number=order.number),
            tap(label("cancel", language), "cancel_order", order_number=order.number),
        ]
    return []


async def _asked_for_nothing(turn: Turn, db: Database) -> Events:
    """The order whose delivery details were asked for is no more: that question ends, another one goes on."""
    asked_on = forms.end(forms.CHECKOUT) if turn.form == forms.CHECKOUT else await go_on(turn, db)
    return [SlotSet("order", None), SlotSet("details_needed", False), *asked_on]


async def how_to_pay(turn: Turn, say: Say, db: Database, order: Order) -> None:
    """The exact sum, where to send it, until when, and what to do then; of an order paid on delivery, that."""
    if order.payment_method == payments.COD:
        say(
            "utter_pay_on_delivery",
            order=order.number,
            total=money.written(order.total, order.currency, turn.language),
        )
        return
    accounts = await db.read(catalogue.payment_accounts)
    say(
        "utter_how_to_pay",
        order=order.number,
        total=money.written(order.total, order.currency, turn.language),
        accounts=_written(accounts),
        before=written_time(order.pay_before, turn.language),
    )


def _slip_kept(turn: Turn, say: Say, order: Order) -> Events:
    say("utter_slip_received", order=order.number, state=payment_word(order.payment_state, turn.language))
    if order.deliverable or turn.form is not None:
        return forms.back(turn)
    say("utter_order_needs_details", order=order.number)
    return [SlotSet("order", order.number), SlotSet("details_needed", True), FollowupAction(forms.CHECKOUT)]


def _order_to_pay(session: Session, turn: Turn) -> Order | None:
    try:
        candidates: Sequence[Order] = [orders.of_customer(session, turn.customer_id, _number(turn))]
    except NotFound:
        candidates = orders.latest(session, turn.customer_id)
    return next((order for order in candidates if _unpaid(order)), None)


def _unpaid(order: Order) -> bool:
    return order.state == OrderState.PLACED and order.payment_state != PaymentState.PAID


def _number(turn: Turn) -> str:
    return turn.entities.get("order_number", "")


def _written(accounts: Sequence[PaymentAccount]) -> str:
    return "\n".join(f"{account.bank} {account.number}\n{account.holder}" for account in accounts)
