"""What reaches the shop: signatures, retries, order, echoes, and the ways the platform can be awkward."""

import asyncio
import hashlib
import hmac
import json

import pytest

from tests.simulator.support import APP, NOK, PAGE, Shop, Simulator, Taken, until

TEXT = {"text": "ขอบคุณค่ะ", "metadata": "order:17"}
THAI = "เอาเสื้อ 2 ตัวค่ะ 😀 https://shop.example/a"


async def test_the_raw_bytes_are_signed_with_escaped_unicode_and_slashes(sim: Simulator, shop: Shop) -> None:
    sent = await sim.say(THAI)
    await sim.idle()
    taken = shop.taken[0]
    for header, algorithm in (("x-hub-signature-256", hashlib.sha256), ("x-hub-signature", hashlib.sha1)):
        name, _, digest = taken.headers[header].partition("=")
        assert name == ("sha256" if algorithm is hashlib.sha256 else "sha1")
        assert digest == hmac.new(b"demo-app-secret", taken.raw, algorithm).hexdigest()
    assert (
        taken.raw.isascii()
        and b"https:\\/\\/shop.example\\/a" in taken.raw
        and b"\\ud83d\\ude00" in taken.raw
    )
    assert taken.body["object"] == "page" and taken.body["entry"][0]["id"] == PAGE
    event = taken.events[0]
    assert event["message"] == {"mid": sent["mid"], "text": THAI}
    assert (event["sender"]["id"], event["recipient"]["id"], event["timestamp"]) == (NOK, PAGE, sent["at"])


