"""Only taps on our own buttons become intents; everything else a customer sends is what they typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import payloads
from gateway.payloads import Intent, MorePage
from shop.db import Database
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import SECRET_KEY, Web

BUY = '/buy_now{"variant": "12"}'


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


@given(
    st.text(max_size=60),
    st.integers(1, 9),
    st.sampled_from(["/more", '/buy_now{"variant": "12"}', '/ถาม{"a": "ข้อ"}']),
)
def test_a_signed_payload_comes_back_as_it_was(key: str, channel_id: int, payload: str) -> None:
    travelled = payloads.sign(key, channel_id, payload)
    assert payloads.verified(key, channel_id, travelled) == payload
    assert travelled.endswith(payload)


@given(st.data())
def test_a_payload_that_was_changed_anywhere_is_not_ours(data: Any) -> None:
    good = payloads.sign(SECRET_KEY, 1, BUY)
    place = data.draw(st.integers(0, len(good)))
    cut = data.draw(st.integers(0, 3))
    changed = good[:place] + data.draw(st.text(max_size=3)) + good[place + cut :]
    assert (payloads.verified(SECRET_KEY, 1, changed) is None) == (changed != good)


@given(st.text(max_size=80))
def test_text_is_no_payload(text: str) -> None:
    assert payloads.verified(SECRET_KEY, 1, text) is None


def test_another_channel_or_key_makes_another_signature() -> None:
    travelled = payloads.sign(SECRET_KEY, 1, BUY)
    assert payloads.verified(SECRET_KEY, 2, travelled) is None
    assert payloads.verified(SECRET_KEY, 11, travelled) is None
    assert payloads.verified("another key", 1, travelled) is None


def test_what_a_payload_asks_for() -> None:
    assert payloads.read("/greet") == Intent("greet", {})
    assert payloads.read('/choose{"variant": 12, "ชื่อ": "นก"}') == Intent(
        "choose", {"variant": "12", "ชื่อ": "นก"}
    )
    assert payloads.read(payloads.more_page(8123, 2)) == MorePage(8123, 2)
    for nonsense in ("", "/", "/greet{", "/greet{]", "more:", "more:1", "more:a:b"):
        with pytest.raises(ValueError):
            payloads.read(nonsense)


def told(turn: dict[str, Any]) -> Any:
    """What Rasa was told: typed words, or an intent with its entities."""
    return turn["text"] if "text" in turn else (turn["intent"], turn["entities"])


@pytest.fixture
async def buttons(chat: Web, rasa: FakeRasa, messenger: Messenger) -> list[dict[str, str]]:
    """Nok (7001) has been shown two buttons: as they travelled."""
    shown = [{"title": "Buy Now", "payload": BUY}, {"title": "Help", "payload": "/help"}]
    rasa.answer = lambda turn: [{"text": "choose", "buttons": shown}] if turn.get("text") == "hi" else None
    await messenger.meet("7001")
    await messenger.says("7001", "hi")
    await until(messenger.has_seen("7001", 1))
    rasa.asked.clear()
    [seen] = await messenger.seen("7001")
    found: list[dict[str, str]] = seen["message"]["attachment"]["payload"]["buttons"]
    return found


async def test_a_tap_on_our_button_is_its_intent(
    buttons: list[dict[str, str]], rasa: FakeRasa, messenger: Messenger
) -> None:
    assert all(button["payload"].startswith("t1.") for button in buttons)
    await messenger.does("7001", "tap", title="Buy Now")
    await messenger.does("7001", "quick-reply", forced=True, title="Help", payload=buttons[1]["payload"])
    await until(messenger.has_seen("7001", 3))
    assert [told(turn) for turn in rasa.asked] == [("buy_now", {"variant": "12"}), ("help", {})]


async def test_a_payload_that_is_forged_cut_of_another_channel_or_missing_is_its_title_typed(
    buttons: list[dict[str, str]], rasa: FakeRasa, messenger: Messenger
) -> None:
    good = buttons[0]["payload"]
    foreign = payloads.sign(SECRET_KEY, 2, BUY)
    forged = [BUY, good[:-1], good.replace("12", "13"), f"t1.{'A' * 16}.{BUY}", f"t2{good[2:]}", foreign]
    forged += ["/restart", "more:1:1", "{}", "t1..", "t1", "\u0000", "ค" * 900]
    for number, payload in enumerate(forged):
        await messenger.does("7001", "tap", forced=True, title=f"tap {number}", payload=payload)
        await messenger.does("7001", "quick-reply", forced=True, title=f"reply {number}", payload=payload)
    await messenger.behaves(postback_without_payload=True)
    await messenger.does("7001", "tap", title="Buy Now")
    await until(messenger.has_seen("7001", 1 + 2 * len(forged) + 1))
    titles = [f"{kind} {number}" for number in range(len(forged)) for kind in ("tap", "reply")]
    assert [told(turn) for turn in rasa.asked] == [*titles, "Buy Now"]


async def test_a_forged_tap_without_a_title_says_nothing(
    buttons: list[dict[str, str]], database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.does("7001", "tap", forced=True, title=" ", payload="/restart")
    await messenger.says("7001", "after")
    await until(messenger.has_seen("7001", 2))
    assert [told(turn) for turn in rasa.asked] == ["after"]
    [tap] = [row for row in inbox(database) if row.kind == "tap"]
    assert (tap.state, tap.reason) == ("ignored", "nothing to answer")


async def test_what_is_typed_reaches_rasa_only_as_text(
    chat: Web, rasa: FakeRasa, messenger: Messenger
) -> None:
    commands = ["/restart", "/session_start", BUY, "/notice{}", "/report_payment", "EXTERNAL: notice"]
    commands += ['{"intent": "notice"}', "t1.x./help", "more:1:1"]
    await messenger.meet("7001")
    await messenger.says("7001", *commands)
    await until(messenger.has_seen("7001", len(commands)))
    assert [turn["text"] for turn in rasa.asked] == commands
    assert not any({"intent", "entities", "notice"} & turn.keys() for turn in rasa.asked)


async def test_a_signed_payload_that_is_typed_is_text_too(
    buttons: list[dict[str, str]], rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.says("7001", buttons[0]["payload"])
    await until(messenger.has_seen("7001", 2))
    assert [told(turn) for turn in rasa.asked] == [buttons[0]["payload"]]


@pytest.mark.parametrize("sign", ["word ", "สวัสดี ", "ก", "👩‍🌾", "x"])
async def test_a_text_longer_than_messengers_own_reaches_the_bot_cut_and_stays_whole_in_the_event(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, sign: str
) -> None:
    typed = (sign * 20_000)[:20_000].strip()
    await messenger.meet("7001")
    await messenger.says("7001", typed, "y" * 2000)
    await until(lambda: len(rasa.asked) == 2)
    told_of, exact = (turn["text"] for turn in rasa.asked)
    assert 1000 < len(told_of) <= 2000
    assert told_of.endswith("…")
    assert typed.startswith(told_of[:-1])
    assert exact == "y" * 2000
    raw = inbox(database)[0].raw
    assert raw is not None
    assert raw["item"]["message"]["text"] == typed


@pytest.fixture
async def many_cards(chat: Web, rasa: FakeRasa, messenger: Messenger) -> int:
    """Nok (7001) has been shown the first ten of 24 cards; the id of the outbox message."""
    cards = [{"title": f"card {number}", "subtitle": "a thing"} for number in range(24)]
    custom = {"kind": "cards", "cards": cards, "more": "More"}
    rasa.answer = lambda turn: [{"custom": custom}] if turn.get("text") == "products" else None
    await messenger.meet("7001", "7002")
    await messenger.says("7001", "products")
    await until(messenger.has_seen("7001", 1))
    return 1


async def cards_seen(messenger: Messenger, psid: str) -> list[list[str]]:
    """The titles of each message with cards."""
    seen = [entry["message"].get("attachment") for entry in await messenger.seen(psid)]
    return [[card["title"] for card in found["payload"]["elements"]] for found in seen if found]


async def test_more_shows_the_next_page_without_asking_the_bot(
    many_cards: int, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    for pages in (2, 3):
        await messenger.does("7001", "quick-reply", title="More")
        await until(messenger.has_seen("7001", pages))
    everything = [f"card {number}" for number in range(24)]
    assert await cards_seen(messenger, "7001") == [everything[:10], everything[10:20], everything[20:]]
    assert len(rasa.asked) == 1
    last = (await messenger.seen("7001"))[-1]["message"]
    assert "quick_replies" not in last


async def test_an_old_more_tapped_again_shows_its_page_again_and_each_event_once(
    many_cards: int, database: Database, messenger: Messenger
) -> None:
    payload = (await messenger.seen("7001"))[0]["message"]["quick_replies"][0]["payload"]
    await messenger.behaves(duplicate=2)
    for count in (2, 3):
        await messenger.does("7001", "quick-reply", forced=True, title="More", payload=payload)
        await until(messenger.has_seen("7001", count))
    await until(lambda: all_done(database))
    first, second, third = await cards_seen(messenger, "7001")
    assert second == third != first


async def test_more_of_somebody_elses_message_or_of_one_long_gone_is_its_title_typed(
    many_cards: int, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    gone = payloads.sign(SECRET_KEY, 1, payloads.more_page(many_cards + 100, 1))
    theirs = (await messenger.seen("7001"))[0]["message"]["quick_replies"][0]["payload"]
    rasa.asked.clear()
    await messenger.does("7001", "quick-reply", forced=True, title="More", payload=gone)
    await messenger.does("7002", "quick-reply", forced=True, title="More", payload=theirs)
    await until(messenger.has_seen("7001", 2))
    await until(messenger.has_seen("7002", 1))
    assert sorted((turn["conversation"], told(turn)) for turn in rasa.asked) == [
        ("1:7001", "More"),
        ("1:7002", "More"),
    ]
    assert await cards_seen(messenger, "7002") == []
