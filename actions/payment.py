"""Paying: how to, the picture of the slip, and the notice that the money has arrived."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.handoff import go_on, with_person
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.turn import Events, Turn
from shop import catalogue, money, notices, orders, payments, promptpay, telling, ways_to_pay
from shop.bill_links import QR
from shop.db import Database
from shop.errors import ChooseOrder, NoOpenOrder, NotASlip, NotFound
from shop.models import Notice, Order, PaymentAccount
from shop.notices import NoticeKind
from shop.replies import Button, Choices, Image, Text
from shop.slips import intake
from shop.slips.codes import Seen
from shop.slips.intake import Taken
from shop.states import OrderState, PaymentState
from shop.words import payment_word, written_time


@action("action_report_payment")
async def report_payment(turn: Turn, say: Say, db: Database) -> Events:
    """A picture came, or "I have paid": attach the slip to the order it is for."""
    if turn.media:
        return await _take(turn, say, db, turn.media)
    try:  # "paid for TL-1" without a picture may answer "which order is this slip for?"
        taken = await db.run(intake.take_loose, turn.customer_id, _number(turn), now=turn.at)
    except (NoOpenOrder, NotFound):
        say("utter_send_slip", await db.read(menu.taps, turn.language) if turn.form is None else ())
        return forms.back(turn)
    return _slip_kept(turn, say, taken)


async def _take(turn: Turn, say: Say, db: Database, slips: Sequence[int]) -> Events:
    """Attach the pictures, or ask what is not clear about them."""
    try:
        taken = await db.run(intake.take, turn.customer_id, slips, now=turn.at)
    except ChooseOrder as error:
        say("utter_slip_for_which_order", cards.order_choices(error.open_orders, "pay_order", turn.language))
        return []
    except NotASlip as error:
        _ask_what_it_is(turn, say, error.seen)
        return forms.back(turn)
    except NoOpenOrder:
        say(
            "utter_slip_without_order",
            await db.read(menu.taps, turn.language) if turn.form is None else (),
        )
        return forms.back(turn)
    return _slip_kept(turn, say, taken)


def _ask_what_it_is(turn: Turn, say: Say, seen: str) -> None:
    if seen == Seen.PAYMENT:
        say("utter_that_is_the_bill")
        return
    taps = [
        tap(label("it_is_a_slip", turn.language), "this_is_a_slip"),
        tap(label("it_is_no_slip", turn.language), "this_is_no_slip"),
    ]
    say("utter_is_it_a_slip", taps)


@action("action_this_is_a_slip")
async def this_is_a_slip(turn: Turn, say: Say, db: Database) -> Events:
    """The customer says that the picture is a slip, though it does not look like one: the seller decides."""
    slips = await db.run(intake.vouch, turn.customer_id)
    if not slips:  # an old tap
        say("utter_send_slip")
        return forms.back(turn)
    return await _take(turn, say, db, slips)


@action("action_this_is_no_slip")
async def this_is_no_slip(turn: Turn, say: Say, db: Database) -> Events:
    """The picture was something else. It is no payment, and a person can be asked about it."""
    await db.run(intake.dismiss, turn.customer_id)
    say("utter_it_was_no_slip", [tap(label("talk_to_seller", turn.language), "talk_to_seller")])
    return forms.back(turn)


@action("action_pay_order")
async def pay_order(turn: Turn, say: Say, db: Database) -> Events:
    """The customer has said which order the slips sent so far are for."""
    try:
        taken = await db.run(intake.take_loose, turn.customer_id, _number(turn), now=turn.at)
    except (NoOpenOrder, NotFound):
        say("utter_send_slip")
        return forms.back(turn)
    return _slip_kept(turn, say, taken)


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
    if await db.read(telling.is_over, fact, order):
        return forms.wait(turn)  # it came late, such as a reminder of what was paid meanwhile
    say(
        f"utter_{fact.kind}",
        await db.read(_taps, fact, order, turn.language),
        **await db.read(telling.facts, fact.id),
    )
    if fact.kind in (NoticeKind.PLACED, NoticeKind.BILL_CHANGED):
        await _show_bill(turn, say, db, order)
    if fact.kind == NoticeKind.PLACED:
        return await _go_on_with(turn, say, db, order)
    if fact.kind in (NoticeKind.EXPIRED, NoticeKind.CANCELLED) and turn.slots.get("order") == order.number:
        return await _asked_for_nothing(turn, db)
    return await go_on(turn, db)


async def _show_bill(turn: Turn, say: Say, db: Database, order: Order) -> None:
    if not order.deliverable:  # Messenger's bill needs a recipient
        say.show(Text(cards.order_lines(order, turn.language)))
        return
    pictures = await db.read(catalogue.pictures, [line.variant_id for line in order.lines])
    say.show(cards.bill(order, pictures, turn.language, say))


async def _go_on_with(turn: Turn, say: Say, db: Database, order: Order) -> Events:
    """The shop has made the order: say how to pay for it, or first ask where to send it, if nothing else is asked."""
    if order.deliverable:
        await how_to_pay(turn, say, db, order)
    elif turn.form is None and not await with_person(turn, db):
        return [
            SlotSet("order", order.number),
            SlotSet("details_needed", True),
            FollowupAction(forms.CHECKOUT),
        ]
    return await go_on(turn, db)


def _taps(session: Session, fact: Notice, order: Order, language: str) -> list[Button]:
    if fact.kind in (NoticeKind.EXPIRED, NoticeKind.CANCELLED, NoticeKind.CAME_BACK):
        return menu.taps(session, language)
    if fact.kind == NoticeKind.PLACED and not order.deliverable:
        return cards.order_taps(order, language)
    if fact.kind in (NoticeKind.SHIPPED, NoticeKind.NOT_DELIVERED):
        return cards.parcel_taps(order, language)
    if fact.kind in (NoticeKind.PART_PAID, NoticeKind.REJECTED, NoticeKind.BILL_CHANGED):
        return [tap(label("how_to_pay", language), "ask_payment", order_number=order.number)]
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
            [_bill_tap(turn, say, order)],
            order=order.number,
            total=money.written(order.total, order.currency, turn.language),
        )
        return
    accounts = await db.read(catalogue.payment_accounts)
    waits = ways_to_pay.awaits_transfer(order)
    say(
        "utter_how_to_pay",
        order=order.number,
        # the rest, when a part has come
        total=money.written(order.total - (order.received if waits else 0), order.currency, turn.language),
        accounts=_written(accounts),
        before=written_time(order.pay_before, turn.language),
    )
    if waits:
        await _to_scan_and_copy(turn, say, db, order, accounts)


async def _to_scan_and_copy(
    turn: Turn, say: Say, db: Database, order: Order, accounts: Sequence[PaymentAccount]
) -> None:
    """The QR with the exact sum, each number alone in a message that can be copied, until when, and the bill."""
    asked = await db.read(promptpay.request, order)
    if asked is not None:
        written = money.written(asked.amount, order.currency, turn.language)
        words = label("scan_to_pay", turn.language, sum=written)
        say.show(Image(say.bill(turn, order, QR), words))
    for account in accounts:
        say.show(Text(promptpay.digits(account.number)))
    before = label("pay_before", turn.language, before=written_time(order.pay_before, turn.language))
    say.show(Choices(before, (_bill_tap(turn, say, order),)))


def _bill_tap(turn: Turn, say: Say, order: Order) -> Button:
    return Button(label("bill_pdf", turn.language), url=say.bill(turn, order))


def _slip_kept(turn: Turn, say: Say, taken: Taken) -> Events:
    order = taken.order
    if taken.is_reused:
        said = "utter_slip_used_before"
    else:
        said = "utter_slip_received" if taken.is_new else "utter_slip_repeated"
    say(said, order=order.number, state=payment_word(order.payment_state, turn.language))
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
