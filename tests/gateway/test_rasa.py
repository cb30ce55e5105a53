"""The client of Rasa's door: what it makes of good answers, of bad ones and of none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web as aiohttp_web

from gateway.rasa import Ask, Rasa, RasaAway, TurnFailed
from shop.db import Database
from shop.replies import Button, Card, Cards, Choices, Image, Text, to_json
from talad.settings import Settings
from tests.gateway.fakes import RASA_TOKEN, FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import deliver, running, said

SAID = Ask("1:7001", "8123", "th", text="ราคา", metadata={"channel_id": 1, "media": []})


@pytest.fixture
async def door(rasa: FakeRasa) -> AsyncIterator[Rasa]:
    async with aiohttp.ClientSession() as session:
        yield Rasa(session, rasa.url, RASA_TOKEN)


def answers(rasa: FakeRasa, status: int, body: str) -> None:
    rasa.answer = lambda _: aiohttp_web.Response(status=status, text=body, content_type="application/json")


async def test_typed_words_and_taps_and_notices_are_asked_as_agreed(door: Rasa, rasa: FakeRasa) -> None:
    who = {"conversation": "1:7001", "id": "8123", "language": "th"}
    known = {"channel_id": 1, "media": [], "cause": "8123", "language": "th"}
    await door.turn(SAID)
    await door.turn(Ask("1:7001", "8124", "en", intent="buy_now", entities={"variant": "12"}))
    await door.turn(Ask("1:7001", "8125", "en", intent="notice", entities={"notice": "3"}, notice=True))
    typed, tapped, told = rasa.asked
    assert typed == {**who, "text": "ราคา", "metadata": known}
    assert (tapped["intent"], tapped["entities"], tapped["notice"]) == ("buy_now", {"variant": "12"}, False)
    assert (told["intent"], told["entities"], told["notice"]) == ("notice", {"notice": "3"}, True)
    assert "text" not in tapped and "text" not in told


async def test_rasas_responses_become_neutral_replies_in_their_order(door: Rasa, rasa: FakeRasa) -> None:
    cards = Cards((Card("Mug", "฿120", None, (Button("Buy Now", "/buy_now"),)),), "เพิ่มเติม")
    link = {"title": "Map", "url": "https://example.com/map"}
    rasa.answer = lambda _: [
        {"text": "สวัสดีค่ะ"},
        {"text": "choose", "buttons": [{"title": "Help", "payload": "/help"}, link]},
        {"image": "https://example.com/a.jpg"},
        {"text": "first", "image": "https://example.com/b.jpg", "custom": to_json(cards)},
        {"recipient_id": "1:7001"},
        {"text": "", "buttons": [], "custom": {}},
    ]
    assert (await door.turn(SAID)).replies == [
        Text("สวัสดีค่ะ"),
        Choices("choose", (Button("Help", "/help"), Button("Map", url="https://example.com/map"))),
        Image("https://example.com/a.jpg"),
        Text("first"),
        Image("https://example.com/b.jpg"),
        cards,
    ]


async def test_no_replies_are_no_error(door: Rasa, rasa: FakeRasa) -> None:
    rasa.answer = lambda _: []
    assert (await door.turn(SAID)).replies == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"error": "no conversation"}', TurnFailed),
        (500, '{"error": "the action server is away"}', TurnFailed),
        (502, "<html>", TurnFailed),
        (503, "busy", TurnFailed),
        (302, "", TurnFailed),
        (404, "", RasaAway),
        (503, '{"error": "no model"}', RasaAway),
    ],
)
async def test_each_refusal_says_whether_the_turn_or_rasa_is_to_blame(
    door: Rasa, rasa: FakeRasa, status: int, body: str, error: type[Exception]
) -> None:
    answers(rasa, status, body)
    with pytest.raises(error, match=str(status)):
        await door.turn(SAID)


async def test_another_token_is_named(rasa: FakeRasa) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(RasaAway, match="TALAD_RASA_TOKEN"):
            await Rasa(session, rasa.url, "another").turn(SAID)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        "null",
        "{}",
        '{"replies": null}',
        '{"replies": 5}',
        '{"replies": "hello"}',
        '{"replies": [null]}',
        '{"replies": [["text", "hello"]]}',
        '{"replies": [{"text": "hello", "buttons": [{}]}]}',
        '{"replies": [{"text": "hello", "buttons": ["Help"]}]}',
        '{"replies": [{"text": "hello", "buttons": 1}]}',
        '{"replies": [{"text": "hello", "buttons": [{"title": "", "payload": "/help"}]}]}',
        '{"replies": [{"custom": {"kind": "hologram"}}]}',
        '{"replies": [{"custom": {"kind": "cards", "cards": 3}}]}',
        '{"replies": [{"custom": "cards"}]}',
        '{"replies": [{"custom": [1]}]}',
        '{"replies": [{"text": {"a": 1}}]}',
        '{"replies": [{"text": 5}]}',
        '{"replies": [{"image": 5}]}',
        '{"replies": [{"text": "cut',
        "[" * 100_000,
    ],
)
async def test_an_answer_that_is_not_as_agreed_fails_the_turn(door: Rasa, rasa: FakeRasa, body: str) -> None:
    answers(rasa, 200, body)
    with pytest.raises(TurnFailed):
        await door.turn(SAID)


async def test_what_the_customer_wrote_stands_in_no_error(door: Rasa, rasa: FakeRasa) -> None:
    answers(rasa, 200, '{"replies": [{"custom": {"kind": "ราคา"}}]}')
    with pytest.raises(TurnFailed) as failed:
        await door.turn(Ask("1:7001", "1", "th", text="ความลับ"))
    assert "ความลับ" not in str(failed.value)


async def test_a_turn_without_an_answer_in_time_or_cut_off_has_failed_and_may_have_run(
    rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.rasa.TURN_SECONDS", 0.2)
    rasa.seconds = 5.0
    async with aiohttp.ClientSession() as session:
        with pytest.raises(TurnFailed, match="Timeout"):
            await Rasa(session, rasa.url, RASA_TOKEN).turn(SAID)

        stopping: list[asyncio.Task[None]] = []

        async def cut(_: Any) -> None:
            stopping.append(asyncio.create_task(rasa.stop()))
            await asyncio.sleep(60)

        rasa.seconds, rasa.answer = 0.0, cut
        with pytest.raises(TurnFailed):
            await Rasa(session, rasa.url, RASA_TOKEN).turn(Ask("1:7001", "2", "th", text="x"))
        await asyncio.gather(*stopping)
        with pytest.raises(RasaAway):
            await Rasa(session, rasa.url, RASA_TOKEN).turn(SAID)


async def test_while_rasa_is_away_turns_wait_and_no_try_is_counted(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    async with running(settings) as service:
        await rasa.stop()
        await deliver(service, said("7001", "one"), said("7001", "two"), said("7002", "three"))
        await until(lambda: service.turns.ended["waiting"] >= 3)
        assert {(row.state, row.error) for row in inbox(database)} == {("open", None)}
        answers(rasa, 503, '{"error": "no model"}')
        await rasa.start()
        await until(lambda: rasa.asked)
        rasa.answer = None
        await until(lambda: all_done(database))
    assert graph.texts("7001") == ["re: one", "re: two"]
    assert graph.texts("7002") == ["re: three"]
    assert {(row.state, row.attempts) for row in inbox(database)} == {("done", 1)}
