"""What waits for a person, and having it tried again."""

from __future__ import annotations

from typing import Any

from shop import deletions, payments, replies, views
from shop.models import Channel, InboxEvent, OutboxMessage
from tests.factories import NOW, make_customer
from tests.gateway.waiting import until


def event(session, key="m1", state="dead", **changes: Any):
    row = InboxEvent(
        **{
            "account_id": "100", "key": key, "channel_id": 1, "conversation": "1:nok", "kind": "message",
            "state": state, "raw": {}, "at": NOW, "created_at": NOW, "attempts": 9, "error": "Rasa answered 500",
            **changes,
        }
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def message(
    session, cause="m1", state="failed", reply: replies.Reply = replies.Text("สวัสดีค่ะ"), **changes: Any
):
    row = OutboxMessage(
        **{
            "cause": cause, "part": 0, "channel_id": 1, "customer_id": 1, "conversation": "1:nok", "state": state,
            "body": replies.to_json(reply), "created_at": NOW, "attempts": 3, **changes,
        }
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


async def test_when_everything_works_the_page_says_so_and_the_menu_shows_nothing(ploy):
    _, body = await ploy.get("/problems")
    assert "Everything works" in body and 'data-count="problems" hidden' in body


async def test_what_went_wrong_is_shown_with_its_reason_in_the_sellers_language(database, ploy, order):
    reason = '{"th": "ลูกค้าบล็อกเพจ", "en": "The customer has blocked the Page."}'
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy@example.com", now=NOW)
        session.get_one(Channel, 2).problem = '{"th": "โทเค็นหมดอายุ", "en": "The token has expired."}'
        event(session)
        event(session, "m2", "done")
        message(session, code="551", error=reason, notice_id=1)
        message(session, "m2", "uncertain", replies.Text("<b>hello</b>"))
        message(session, "m3", "sent", replies.Text("never shown"))
    _, body = await ploy.get("/problems")
    for part in (
        "Chiang Mai",
        "The token has expired.",
        "The customer has blocked the Page.",
        "551",
        order.number,
    ):
        assert part in body
    assert "สวัสดีค่ะ" in body and "Rasa answered 500" in body and "Nok" in body
    assert "Trying again may send it twice" in body and "&lt;b&gt;hello" in body
    assert "never shown" not in body
    await ploy.post("/language", language="th", next="/problems")
    _, body = await ploy.get("/problems")
    assert "โทเค็นหมดอายุ" in body and "ลูกค้าบล็อกเพจ" in body


async def test_the_menu_counts_what_waits(database, ploy):
    with database.transaction() as session:
        event(session)
        event(session, "m2")

    async def counted():
        _, body = await ploy.get("/orders")
        return 'data-count="problems">2</span>' in body

    await until(counted)


async def test_try_again_opens_an_event_or_message_once(database, ploy):
    with database.transaction() as session:
        make_customer(session, session.get_one(Channel, 1))
        dead, failed = event(session).id, message(session, error="no").id
    for path in (f"/problems/events/{dead}/again", f"/problems/messages/{failed}/again"):
        await ploy.get("/problems")
        answer, _ = await ploy.post(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/problems?said=again")
    with database.transaction() as session:
        for row in (session.get_one(InboxEvent, dead), session.get_one(OutboxMessage, failed)):
            assert (row.state, row.attempts) == ("open", 0)
            row.state, row.attempts = "done" if isinstance(row, InboxEvent) else "sent", 1
    await ploy.post(f"/problems/events/{dead}/again")  # the other seller's press, too late
    await ploy.post(f"/problems/messages/{failed}/again")
    with database.reading() as session:
        assert session.get_one(InboxEvent, dead).state == "done"
        assert session.get_one(OutboxMessage, failed).state == "sent"


async def test_a_message_of_any_kind_has_a_line_that_sums_it_up(database, ploy):
    bill = replies.Bill("TL-00000007", "Nok", "THB", "PromptPay", (), 0, 0, 0, 0)
    with database.transaction() as session:
        make_customer(session, session.get_one(Channel, 1))
        message(session, "1", reply=replies.Cards((replies.Card("Hat"), replies.Card("Bag"))))
        message(session, "2", reply=replies.Image("https://example.com/x.jpg"))
        message(session, "3", reply=bill)
        message(session, "4", reply=replies.Text("long " * 100))
        message(session, "5").body = {"kind": "from a later version"}
    answer, body = await ploy.get("/problems")
    assert answer.status == 200
    for line in ("Hat, Bag", "A picture", "Bill of TL-00000007", "long…", "A message"):
        assert line in body


async def test_wishes_to_be_forgotten_say_what_to_do_and_can_be_closed(database, ploy, order):
    with database.transaction() as session:
        for code in ("waiting", "unknown"):
            deletions.keep(session, code=code, user_id="990000111122223333", accounts=["100"], now=NOW)
        deletions.settle(session, 1, [order.customer_id], now=NOW)
        deletions.not_settled(session, 2, '{"th": "ไม่พบ", "en": "no such person"}', now=NOW, final=True)
        assert views.count_problems(session) == 2
    _, page = await ploy.get("/problems")
    assert "Customers who want their data deleted" in page and "no such person" in page
    assert (
        f'href="/orders/{order.number}"' in page and "990000111122223333" not in page.partition("wishes")[2]
    )
    for _ in range(2):
        answer, _ = await ploy.post("/problems/wishes/2/close")
        assert answer.status == 303
    with database.reading() as session:
        closed = deletions.by_code(session, "unknown")
        assert (closed.state, closed.user_id) == ("closed", "")
        assert views.count_problems(session) == 1
    assert (await ploy.post("/problems/wishes/77/close"))[0].status == 404
