"""Every row of the table of how a customer may be told, against the simulated Messenger with its own clock moved.

The table is `shop.reach`. Here the simulated Messenger has the last word: it refuses what Meta refuses.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update

from channels.messenger import utility
from gateway import payloads, sentences
from shop import customers, expiry, mailbox
from shop.db import Database, utc_now
from shop.models import Channel, Customer, OutboxMessage
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.messenger import Messenger
from tests.gateway.notices import notice
from tests.gateway.rows import all_done, outbox
from tests.gateway.silence import NOK, Silence, becomes, reviewed
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, SECRET_KEY, Web

RETIRED = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")


def why(nok: Silence, notice_id: int) -> Any:
    return json.loads(notice(nok.database, notice_id).reason or "null")


async def test_inside_24_hours_the_bot_answers_and_the_shop_tells_its_news(nok: Silence) -> None:
    order = nok.order()
    await nok.lasts(hours=23)
    await becomes(nok, nok.pays(order), "told")
    await nok.messenger.says(NOK, "thanks")
    await until(nok.messenger.has_seen(NOK, 3))
    sent = [(one["text"], one["request"]["messaging_type"]) for one in await nok.seen()]
    assert sent == [("re: notice", "UPDATE"), ("re: thanks", "RESPONSE")]


@pytest.mark.parametrize("hours", [25, 24 * 9])
async def test_later_the_news_go_as_metas_approved_text(approved: Silence, hours: int) -> None:
    order = approved.order()
    await approved.lasts(hours=hours)
    told = await becomes(approved, approved.pays(order), "told")
    [seen] = await approved.seen()
    assert seen["request"]["messaging_type"] == "UTILITY"
    assert "Payment Confirmed" in seen["text"] and order.number in seen["text"] and "฿290" in seen["text"]
    assert seen["message"]["template"]["name"] == "talad_order_paid_1"
    assert told.reason is None and told.told_at is not None
    [row] = [row for row in outbox(approved.database) if row.notice_id]
    assert (row.way, row.state, row.message_ids) == ("UTILITY", "sent", [seen["mid"]])


async def test_its_button_shows_the_order(approved: Silence) -> None:
    order = approved.order()
    await approved.lasts(hours=25)
    await becomes(approved, approved.pays(order), "told")
    [seen] = await approved.seen()
    payload = seen["message"]["template"]["components"][1]["parameters"][0]["payload"]
    read = payloads.read(payloads.verified(SECRET_KEY, approved.page, payload) or "")
    assert read == payloads.Intent("show_order", {"order_number": order.number})
    await approved.messenger.does(NOK, "tap", title="View order")
    await until(approved.messenger.has_seen(NOK, 3))
    assert (await approved.seen())[-1]["text"] == "re: show_order"


async def test_a_thai_customer_reads_thai(approved: Silence) -> None:
    order = approved.order()
    with approved.database.transaction() as session:
        session.execute(update(Customer).values(language="th"))
    await approved.lasts(hours=25)
    await becomes(approved, approved.pays(order), "told")
    [seen] = await approved.seen()
    assert "ยืนยันการชำระเงิน" in seen["text"] and order.number in seen["text"]


async def test_what_the_bot_says_besides_is_left_out_and_is_no_problem(approved: Silence, rasa: Any) -> None:
    rasa.answer = lambda turn: [{"text": "Paid"}, {"text": "What is your phone number?"}]
    order = approved.order()
    await approved.lasts(hours=25)
    await becomes(approved, approved.pays(order), "told")
    assert len(await approved.seen()) == 1
    assert [row.state for row in outbox(approved.database) if row.notice_id] == ["sent", "dropped"]


@pytest.mark.parametrize(
    ("review", "sentence"),
    [
        (None, sentences.NO_TEMPLATE),
        ("hold", sentences.TEMPLATE_PENDING),
        ("reject", sentences.TEMPLATE_REJECTED),
    ],
)
async def test_without_an_approved_text_the_customer_is_not_told_and_the_seller_reads_why(
    nok: Silence, rasa: Any, review: str | None, sentence: Any
) -> None:
    if review:
        await reviewed(nok, review)
    rasa.answer = lambda turn: [{"text": "Paid"}, {"text": "What is your phone number?"}]
    order = nok.order()
    await nok.lasts(hours=25)
    notice_id = nok.pays(order)
    told = await becomes(nok, notice_id, "not_told")
    assert (why(nok, notice_id), told.parked) == (sentence, True)
    rows = [(row.state, row.code) for row in outbox(nok.database) if row.notice_id]
    assert rows == [("failed", "10/2018278"), ("dropped", None)]
    assert await nok.seen() == []


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("text", {"text": "hello again"}),
        ("referral", {"ref": "order-TL-1"}),
        ("react", {}),
        ("sticker", {}),
    ],
)
async def test_whatever_opens_the_window_has_it_told_once(nok: Silence, what: str, how: Any) -> None:
    order = nok.order()
    await nok.lasts(hours=25)
    notice_id = nok.pays(order)
    await becomes(nok, notice_id, "not_told")
    await nok.messenger.does(NOK, what, **how)
    told = await becomes(nok, notice_id, "told")
    assert (told.parked, told.rounds, told.reason) == (False, 1, None)
    assert [one["text"] for one in await nok.seen()].count("re: notice") == 1
    assert [row.state for row in outbox(nok.database) if row.notice_id] == ["dropped", "sent"]
    await nok.messenger.says(NOK, "and once more")
    await until(lambda: all_done(nok.database))
    assert (await nok.messenger.control("idle"))["idle"]
    assert [one["text"] for one in await nok.seen()].count("re: notice") == 1


async def test_reading_and_echoes_tell_nothing(nok: Silence) -> None:
    order = nok.order()
    await nok.lasts(hours=25)
    notice_id = nok.pays(order)
    await becomes(nok, notice_id, "not_told")
    await nok.messenger.does(NOK, "read")
    await nok.messenger.does(NOK, "inbox", text="a person of the shop writes")
    assert (await nok.messenger.control("idle"))["idle"]
    await until(lambda: all_done(nok.database))
    assert (notice(nok.database, notice_id).state, await nok.messenger.sends()) == (
        "not_told",
        await nok.messenger.sends(NOK),
    )
    assert [one for one in await nok.seen() if one["text"] == "re: notice"] == []


async def test_several_are_told_in_their_order_and_stale_ones_are_not(nok: Silence) -> None:
    order = nok.order()
    await nok.lasts(hours=25)
    with nok.database.transaction() as session:
        assert expiry.remind_one(session, order.pay_before - timedelta(minutes=30))
    reminder = 1
    await becomes(nok, reminder, "not_told")
    paid = nok.pays(order)
    await becomes(nok, paid, "not_told")
    await nok.messenger.says(NOK, "hello again")
    await becomes(nok, paid, "told")
    assert notice(nok.database, reminder).state == "over"
    assert [one["text"] for one in await nok.seen()] == ["re: hello again", "re: notice"]


async def test_where_messenger_finds_the_window_closed_the_approved_text_goes(approved: Silence) -> None:
    order = approved.order()
    await approved.messenger.control("clock", {"hours": 25})  # ours has not moved
    await becomes(approved, approved.pays(order), "told")
    tried = [call["body"]["messaging_type"] for call in await approved.messenger.sends(NOK)][1:]
    assert tried == ["UPDATE", "UTILITY"]
    [seen] = await approved.seen()
    assert seen["request"]["messaging_type"] == "UTILITY"


async def test_the_bots_answer_is_not_sent_late_in_any_way(approved: Silence) -> None:
    await approved.messenger.behaves(human_agent=True)
    approved.order()
    await approved.lasts(hours=25)
    queue(approved, "an answer that was late")
    await until(lambda: all_done(approved.database))
    assert await approved.seen() == []
    assert json.loads(outbox(approved.database)[-1].error or "") == sentences.WINDOW_CLOSED


@pytest.mark.parametrize("review", ["a template is unknown to Meta", "the permission is missing"])
async def test_an_approved_text_that_is_refused_leaves_the_page_alive(approved: Silence, review: str) -> None:
    if review == "the permission is missing":
        await approved.messenger.goes_wrong({"error": "permission", "times": 1})
        expected = sentences.NO_UTILITY
    else:
        await delete_templates(approved)
        expected = sentences.TEMPLATE_REFUSED
    order = approved.order()
    await approved.lasts(hours=25)
    notice_id = approved.pays(order)
    told = await becomes(approved, notice_id, "not_told")
    assert (why(approved, notice_id), told.parked) == (expected, True)
    await approved.messenger.says(NOK, "still there?")
    await becomes(approved, notice_id, "told")
    with approved.database.reading() as session:
        assert session.query(Channel).one().problem is None


async def delete_templates(nok: Silence) -> None:
    async with aiohttp.ClientSession() as http:
        for name in {one.name for one in utility.templates()}:
            address = f"{nok.messenger.api}/{PAGE}/message_templates"
            query = {"name": name, "access_token": "demo-page-token"}
            async with http.delete(address, params=query) as answer:
                assert answer.status == 200


async def test_a_customer_who_had_blocked_the_page_is_told_when_they_are_back(nok: Silence) -> None:
    await nok.messenger.control(f"customers/{NOK}", {"blocked": True})
    notice_id = nok.pays(nok.order())
    assert (await becomes(nok, notice_id, "not_told")).parked
    await nok.messenger.control(f"customers/{NOK}", {"blocked": False})
    await nok.messenger.says(NOK, "hi")
    await becomes(nok, notice_id, "told")


@pytest.mark.parametrize(
    ("time", "kind", "tag"),
    [
        ({"hours": 1}, "RESPONSE", None),
        ({"hours": 25}, "MESSAGE_TAG", "HUMAN_AGENT"),
        ({"days": 6.9}, "MESSAGE_TAG", "HUMAN_AGENT"),
    ],
)
async def test_a_persons_own_message_goes_for_seven_days(
    approved: Silence, time: dict[str, float], kind: str, tag: str | None
) -> None:
    await approved.messenger.behaves(human_agent=True)
    await approved.lasts(**time)
    queue(approved, "We have found your parcel.", by="ploy@example.com")
    await until(approved.messenger.has_seen(NOK, 2))
    [seen] = await approved.seen()
    assert (seen["request"]["messaging_type"], seen["request"].get("tag")) == (kind, tag)


async def test_where_messenger_finds_the_window_closed_a_persons_message_takes_the_tag(nok: Silence) -> None:
    await nok.messenger.behaves(human_agent=True)
    await nok.messenger.control("clock", {"hours": 25})
    queue(nok, "We have found your parcel.", by="ploy@example.com")
    await until(nok.messenger.has_seen(NOK, 2))
    assert (await nok.seen())[0]["request"]["tag"] == "HUMAN_AGENT"


@pytest.mark.parametrize(
    ("time", "sentence"), [({"days": 8}, sentences.SEVEN_DAYS), ({"hours": 25}, sentences.NO_HUMAN_AGENT)]
)
async def test_a_persons_message_that_may_not_go_is_shown_with_its_reason(
    nok: Silence, time: dict[str, float], sentence: Any
) -> None:
    await nok.lasts(**time)
    queue(nok, "We have found your parcel.", by="ploy@example.com")
    await until(lambda: all_done(nok.database))
    row = outbox(nok.database)[-1]
    assert (row.state, json.loads(row.error or "")) == ("failed", sentence)
    with nok.database.reading() as session:
        assert session.query(Channel).one().problem is None


async def test_no_request_ever_names_a_retired_tag(approved: Silence) -> None:
    await approved.messenger.behaves(human_agent=True)
    order = approved.order()
    await approved.lasts(hours=25)
    await becomes(approved, approved.pays(order), "told")
    queue(approved, "A person writes.", by="ploy@example.com")
    await until(approved.messenger.has_seen(NOK, 3))
    calls = await approved.messenger.sends()
    assert {call["body"].get("tag") for call in calls} == {None, "HUMAN_AGENT"}
    assert not [tag for tag in RETIRED if tag in json.dumps(calls)]


def queue(nok: Silence, text: str, *, by: str | None = None) -> None:
    """A message in the outbox: the bot's, or a seller's."""
    with nok.database.transaction() as session:
        customer = session.query(Customer).one()
        number = session.query(OutboxMessage).count()
        row = {
            "cause": f"test:{number}",
            "part": 0,
            "channel_id": customer.channel_id,
            "customer_id": customer.id,
            "conversation": customer.conversation,
            "notice_id": None,
            "body": {"kind": "text", "text": text},
            "page": 0,
            "created_at": utc_now(),
            "written_by": by,
        }
        assert mailbox.queue_messages(session, [row])


async def test_who_was_never_heard_of_is_told_by_template_only(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    """Such as somebody whose orders came from elsewhere."""
    silence = Silence(database, page, messenger)
    await messenger.meet(NOK)
    await reviewed(silence, "approve")
    with database.transaction() as session:
        make_shop(session)
        customer = customers.meet(session, session.get_one(Channel, page), NOK, "en", utc_now())
        order = make_order(session, customer, make_variant(session))
    await becomes(silence, silence.pays(order), "told")
    assert [one["request"]["messaging_type"] for one in await messenger.seen(NOK)] == ["UTILITY"]
