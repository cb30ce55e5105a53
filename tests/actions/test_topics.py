"""Each topic's actions: the shop's data goes out in the right response, a refusal becomes words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop import carts, catalogue, customers, expiry, orders, payments
from shop.errors import NotFound
from shop.models import Customer, Notice, Order, Variant
from shop.slips import intake
from shop.slips.picture import Picture
from tests.actions.conftest import Caller
from tests.factories import NOW, make_order, make_slip

DETAILS = {"recipient": "Nok", "phone": "081 234 5678", "address": "9/1 Soi Ari, Bangkok 10400"}


def ordered(call: Caller, quantity: int = 1, cause: str = "placed") -> Order:
    with call.db.transaction() as session:
        nok, shirt = session.get_one(Customer, call.customer_id), session.get_one(Variant, call.variant_id)
        return make_order(session, nok, shirt, quantity, cause)


async def test_products_are_cards_with_price_and_what_is_left(call: Caller) -> None:
    told = await call("action_products", "products")
    (card,) = told.responses[0]["custom"]["cards"]
    assert (card["title"], card["subtitle"]) == ("T-shirt", "฿250\nLeft: 5")
    assert card["buttons"][0]["title"] == "Buy Now"
    assert told.slots["chosen_product"] == "1"


async def test_a_sold_out_product_is_shown_without_a_tap_to_buy(call: Caller) -> None:
    with call.db.transaction() as session:
        session.get_one(Variant, call.variant_id).stock = 0
    told = await call("action_products", "products")
    (card,) = told.responses[0]["custom"]["cards"]
    assert card["subtitle"].endswith("Sold out")
    assert card["buttons"] == ()


async def test_the_menu_calls_the_products_what_the_seller_calls_them(call: Caller) -> None:
    told = await call("action_greet", "greet")
    assert told.responses[0]["shop"] == "Baan Fai"
    assert [button["title"] for button in told.responses[0]["buttons"]] == [
        "Products", "Open store", "View orders", "Talk to seller", "ภาษาไทย"
    ]  # fmt: skip


async def test_quantities_are_offered_only_as_far_as_the_stock_goes(call: Caller) -> None:
    with call.db.transaction() as session:
        session.get_one(Variant, call.variant_id).stock = 3
    told = await call("action_ask_chosen_quantity", slots={"chosen_variant": str(call.variant_id)})
    assert [button["title"] for button in told.responses[0]["buttons"]] == ["1", "2", "3"]


@pytest.mark.parametrize(("typed", "number"), [("2", 2), ("๓ ตัวค่ะ", 3), ("สองตัว", 2), ("two please", 2)])
async def test_a_typed_number_answers_how_many(call: Caller, typed: str, number: int) -> None:
    told = await call(
        "validate_choose_form", "out_of_scope", typed, form="choose_form", asked="chosen_quantity",
        slots={"chosen_product": "1", "chosen_variant": "1"},
    )  # fmt: skip
    assert told.slots == {"chosen_quantity": number}


async def test_more_than_there_is_is_refused_and_asked_again(call: Caller) -> None:
    told = await call("action_put_in_cart", slots={"chosen_variant": "1", "chosen_quantity": 9})
    assert told.said == ["utter_only_left"]
    assert told.responses[0]["left"] == "5"
    assert told.follows == ["choose_form"]


async def test_an_absurd_quantity_is_refused_kindly(call: Caller) -> None:
    told = await call("action_put_in_cart", slots={"chosen_variant": "1", "chosen_quantity": 1_000_000})
    assert told.said == ["utter_bad_quantity"]


async def test_a_tap_on_a_product_that_is_gone_shows_what_there_is(call: Caller) -> None:
    told = await call("validate_choose_form", "buy_now", entities={"variant": "77"})
    assert told.slots["requested_slot"] is None
    told = await call("action_put_in_cart", "buy_now", entities={"variant": "77"})
    assert told.said == ["utter_which_product", "cards"]


async def test_an_empty_cart_is_no_order(call: Caller) -> None:
    told = await call("action_confirm_order", "confirm_order")
    assert told.said == ["utter_cart_empty"]
    assert told.slots["details_needed"] is False


async def test_what_sold_out_meanwhile_is_said_and_nothing_is_ordered(call: Caller) -> None:
    with call.db.transaction() as session:
        carts.put(session, call.customer_id, call.variant_id, 2)
        session.get_one(Variant, call.variant_id).stock = 1
    told = await call("action_confirm_order", "confirm_order")
    assert told.said == ["utter_cart_fewer", "utter_cart"]
    with call.db.reading() as session:
        assert orders.latest(session, call.customer_id) == []


async def test_the_same_event_places_one_order(call: Caller) -> None:
    with call.db.transaction() as session:
        carts.put(session, call.customer_id, call.variant_id, 1)
    first = await call("action_confirm_order", "confirm_order", cause="tap")
    again = await call("action_confirm_order", "confirm_order", cause="tap")
    assert first.slots["order"] == again.slots["order"]
    with call.db.reading() as session:
        assert len(orders.latest(session, call.customer_id)) == 1


async def test_the_bill_has_the_total_and_the_text_says_how_to_pay(call: Caller) -> None:
    order = ordered(call, quantity=2)
    told = await call("action_finish_checkout", "affirm", slots={"order": order.number, **DETAILS})
    assert told.said == ["bill", "utter_how_to_pay", "image", "text", "choices"]
    assert told.responses[0]["custom"]["total"] == 54000
    assert told.responses[1]["total"] == "฿540"
    assert told.responses[1]["before"] == "3 Nov 2026, 10:04"
    assert told.slots["order"] is None


async def test_details_for_a_cancelled_order_are_not_kept(call: Caller) -> None:
    order = ordered(call)
    with call.db.transaction() as session:
        orders.cancel(session, order.id, now=NOW)
    told = await call("action_finish_checkout", "affirm", slots={"order": order.number, **DETAILS})
    assert told.said == ["utter_order_closed"]


async def test_a_slip_without_an_order_is_kept_and_explained(call: Caller) -> None:
    with call.db.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, call.customer_id))
    told = await call("action_report_payment", "report_payment", media=[str(slip.id)])
    assert told.said == ["utter_slip_without_order"]


async def test_a_slip_before_the_address_is_taken_and_the_address_asked_for(call: Caller) -> None:
    order = ordered(call)
    with call.db.transaction() as session:
        picture = Picture(jpeg=b"", sha256="0" * 64, width=1, height=1, is_paper=True)
        slip = intake.keep(session, call.customer_id, picture, "k", cause="s", part=0, now=NOW)
    told = await call("action_report_payment", "report_payment", media=[str(slip.id)])
    assert told.said == ["utter_slip_received", "utter_order_needs_details"]
    assert told.responses[0]["state"] == "Payment Confirmation: Pending"
    assert (told.follows, told.slots["order"]) == (["checkout_form"], order.number)


async def test_a_stranger_s_order_is_not_shown(call: Caller) -> None:
    order = ordered(call)
    told = await call(
        "action_show_order", "show_order", entities={"order_number": order.number}, customer_id=999
    )
    assert told.said == ["utter_order_not_found"]


async def test_a_paid_order_is_not_cancelled_in_the_chat(call: Caller) -> None:
    order = ordered(call)
    with call.db.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, call.customer_id))
        intake.take(session, call.customer_id, [slip.id], now=NOW)
        payments.confirm(session, order.id, by="ploy", now=NOW)
    told = await call(
        "action_finish_cancel", "cancel_now", slots={"cancel_order_number": order.number, "cancel_sure": True}
    )
    assert told.said == ["utter_cannot_cancel"]


async def test_a_notice_needs_nothing_but_its_number(call: Caller) -> None:
    order = ordered(call)
    with call.db.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, call.customer_id))
        intake.take(session, call.customer_id, [slip.id], now=NOW)
        payments.confirm(session, order.id, by="ploy", now=NOW)
        notice = session.query(Notice).one()
    told = await call("action_notice", "notice", entities={"notice": str(notice.id)}, customer_id=None)
    assert told.said == ["utter_paid"]
    assert told.responses[0]["order"] == order.number


async def test_a_reminder_offers_to_pay_or_to_cancel_and_is_dropped_when_it_comes_too_late(
    call: Caller,
) -> None:
    order = ordered(call)
    with call.db.transaction() as session:
        assert expiry.remind_one(session, order.pay_before - timedelta(minutes=1))
        notice = session.query(Notice).one()
    asked = {"entities": {"notice": str(notice.id)}, "customer_id": None}
    told = await call("action_notice", "notice", **asked)
    assert told.said == ["utter_payment_reminder"]
    payloads = [button["payload"] for button in told.responses[0]["buttons"]]
    assert payloads == [
        f'/{intent}{{"order_number": "{order.number}"}}' for intent in ("ask_payment", "cancel_order")
    ]
    with call.db.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, call.customer_id))
        intake.take(session, call.customer_id, [slip.id], now=NOW)
    late = await call("action_notice", "notice", **asked)
    assert late.said == []


async def test_a_person_is_called_once_and_since_the_first_time(call: Caller) -> None:
    await call("action_talk_to_seller", "talk_to_seller")
    await call("action_talk_to_seller", "complaint", at="2026-11-03T00:00:00+00:00")
    with call.db.reading() as session:
        assert session.get_one(Customer, call.customer_id).wants_person_since == NOW


@pytest.mark.parametrize(("metadata", "waits"), [({}, False), ({"is_external": True}, True)])
async def test_who_was_not_answered_waits_on_unless_it_is_them_who_call_the_bot(
    call: Caller, metadata: dict[str, bool], waits: bool
) -> None:
    await call("action_talk_to_seller", "talk_to_seller")
    told = await call("action_back_to_bot", "back_to_bot", **metadata)
    assert told.said == ["utter_bot_is_back"]
    with call.db.reading() as session:
        assert (session.get_one(Customer, call.customer_id).wants_person_since == NOW) is waits


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("english please", "en"),
        ("ขอเป็นภาษาอังกฤษครับ", "en"),
        ("อ่านอังกฤษไม่ออกค่ะ ขอภาษาไทย", "th"),
        ("i can't read thai", "en"),
        ("พูดไทยได้มั้ย", "th"),
        ("change language", "th"),
    ],
)
async def test_the_language_that_was_meant_is_spoken(call: Caller, text: str, language: str) -> None:
    told = await call("action_switch_language", "switch_language", text)
    assert told.slots["language"] == language
    with call.db.reading() as session:
        assert session.get_one(Customer, call.customer_id).language == language


async def test_a_language_that_the_shop_does_not_offer_is_refused_politely(call: Caller) -> None:
    with call.db.transaction() as session:
        customers.speak(session, call.customer_id, "en")
        catalogue.the_shop(session).languages = ["en"]
    told = await call("action_switch_language", "switch_language", "ขอภาษาไทย")
    assert told.said == ["utter_only_language"] and "language" not in told.slots
    [reply] = told.responses
    assert "switch_language" not in str(reply["buttons"])  # no tap leads there either
    with call.db.reading() as session:
        assert session.get_one(Customer, call.customer_id).language == "en"


async def test_what_is_no_expected_refusal_is_raised(call: Caller) -> None:
    with pytest.raises(NotFound):
        await call("action_notice", "notice", entities={"notice": "404"})
    with pytest.raises(ValueError, match="whose"):
        await call("action_view_cart", "view_cart", customer_id=None)
