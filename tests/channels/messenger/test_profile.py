"""A Page's set-up and its check."""

from __future__ import annotations

import pytest

from channels.base import Sentence
from channels.messenger import profile
from channels.messenger.profile import MenuItem, PageSetup, Result, check, set_up, subscribe
from channels.messenger.send import Client
from tests.channels.messenger.conftest import PAGE
from tests.channels.messenger.fake_graph import Answer, FakeGraph

GREETING: Sentence = {"th": "ยินดีต้อนรับค่ะ", "en": "Welcome"}
PRODUCTS = MenuItem({"th": "สินค้า", "en": "Products"}, payload="/products")
STORE = MenuItem({"th": "หน้าร้าน", "en": "Store"}, url="https://shop.example/")
ME = Answer({"id": PAGE, "name": "Baan Talad"})
DONE = Answer({"result": "success"})
SUBSCRIBED = Answer({"success": True})


def setup(public_url: str | None = None) -> PageSetup:
    return PageSetup(GREETING, (PRODUCTS, STORE), "/get_started", public_url)


def outcome(results: list[Result]) -> list[tuple[str, bool]]:
    return [(result.step, result.ok) for result in results]


async def test_set_up_sends_menu_greeting_and_subscription(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(ME, DONE, DONE, SUBSCRIBED)
    results = await set_up(client, setup("https://shop.example/store"), sign=lambda payload: f"t1.{payload}")
    assert outcome(results) == [("token", True), ("profile", True), ("domains", True), ("subscription", True)]
    _, page, domains, subscription = graph.asked
    assert page.path == f"/v26.0/{PAGE}/messenger_profile"
    assert page.json["get_started"] == {"payload": "t1./get_started"}
    assert page.json["greeting"] == [
        {"locale": "default", "text": "Welcome"},
        {"locale": "th_TH", "text": "ยินดีต้อนรับค่ะ"},
    ]
    default, thai = page.json["persistent_menu"]
    assert (default["locale"], thai["locale"]) == ("default", "th_TH")
    assert thai["call_to_actions"] == [
        {"type": "postback", "title": "สินค้า", "payload": "t1./products"},
        {"type": "web_url", "title": "หน้าร้าน", "url": "https://shop.example/"},
    ]
    assert domains.json == {"whitelisted_domains": ["https://shop.example/"]}
    assert subscription.path == f"/v26.0/{PAGE}/subscribed_apps"
    fields = subscription.query["subscribed_fields"].split(",")
    assert {"messages", "messaging_postbacks", "message_echoes", "standby"} <= set(fields)
    assert "response_feedback" not in fields


@pytest.mark.parametrize(
    "url", [None, "http://shop.example", "https://localhost:8001", "https://192.0.2.1", "https://[::1]"]
)
async def test_addresses_that_meta_refuses_are_not_offered(
    client: Client, graph: FakeGraph, url: str | None
) -> None:
    graph.will_answer(ME, DONE, SUBSCRIBED)
    results = await set_up(client, setup(url), sign=str)
    assert [result.step for result in results] == ["token", "profile", "subscription"]


async def test_a_refused_step_says_why_and_the_others_go_on(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(ME)
    graph.will_refuse(4)
    graph.will_answer(SUBSCRIBED)
    results = await set_up(client, setup(), sign=str)
    assert outcome(results) == [("token", True), ("profile", False), ("subscription", True)]
    assert results[1].error is not None and results[1].error.meaning == "rate_limit"
    assert results[1].sentence == results[1].error.sentence


async def test_a_field_that_meta_does_not_know_does_not_cost_the_needed_ones(
    client: Client, graph: FakeGraph
) -> None:
    graph.will_refuse(100)
    graph.will_answer(SUBSCRIBED)
    assert (await subscribe(client)).ok
    assert graph.asked[1].query["subscribed_fields"] == ",".join(profile.NEEDED_FIELDS)


async def test_a_token_of_another_page_is_named(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer({"id": "5", "name": "Other shop"}))
    result = await profile.check_token(client)
    assert not result.ok
    assert "Other shop (5)" in result.sentence["en"] and "Other shop (5)" in result.sentence["th"]


async def test_a_healthy_page_passes_its_check(client: Client, graph: FakeGraph) -> None:
    apps = [{"id": "1", "subscribed_fields": ["feed"]}, {"id": 2, "subscribed_fields": list(profile.FIELDS)}]
    graph.will_answer(ME, Answer({"data": {"is_valid": True, "expires_at": 0}}), Answer({"data": apps}))
    assert outcome(await check(client, app_id="2")) == [
        ("token", True),
        ("token_kind", True),
        ("subscription", True),
    ]


async def test_a_check_finds_an_expiring_token_and_a_lost_subscription(
    client: Client, graph: FakeGraph
) -> None:
    graph.will_answer(
        ME, Answer({"data": {"is_valid": True, "expires_at": 1800000000}}), Answer({"data": []})
    )
    results = await check(client)
    assert outcome(results) == [("token", True), ("token_kind", False), ("subscription", False)]
    assert "messages" in results[2].sentence["en"]


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": "x"}, {"data": [None, {"subscribed_fields": 5}]}]
)
async def test_odd_answers_are_findings_not_errors(
    client: Client, graph: FakeGraph, body: dict[str, object]
) -> None:
    graph.will_answer(Answer(body), Answer(body), Answer(body))
    assert [result.ok for result in await check(client)] == [False, False, False]


def test_what_messenger_would_refuse_is_said_before_anything_is_sent() -> None:
    long: Sentence = {"th": "ก" * 161, "en": "x"}
    with pytest.raises(ValueError, match="greeting"):
        PageSetup(long, (PRODUCTS,), "/get_started")
    with pytest.raises(ValueError, match="menu label"):
        PageSetup(GREETING, (MenuItem({"th": "ก" * 31, "en": "x"}, payload="/x"),), "/get_started")
    with pytest.raises(ValueError, match="21 entries"):
        PageSetup(GREETING, (PRODUCTS,) * 21, "/get_started")
    with pytest.raises(ValueError, match="either"):
        PageSetup(GREETING, (MenuItem(PRODUCTS.label),), "/get_started")
