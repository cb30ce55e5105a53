"""The chats: who waits, what was said, answering as the shop, and slips that have no order yet."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from seller_console.rendering import picture_address
from shop import carts, handoff, orders, privacy, quick_answers
from shop.conversation import Kind
from shop.db import utc_now
from shop.models import (
    AuditEntry,
    Channel,
    Customer,
    InboxEvent,
    Notice,
    Order,
    OutboxMessage,
    ProductPicture,
    Slip,
)
from shop.replies import Card, Cards, Image
from tests.factories import (
    make_customer,
    make_order,
    make_reply,
    make_said,
    make_slip,
    make_variant,
    slip_text,
)
from tests.seller_console.support import EMAIL, send_slip

WORDS = "We have found your parcel <b>at the office</b>."


def someone(database, name="Nok <b>", external_id="nok", **ago):
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1), external_id, name)
        nok.last_inbound_at, nok.language = utc_now() - timedelta(**ago), "en"
        return nok.id


def did(database, customer_id, text, kind=Kind.WORDS, **more):
    with database.transaction() as session:
        return make_said(session, customer_id, text, utc_now(), kind, **more)


def asks_for_person(database, customer_id, **ago):
    with database.transaction() as session:
        handoff.ask_for_person(session, customer_id, utc_now() - timedelta(**ago))


def queued(database):
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def now_of(database, customer_id):
    with database.reading() as session:
        return session.get_one(Customer, customer_id)


async def form_of(ploy, customer_id):
    _, body = await ploy.get(f"/chats/{customer_id}")
    return re.search(r'name="form" value="([^"]+)"', body)[1]


def may_write(body):
    """Whether the form to write with is shown."""
    [form] = re.findall(r"<form[^>]*data-composer[^>]*>", body)
    return " hidden" not in form


def names_in_order(body):
    return [
        html.unescape(name).strip()
        for name in re.findall(r'<span class="name" dir="auto">(.*?)</span>', body, re.S)
    ]


async def test_an_empty_list_says_what_comes_here_and_the_old_address_leads_here(ploy):
    answer, _ = await ploy.get("/waiting")
    assert (answer.status, answer.headers["Location"]) == (303, "/chats")
    _, body = await ploy.get("/chats")
    assert "No chats yet" in body


async def test_who_waits_longest_comes_first_then_a_persons_chats_then_who_wrote_last(database, ploy):
    ids = {name: someone(database, name, name, hours=hour) for hour, name in enumerate("abcd")}
    asks_for_person(database, ids["d"], hours=2)
    asks_for_person(database, ids["c"], hours=1)
    with database.transaction() as session:
        handoff.answered(session, ids["b"], utc_now())
    did(database, ids["d"], "where is <it>?")
    _, body = await ploy.get("/chats")
    assert names_in_order(body) == ["d", "c", "b", "a"]
    assert "where is &lt;it&gt;?" in body and body.count("Waits since") == 2


async def test_the_list_goes_on_page_by_page_and_a_name_is_found(database, ploy):
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        for number in range(95):
            made = make_customer(session, channel, f"c{number}", f"Customer {number:02d}")
            made.last_inbound_at = utc_now() - timedelta(minutes=number // 2)
    found, address = [], "/chats"
    while address:
        _, body = await ploy.get(address)
        found += names_in_order(body)
        older = re.search(r'rel="next" href="([^"]+)"', body)
        address = html.unescape(older[1]) if older else ""
    assert len(found) == len(set(found)) == 95
    _, body = await ploy.get("/chats?q=tomer 42")
    assert names_in_order(body) == ["Customer 42"]
    _, body = await ploy.get("/chats?q=%25")
    assert names_in_order(body) == [] and "Nobody is called like that" in body


async def test_a_chat_shows_all_that_was_said_escaped(database, store, ploy, order):
    nok = order.customer_id
    event_id = did(
        database,
        nok,
        "<script>alert(1)</script> https://evil.example",
        attachments=({"type": "image", "part": 0},),
    )
    did(database, nok, "Buy <Now>", Kind.TAP)
    did(database, nok, "from the phone", Kind.INBOX)
    with database.transaction() as session:
        slip = send_slip(session, store, session.get_one(Order, order.id), str(event_id))
        carts.put(session, nok, make_variant(session, sku="MUG", name_en="Mug").id, 2)
    _, body = await ploy.get(f"/chats/{nok}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; https://evil.example" in body
    assert "<script>alert" not in body and 'href="https://evil' not in body
    assert "Buy &lt;Now&gt;" in body and "From the Page&#39;s inbox" in body
    assert "2 × Mug" in body and order.number in body
    address = html.unescape(re.search(rf'src="(/slips/{slip.id}\?[^"]+)"', body)[1])
    answer, _ = await ploy.get(address)
    assert answer.status == 200 and answer.headers["Content-Type"] == "image/jpeg"


async def test_product_cards_have_their_pictures_and_what_cannot_be_shown_says_where_it_opens(database, ploy):
    nok = someone(database)
    with database.transaction() as session:
        shirt = make_variant(session).product
        shirt.pictures = [ProductPicture(key="public/products/s.jpg", small_key="public/products/t.jpg")]
        session.flush()
        address = picture_address(shirt.pictures[0], "small")
        card = Card("Shirt", "฿250", "https://shop.example/media/public/products/s.jpg")
        make_reply(session, nok, Cards((card,)), utc_now())
        make_reply(session, nok, Image("https://shop.example/bills/t/promptpay.png", "Scan"), utc_now())
    did(database, nok, "", attachments=({"type": "audio"}, {"type": "sticker"}))
    _, body = await ploy.get(f"/chats/{nok}")
    assert f'src="{address}"' in body and "QR to pay with" in body
    inbox = "https://business.facebook.com/latest/inbox/all?asset_id=100"
    assert "Voice message" in body and body.count(f'href="{inbox}"') == 1


async def test_a_customer_without_words_or_with_a_hostile_name_is_shown(database, ploy):
    nok = someone(database, "<script>alert(2)</script>")
    _, body = await ploy.get(f"/chats/{nok}")
    assert "<script>alert" not in body and "No messages are kept." in body
    answer, _ = await ploy.get("/chats/987654")
    assert answer.status == 404


async def test_a_chat_that_was_read_still_waits_for_an_answer(console, database, ploy):
    nok = someone(database)
    asks_for_person(database, nok)
    with database.transaction() as session:
        session.get_one(Customer, nok).unread = 3
    _, body = await ploy.get("/chats")
    assert "not read yet" in body
    await ploy.post(f"/chats/{nok}/read", seen="3")
    _, body = await ploy.get("/chats")
    assert "not read yet" not in body and "Waits since" in body


async def test_a_page_that_is_fetched_has_read_nothing_until_it_says_so(database, ploy):
    nok = someone(database)
    with database.transaction() as session:
        handoff.answered(session, nok, utc_now())
        session.get_one(Customer, nok).unread = 2
    without_script = f'<noscript><img src="/chats/{nok}/read?seen=2" alt=""></noscript>'
    for fragment in ({}, {"X-Fragment": "1"}):
        answer, body = await ploy.get(f"/chats/{nok}", **fragment)
        assert answer.status == 200 and 'data-unread="2"' in body
        assert (without_script in body) == (not fragment)
    _, body = await ploy.get(f"/chats/{nok}?before=1-in-1")  # an older part
    assert "/read?" not in body
    for seen, left in (("", 2), ("nonsense", 2), ("1", 2), ("9" * 30, 2), ("2", 0)):
        answer, _ = await ploy.post(f"/chats/{nok}/read", seen=seen)
        assert (answer.status, now_of(database, nok).unread) == (204, left), seen


async def test_who_waits_is_listed_part_by_part_however_many_they_are(database, ploy):
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        for number in range(95):
            made = make_customer(session, channel, f"c{number}", f"Customer {number:02d}")
            made.last_inbound_at = utc_now() - timedelta(minutes=number)
            handoff.answered(session, made.id, utc_now())
        made.unread = 1
        make_customer(session, channel, "bot", "With the bot")
    found, address = [], "/chats"
    while address:
        _, body = await ploy.get(address)
        found += names_in_order(body)
        further = re.search(r'rel="next" href="(/chats\?held=[^"]+)"', body)
        address = html.unescape(further[1]) if further else ""
    assert found[0] == "Customer 94" and len(found) == len(set(found)) == 96


async def test_what_a_seller_writes_is_queued_once_and_takes_the_chat(database, ploy):
    nok = someone(database, hours=1)
    asks_for_person(database, nok)
    form = await form_of(ploy, nok)
    for _ in range(2):
        answer, _ = await ploy.post(f"/chats/{nok}/write", text=f" {WORDS}\r\nPloy ", form=form)
        assert answer.status == 303
    [row] = queued(database)
    assert (row.written_by, row.body, row.state) == (
        EMAIL,
        {"kind": "text", "text": f"{WORDS}\nPloy"},
        "open",
    )
    assert now_of(database, nok).wants_person_since is None
    assert handoff.is_with_person(now_of(database, nok), utc_now())
    _, body = await ploy.get(answer.headers["Location"])
    assert html.escape(WORDS) in body and "Is being sent" in body and "Ploy" in body
    await ploy.post(f"/chats/{nok}/write", text=WORDS, form=await form_of(ploy, nok))
    assert len(queued(database)) == 2


async def test_what_became_of_it_is_shown(database, ploy):
    nok = someone(database, hours=1)
    await ploy.post(f"/chats/{nok}/write", text=WORDS, form=await form_of(ploy, nok))
    for state, words in (("sent", "Sent"), ("failed", "Not sent"), ("uncertain", "Perhaps not arrived")):
        with database.transaction() as session:
            error = '{"th": "ไม่ได้", "en": "No Human Agent."}' if state != "sent" else None
            session.execute(update(OutboxMessage).values(state=state, error=error))
        _, body = await ploy.get(f"/chats/{nok}")
        assert words in body and ("No Human Agent." in body) == (state != "sent")


async def test_nothing_and_too_much_are_said_and_what_was_typed_stays(database, ploy):
    nok = someone(database)
    answer, body = await ploy.post(f"/chats/{nok}/write", text=" \n", form="x")
    assert answer.status == 409 and "write something or choose a picture first" in body
    answer, body = await ploy.post(f"/chats/{nok}/write", text="ก" * 1901, form="x")
    assert answer.status == 409 and "at most 1900 characters" in body and "ก" * 1901 in body
    assert queued(database) == []


async def test_after_a_day_human_agent_is_named_and_after_seven_nobody_may_write(database, ploy):
    nok = someone(database, days=3)
    _, body = await ploy.get(f"/chats/{nok}")
    assert may_write(body) and re.search(r'data-when="HUMAN_AGENT">[^<]*Human Agent', body)
    with database.transaction() as session:
        session.get_one(Customer, nok).last_inbound_at = utc_now() - timedelta(days=8)
    _, body = await ploy.get(f"/chats/{nok}")
    assert "https://m.me/100?ref=chat" in body and not may_write(body)
    assert re.search(r'<div class="say bad" data-when="closed"><p>[^<]*lets nobody write', body)
    answer, body = await ploy.post(f"/chats/{nok}/write", text=WORDS, form="x")
    assert answer.status == 409 and html.escape(WORDS) in body
    assert re.search(r'role="alert">[^<]*lets nobody write to them. Nothing was sent', body)
    assert queued(database) == []


async def test_an_erased_customer_cannot_be_written_to(database, ploy):
    nok = someone(database)
    did(database, nok, "my words")
    with database.transaction() as session:
        privacy.erase(session, nok, now=utc_now())
    _, body = await ploy.get(f"/chats/{nok}")
    assert "Erased customer" in body and "my words" not in body and not may_write(body)
    answer, _ = await ploy.post(f"/chats/{nok}/write", text=WORDS, form="x")
    assert answer.status == 409 and queued(database) == []


async def test_taking_keeps_the_bot_silent_and_giving_back_tells_the_customer_once(database, ploy):
    nok = someone(database)
    asks_for_person(database, nok)
    answer, _ = await ploy.post(f"/chats/{nok}/take")
    _, body = await ploy.get(answer.headers["Location"])
    assert "The chat is yours" in body and "A person has the chat until" in body
    for _ in range(2):
        answer, _ = await ploy.post(f"/chats/{nok}/back")
    _, body = await ploy.get(answer.headers["Location"])
    assert "The bot has the chat again" in body and "The bot answers" in body
    with database.reading() as session:
        assert not handoff.is_with_person(session.get_one(Customer, nok), utc_now())
        told = select(InboxEvent).where(InboxEvent.kind == handoff.BACK_EVENT)
        assert len(session.scalars(told).all()) == 1


async def test_the_audit_log_says_who_did_it_and_not_what_was_said(database, ploy):
    nok = someone(database)
    form = await form_of(ploy, nok)
    for _ in range(2):  # what was so already is not written down again
        await ploy.post(f"/chats/{nok}/write", text=WORDS, form=form)
    await ploy.post(f"/chats/{nok}/take")  # the bot is silent since the words
    for _ in range(2):
        await ploy.post(f"/chats/{nok}/back")
    for _ in range(2):
        await ploy.post(f"/chats/{nok}/take")
    with database.reading() as session:
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    kept = [(one.by, one.action, one.subject) for one in log if one.action.startswith("chats.")]
    assert kept == [(EMAIL, f"chats.{what}", str(nok)) for what in ("write", "back", "take")]
    assert "parcel" not in str([one.detail for one in log])


def answers(database, *rows):
    with database.transaction() as session:
        for shortcut, text_th, text_en in rows:
            quick_answers.save(session, None, {"shortcut": shortcut, "text_th": text_th, "text_en": text_en})


async def test_a_quick_answer_is_put_in_without_script_and_nothing_is_sent(database, ploy):
    nok = someone(database, "Nok")
    answers(database, ("thanks", "ขอบคุณค่ะ {ชื่อ}", "Thank you, {name}!"))
    _, body = await ploy.get(f"/chats/{nok}")
    assert 'data-text="Thank you, Nok!"' in body
    _, body = await ploy.post(f"/chats/{nok}/answer", answer="thanks", text="Hello.")
    assert re.search(r"<textarea[^>]*>\s*Hello\.\nThank you, Nok!</textarea>", body)
    _, body = await ploy.post(f"/chats/{nok}/write", text="/THANKS ", form="x")
    assert re.search(r"<textarea[^>]*>\s*Thank you, Nok!</textarea>", body)
    answer, body = await ploy.post(f"/chats/{nok}/write", text="/nothing", form="x")
    assert answer.status == 409 and "no quick answer of this name" in body and "/nothing" in body
    assert queued(database) == []


async def test_what_could_not_be_filled_in_is_not_sent(database, ploy):
    nok = someone(database)
    answer, body = await ploy.post(f"/chats/{nok}/write", text="Your order {order} is ready", form="x")
    assert answer.status == 409 and "still to be filled in" in body and queued(database) == []


async def test_staff_keep_the_quick_answers(database, ploy):
    answer, _ = await ploy.post("/chats/answers", shortcut="/Ship", text_th="ส่งแล้ว <b>", text_en="")
    _, body = await ploy.get(answer.headers["Location"])
    assert "Saved." in body and "/ship" in body and "ส่งแล้ว &lt;b&gt;" in body
    answer, body = await ploy.post("/chats/answers", shortcut="ship", text_th="x", text_en="")
    assert answer.status == 409 and "called so already" in body
    for field, value, words in (
        ("shortcut", "", "fill this in"),
        ("shortcut", "a b", "Without spaces"),
        ("text_th", "ก" * 1001, "too long"),
        ("text_th", "", "fill this in"),
    ):
        given = {"shortcut": "new", "text_th": "x", "text_en": "", field: value}
        answer, body = await ploy.post("/chats/answers", **given)
        assert answer.status == 409 and words in body, (field, value)
    await ploy.post("/chats/answers/1", shortcut="shipped", text_th="ส่งแล้วค่ะ", text_en="Shipped")
    _, body = await ploy.get("/chats/answers")
    assert "/shipped" in body and "Shipped" in body
    await ploy.post("/chats/answers/1/remove")
    _, body = await ploy.get("/chats/answers")
    assert "/shipped" not in body
    answer, _ = await ploy.post("/chats/answers/1", shortcut="late", text_th="x", text_en="")
    assert answer.status == 404


def a_loose_slip(database) -> tuple[int, Order]:
    """A slip that came when no order waited, and the order its customer placed later."""
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1), "loose", "Nok <i>")
        slip = make_slip(session, nok, "loose", codes=(slip_text("016328140501BPP00001"),))
        return slip.id, make_order(session, nok, make_variant(session, sku="LATER"), cause="later")


async def test_a_slip_without_an_order_is_counted_shown_and_given_to_one(database, ploy):
    slip_id, order = a_loose_slip(database)
    _, body = await ploy.get("/chats")
    assert 'href="/chats/slips"' in body
    _, body = await ploy.get("/chats/slips")
    assert "Nok &lt;i&gt;" in body and "016328140501BPP00001" in body and f"It is for {order.number}" in body
    for _ in range(2):
        answer, _ = await ploy.post(f"/chats/slips/{slip_id}/order/{order.id}")
        assert answer.headers["Location"] == f"/orders/{order.number}?said=done"
    with database.reading() as session:
        assert session.get_one(Order, order.id).payment_state == "pending"
        assert [notice.kind for notice in session.scalars(select(Notice))] == ["pending"]
    _, body = await ploy.get("/chats/slips")
    assert "Every slip has its order" in body


async def test_an_order_that_has_ended_takes_none_and_the_slip_stays(database, ploy):
    slip_id, order = a_loose_slip(database)
    with database.transaction() as session:
        orders.cancel(session, order.id, now=utc_now())
    answer, _ = await ploy.post(f"/chats/slips/{slip_id}/order/{order.id}")
    _, body = await ploy.get(answer.headers["Location"])
    assert "takes no slip any more" in body and "016328140501BPP00001" in body
    await ploy.post(f"/chats/slips/{slip_id}/done")
    with database.reading() as session:
        assert session.get_one(Slip, slip_id).verdict == "dismissed"


@pytest.mark.parametrize("before", ["", "nonsense", "1-in-1"])
async def test_any_place_in_the_talk_can_be_asked_for(database, ploy, before):
    nok = someone(database)
    for number in range(31):
        did(database, nok, f"words {number}")
    answer, body = await ploy.get(f"/chats/{nok}?before={before}")
    assert answer.status == 200
    if before == "":
        assert "words 30</p>" in body and "words 0<" not in body
        _, body = await ploy.get(html.unescape(re.search(r'href="(/chats/\d+\?before=[^"]+)"', body)[1]))
        assert "words 0<" in body and "words 30</p>" not in body