async def test_the_old_header_can_be_dropped_and_the_signature_be_wrong(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(sha1_header=False, bad_signature=True)
    await sim.say("hi")
    await sim.idle()
    taken = shop.taken[0]
    assert "x-hub-signature" not in taken.headers
    right = hmac.new(b"demo-app-secret", taken.raw, hashlib.sha256).hexdigest()
    assert taken.headers["x-hub-signature-256"] != f"sha256={right}"


async def test_a_failed_delivery_is_repeated_with_the_same_bytes(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(retry_first=0.02)
    shop.answer = lambda taken: 500 if len(shop.taken) < 4 else 200
    await sim.say("hi")
    await sim.idle()
    assert len(shop.taken) == 4
    assert len({taken.raw for taken in shop.taken}) == 1
    delivery = (await sim.control("/webhooks"))["deliveries"][0]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 500, 500, 200]


async def test_an_answer_that_is_too_slow_is_a_failure(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(webhook_timeout=0.2, retry_first=0.02)
    shop.pause = 1
    await sim.say("hi")
    await until(lambda: len(shop.taken) >= 2)
    shop.pause = 0
    await sim.idle()
    assert len({taken.raw for taken in shop.taken}) == 1


async def test_a_page_that_fails_for_long_is_unsubscribed_until_it_subscribes_again(
    sim: Simulator, shop: Shop
) -> None:
    await sim.scenario(retry_first=0.01, unsubscribe_after_failures=3, unsubscribe_after_seconds=0)
    shop.answer = lambda taken: 503
    await sim.say("lost")
    await sim.idle()
    assert len(shop.taken) == 3
    page = await sim.control(f"/pages/{PAGE}")
    assert page["webhook_state"] == {"state": "disabled", "reason": "HTTP 503"} and page["fields"] == []
    await sim.say("not even tried")
    await sim.idle()
    assert len(shop.taken) == 3
    shop.answer = lambda taken: 200
    await sim.graph("POST", f"{PAGE}/subscribed_apps", {"subscribed_fields": "messages"})
    await sim.say("back")
    await sim.idle()
    assert shop.events()[-1]["message"]["text"] == "back"


async def test_a_page_that_unsubscribes_sends_nothing_until_it_subscribes_again(
    sim: Simulator, shop: Shop
) -> None:
    await sim.graph("DELETE", f"{PAGE}/subscribed_apps")
    await sim.say("nobody reads this")
    await sim.idle()
    assert shop.taken == []
    await sim.graph("POST", f"{PAGE}/subscribed_apps", {"subscribed_fields": "messages"})
    await sim.say("back")
    await sim.idle()
    assert [event["message"]["text"] for event in shop.events()] == ["back"]


async def test_order_is_kept_per_customer_and_customers_do_not_wait_for_each_other(
    sim: Simulator, shop: Shop
) -> None:
    others = [(await sim.control("/customers", {"name": f"ลูกค้า {n}"}))["psid"] for n in range(5)]
    shop.pause = 0.05
    failed_once: set[bytes] = set()

    def now_and_then(taken: Taken) -> int:
        fails = taken.raw not in failed_once and len(failed_once) < 8
        failed_once.add(taken.raw)
        return 500 if fails else 200

    shop.answer = now_and_then
    await sim.scenario(retry_first=0.01)
    messages = [{"psid": psid, "text": f"{n}"} for n in range(6) for psid in [NOK, *others]]
    started = asyncio.get_running_loop().time()
    await sim.control("/burst", {"messages": messages})
    await sim.idle()
    assert asyncio.get_running_loop().time() - started < 36 * 0.05
    for psid in [NOK, *others]:
        texts = [event["message"]["text"] for event in shop.events() if event["sender"]["id"] == psid]
        assert list(dict.fromkeys(texts)) == ["0", "1", "2", "3", "4", "5"]


async def test_a_sent_message_is_echoed_delivered_and_read(sim: Simulator, shop: Shop) -> None:
    await sim.say("hi")
    _, answer = await sim.send(TEXT)
    await until(lambda: shop.events("delivery"))
    echo = shop.events(echo=True)[0]
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (PAGE, NOK)
    assert echo["message"] == {
        "mid": answer["message_id"],
        "is_echo": True,
        "app_id": int(APP),
        "metadata": "order:17",
        "text": "ขอบคุณค่ะ",
    }
    delivery = shop.events("delivery")[0]["delivery"]
    assert delivery == {"mids": [answer["message_id"]], "watermark": echo["timestamp"]}
    await sim.control(f"/customers/{NOK}/read", {})
    await until(lambda: shop.events("read"))
    assert shop.events("read")[0]["read"]["watermark"] >= echo["timestamp"]


async def test_only_subscribed_fields_arrive(sim: Simulator, shop: Shop) -> None:
    await sim.control(f"/pages/{PAGE}", {"fields": ["messages", "message_echoes"]})
    await sim.say("hi")
    await sim.control(f"/customers/{NOK}/tap", {"forced": True, "payload": "P"})
    await sim.send(TEXT)
    await until(lambda: shop.events(echo=True))
    await sim.idle()
    assert len(shop.taken) == 2


async def test_the_message_id_can_differ_from_the_echo(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(message_id_differs=True, delivery_without_mids=True)
    await sim.say("hi")
    _, answer = await sim.send(TEXT)
    await until(lambda: shop.events("delivery"))
    assert shop.events(echo=True)[0]["message"]["mid"] != answer["message_id"]
    assert "mids" not in shop.events("delivery")[0]["delivery"]


async def test_duplicates_and_replays_carry_the_same_bytes(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(duplicate=2)
    await sim.say("hi")
    await sim.idle()
    number = (await sim.control("/webhooks"))["deliveries"][0]["id"]
    await sim.control(f"/webhooks/{number}/replay", {"copies": 2})
    assert len(shop.taken) == 5 and len({taken.raw for taken in shop.taken}) == 1


async def test_events_can_overtake_each_other(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(reorder=True)
    await sim.control("/burst", {"messages": [{"psid": NOK, "text": "1"}, {"psid": NOK, "text": "2"}]})
    await sim.idle()
    assert [event["message"]["text"] for event in shop.events()] == ["2", "1"]


@pytest.mark.parametrize(("batch", "shape"), [("entries", [1, 1, 1]), ("messaging", [3])])
async def test_several_events_can_come_in_one_body(
    sim: Simulator, shop: Shop, batch: str, shape: list[int]
) -> None:
    await sim.scenario(batch=batch, batch_size=3)
    await sim.control("/burst", {"messages": [{"psid": NOK, "text": str(n)} for n in range(4)]})
    await sim.idle()
    assert [len(entry["messaging"]) for entry in shop.taken[0].body["entry"]] == shape
    assert [event["message"]["text"] for event in shop.events()] == ["0", "1", "2", "3"]


async def test_standby_events_come_without_payload(sim: Simulator, shop: Shop) -> None:
    await sim.scenario(standby=True)
    await sim.control(f"/customers/{NOK}/tap", {"forced": True, "payload": "P"})
    await sim.idle()
    entry = shop.taken[0].body["entry"][0]
    assert "messaging" not in entry and entry["standby"][0]["postback"] == {}


async def test_a_human_in_the_inbox_is_echoed_and_takes_the_thread(sim: Simulator, shop: Shop) -> None:
    await sim.control(f"/customers/{NOK}/inbox", {"text": "ผู้ขายตอบเอง"})
    await sim.idle()
    assert shop.events(echo=True)[0]["message"]["app_id"] == 263902037430900
    await sim.control(f"/pages/{PAGE}", {"default_app": "app"})
    await sim.control(f"/customers/{NOK}/inbox", {"text": "อีกครั้ง"})
    await sim.say("hi")
    await sim.idle()
    assert "standby" in shop.taken[-1].body["entry"][0]
    await sim.control(f"/customers/{NOK}/thread", {"owner": "app"})
    await sim.idle()
    control = shop.events("pass_thread_control")[0]["pass_thread_control"]
    assert control["previous_owner_app_id"] == "263902037430900" and control["new_owner_app_id"] == APP


@pytest.mark.parametrize("app_id", [None, 26390203743090])
async def test_the_inbox_may_name_itself_otherwise_or_not_at_all(
    sim: Simulator, shop: Shop, app_id: int | None
) -> None:
    await sim.control(f"/customers/{NOK}/inbox", {"text": "ผู้ขายตอบเอง", "app_id": app_id})
    await sim.idle()
    assert shop.events(echo=True)[0]["message"].get("app_id") == app_id


async def test_taps_carry_what_their_button_promised(sim: Simulator, shop: Shop) -> None:
    await sim.say("hi")
    button = {"type": "postback", "title": "ซื้อเลย"}
    elements = [{"title": f"เสื้อ {n}", "buttons": [{**button, "payload": f"BUY{n}"}]} for n in range(2)]
    payload = {"template_type": "generic", "elements": elements}
    await sim.send({"attachment": {"type": "template", "payload": payload}})
    await sim.control(f"/customers/{NOK}/tap", {"title": "ซื้อเลย", "card": 1})
    replies = [{"content_type": "text", "title": n, "payload": f"Q{n}"} for n in "12"]
    await sim.send({"text": "กี่ตัวคะ", "quick_replies": replies})
    await sim.control(f"/customers/{NOK}/tap", {"title": "2"})
    await sim.idle()
    assert shop.events("postback")[0]["postback"] | {"mid": ""} == {
        "mid": "",
        "title": "ซื้อเลย",
        "payload": "BUY1",
    }
    tapped = shop.events()[-1]["message"]
    assert tapped["text"] == "2" and tapped["quick_reply"] == {"payload": "Q2"}
    async with sim.session.post(
        f"{sim.url}/control/customers/{NOK}/quick-reply", json={"title": "1"}
    ) as answer:
        assert answer.status == 409  # quick replies are gone after the tap


@pytest.mark.parametrize(
    ("style", "types"),
    [("old", ["image"]), ("transition", ["sticker", "image"]), ("new", ["sticker"])],
)
async def test_a_thumb_comes_in_the_style_of_its_time(
    sim: Simulator, shop: Shop, style: str, types: list[str]
) -> None:
    await sim.scenario(sticker_style=style)
    await sim.control(f"/customers/{NOK}/sticker", {})
    await sim.idle()
    attachments = shop.events()[0]["message"]["attachments"]
    assert [item["type"] for item in attachments] == types
    assert all(item["payload"]["sticker_id"] == 369239263222822 for item in attachments)


async def test_photos_come_together_and_their_addresses_expire(sim: Simulator, shop: Shop) -> None:
    files = [{"name": f"{n}.jpg", "type": "image/jpeg", "base64": "/9j/4AAQ"} for n in range(2)]
    await sim.control(f"/customers/{NOK}/photos", {"files": files, "text": "สลิปค่ะ"})
    await sim.idle()
    message = shop.events()[0]["message"]
    urls = [item["payload"]["url"] for item in message["attachments"]]
    assert message["text"] == "สลิปค่ะ" and len(urls) == 2

    async def status(url: str) -> int:
        async with sim.session.get(url) as answer:
            return answer.status

    assert [await status(url) for url in urls] == [200, 200]
    assert await status(urls[0].replace("oe=", "oe=F")) == 403
    await sim.control("/clock", {"hours": 25})
    assert await status(urls[0]) == 403

    await sim.scenario(photo_events="many")
    await sim.control(f"/customers/{NOK}/photos", {"files": files})
    await sim.idle()
    assert [len(event["message"]["attachments"]) for event in shop.events()[1:]] == [1, 1]


async def test_edits_unsends_reactions_links_and_anything_else_arrive(sim: Simulator, shop: Shop) -> None:
    sent = await sim.say("hi")
    await sim.send(TEXT)
    for act, body in (
        ("edit", {"text": "hello"}),
        ("unsend", {}),
        ("react", {"emoji": "❤"}),
        ("referral", {"ref": "order-17"}),
        ("attachment", {"attachments": [{"type": "appointment_booking", "payload": {}}]}),
        ("event", {"optin": {"type": "notification_messages", "payload": "x"}}),
    ):
        await sim.control(f"/customers/{NOK}/{act}", body)
    await sim.idle()
    assert shop.events("message_edit")[0]["message_edit"] == {
        "mid": sent["mid"],
        "text": "hello",
        "num_edit": 1,
    }
    assert {"mid": sent["mid"], "is_deleted": True} in [event["message"] for event in shop.events()]
    assert shop.events("reaction")[0]["reaction"]["reaction"] == "love"
    assert shop.events("referral")[0]["referral"]["ref"] == "order-17"
    assert shop.events("optin")[0]["sender"]["id"] == NOK
    assert shop.events()[-1]["message"]["attachments"][0]["type"] == "appointment_booking"


async def test_any_body_can_be_posted_and_the_handshake_be_tried(sim: Simulator, shop: Shop) -> None:
    assert (await sim.control("/webhook-body", {"body": {"x": "/ก"}}))["status"] == 200
    assert shop.taken[0].raw == b'{"x":"\\/\\u0e01"}' and "x-hub-signature-256" in shop.taken[0].headers
    await sim.control("/webhook-body", {"raw": "not json", "signed": False})
    assert shop.taken[1].raw == b"not json" and "x-hub-signature-256" not in shop.taken[1].headers
    assert (await sim.control("/handshake", {}))["verified"]
    wrong = await sim.control("/handshake", {"verify_token": "no"})
    assert wrong["status"] == 403 and not wrong["verified"]


async def test_waiting_returns_when_the_shop_has_answered(sim: Simulator) -> None:
    sent = await sim.say("hi")
    waiting = asyncio.create_task(sim.control(f"/customers/{NOK}/wait?after={sent['seq']}&timeout=5"))
    await sim.send(TEXT)
    found = await waiting
    assert found["shop_messages"] == 1 and found["messages"][0]["text"] == "ขอบคุณค่ะ"
    assert json.loads(found["messages"][0]["raw"])["message"] == TEXT
    async with sim.session.get(
        f"{sim.url}/control/customers/{NOK}/wait?shop_messages=2&timeout=0.1"
    ) as answer:
        assert answer.status == 408
