"""Taking a Page's set-up away again."""

from __future__ import annotations

from typing import Any

import pytest

from channels.messenger.profile import Result
from channels.messenger.removal import hide, is_token, unsubscribe
from channels.messenger.send import Client
from tests.channels.messenger.conftest import PAGE
from tests.channels.messenger.fake_graph import Answer, FakeGraph

DONE = Answer({"result": "success"})
GREETING = [{"locale": "default", "text": "Welcome"}]


def menu(payload: str) -> list[dict[str, Any]]:
    taps = [{"type": "web_url", "title": "Shop", "url": "https://shop.example/"}]
    return [{"locale": "default", "call_to_actions": [*taps, {"type": "postback", "payload": payload}]}]


OURS = {"get_started": {"payload": "t1./get_started"}, "greeting": GREETING, "persistent_menu": menu("t1./p")}


async def hidden(client: Client, url: str = "") -> Result:
    return await hide(client, public_url=url, is_ours=lambda payload: payload.startswith("t1."))


async def test_what_we_have_set_is_removed_and_nothing_else(client: Client, graph: FakeGraph) -> None:
    shown = {**OURS, "whitelisted_domains": ["https://shop.example"], "ice_breakers": [{"question": "Hi?"}]}
    graph.will_answer(Answer({"data": [shown]}), DONE)
    result = await hidden(client, "https://shop.example/store")
    assert result.ok and "taken out" in result.sentence["en"]
    looked, removed = graph.asked
    assert looked.path == removed.path == f"/v26.0/{PAGE}/messenger_profile"
    assert (looked.method, removed.method) == ("GET", "DELETE")
    assert set(removed.json["fields"]) == {*OURS, "whitelisted_domains"}


@pytest.mark.parametrize(
    ("shown", "fields"),
    [
        ({**OURS, "whitelisted_domains": ["https://other.example"]}, set(OURS)),
        ({**OURS, "whitelisted_domains": ["https://shop.example/", "https://other.example/"]}, set(OURS)),
        # without "Get started" another app's menu would go too
        ({**OURS, "persistent_menu": menu("THEIRS")}, set()),
        ({**OURS, "get_started": {"payload": "THEIRS"}}, {"persistent_menu"}),
        ({"get_started": {"payload": "THEIRS"}, "persistent_menu": menu("THEIRS")}, set()),
    ],
)
async def test_what_another_app_has_set_since_stays(
    client: Client, graph: FakeGraph, shown: dict[str, Any], fields: set[str]
) -> None:
    graph.will_answer(Answer({"data": [shown]}), DONE)
    result = await hidden(client, "https://shop.example")
    assert result.ok and ("another app" in result.sentence["en"]) == (not fields)
    assert {name for asked in graph.asked[1:] for name in asked.json["fields"]} == fields


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": "x"}, {"data": [None, {"persistent_menu": 5}]}]
)
async def test_where_nothing_is_left_nothing_is_removed(
    client: Client, graph: FakeGraph, body: dict[str, Any]
) -> None:
    graph.will_answer(Answer(body))
    assert (await hidden(client)).ok
    assert len(graph.asked) == 1


async def test_the_page_is_unsubscribed(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer({"success": True}))
    assert (await unsubscribe(client)).ok
    [asked] = graph.asked
    assert (asked.method, asked.path) == ("DELETE", f"/v26.0/{PAGE}/subscribed_apps")


async def test_a_refused_step_says_why(client: Client, graph: FakeGraph) -> None:
    graph.will_refuse(190)
    graph.will_refuse(10)
    dead, other = await hidden(client), await unsubscribe(client)
    assert not dead.ok and is_token(dead)
    assert not other.ok and not is_token(other) and other.error is not None
    assert other.sentence == other.error.sentence
