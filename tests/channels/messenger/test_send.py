"""The Send API client against a Graph API on loopback: what goes out, and what each failure becomes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from channels.base import Scope, SendError, Sent
from channels.messenger.send import Client, Profile
from tests.channels.messenger.conftest import PAGE
from tests.channels.messenger.fake_graph import Answer, FakeGraph

HELLO = {"text": "สวัสดีค่ะ"}


async def failure(client: Client, message: dict[str, Any] = HELLO) -> SendError:
    with pytest.raises(SendError) as caught:
        await client.send("7", message)
    return caught.value


async def test_a_message_goes_to_the_page_with_token_and_proof(client: Client, graph: FakeGraph) -> None:
    sent = await client.send("7", HELLO, messaging_type="UPDATE", metadata="outbox:17")
    assert sent == Sent("m_1")
    [asked] = graph.asked
    assert (asked.method, asked.path) == ("POST", f"/v26.0/{PAGE}/messages")
    assert asked.headers["Authorization"] == "Bearer page-token"
    proof = hmac.new(b"app-secret", b"page-token", hashlib.sha256).hexdigest()
    assert asked.query == {"appsecret_proof": proof}
    assert asked.json == {
        "recipient": {"id": "7"},
        "messaging_type": "UPDATE",
        "message": {"text": "สวัสดีค่ะ", "metadata": "outbox:17"},
    }


async def test_without_an_app_secret_no_proof_is_sent(client: Client, graph: FakeGraph) -> None:
    client.credentials = replace(client.credentials, app_secret=None)
    await client.send("7", HELLO)
    assert graph.asked[0].query == {}
    assert graph.asked[0].json["messaging_type"] == "RESPONSE"


@pytest.mark.parametrize(
    ("code", "subcode", "meaning", "permanent", "scope"),
    [
        (1, None, "temporary", False, Scope.MESSAGE),
        (2, None, "temporary", False, Scope.MESSAGE),
        (1200, None, "temporary", False, Scope.MESSAGE),
        (1, 99, "permission", True, Scope.ACCOUNT),
        (4, None, "rate_limit", False, Scope.ACCOUNT),
        (613, 2534040, "rate_limit", False, Scope.ACCOUNT),
        (80006, None, "rate_limit", False, Scope.ACCOUNT),
        (613, 2018338, "policy", True, Scope.ACCOUNT),
        (368, None, "policy", True, Scope.ACCOUNT),
        (10, 2018278, "window_closed", True, Scope.MESSAGE),
        (10, 2018108, "unavailable", True, Scope.MESSAGE),
        (10, 1893063, "policy", True, Scope.ACCOUNT),
        (10, None, "permission", True, Scope.ACCOUNT),
        (10, 2018300, "other_app", True, Scope.MESSAGE),
        (2018300, None, "other_app", True, Scope.MESSAGE),
        (100, 2018001, "no_such_person", True, Scope.MESSAGE),
        (100, 1893061, "invalid", True, Scope.MESSAGE),
        (100, 33, "invalid", True, Scope.MESSAGE),
        (100, 2018008, "picture_not_fetched", False, Scope.MESSAGE),
        (100, 2018047, "picture", True, Scope.MESSAGE),
        (100, None, "invalid", True, Scope.MESSAGE),
        (190, 463, "token", True, Scope.ACCOUNT),
        (200, 2018028, "not_a_tester", True, Scope.MESSAGE),
        (200, 1545041, "unavailable", True, Scope.MESSAGE),
        (551, 1893047, "unavailable", True, Scope.MESSAGE),
        (9000001, None, "deleted", True, Scope.MESSAGE),
        (-1, None, "unknown", False, Scope.MESSAGE),
    ],
)
async def test_each_row_of_metas_error_table(
    client: Client,
    graph: FakeGraph,
    code: int,
    subcode: int | None,
    meaning: str,
    permanent: bool,
    scope: Scope,
) -> None:
    graph.will_refuse(code, subcode)
    error = await failure(client)
    assert (error.code, error.subcode) == (code, subcode)
    assert (error.meaning, error.permanent, error.scope) == (meaning, permanent, scope)
    assert not error.uncertain
    assert error.sentence["th"] and error.sentence["en"]
    assert "refused" in str(error)


async def test_a_rate_limit_pauses_the_page_as_long_as_meta_says(client: Client, graph: FakeGraph) -> None:
    usage = {PAGE: [{"type": "pages"}, {"type": "messenger", "estimated_time_to_regain_access": 7}]}
    graph.will_refuse(80006, headers={"X-Business-Use-Case-Usage": json.dumps(usage)})
    assert (await failure(client)).retry_after == 7 * 60


@pytest.mark.parametrize(
    "header", ["", "not json", "[]", '{"1": 5}', '{"1": [{}]}', '{"1": [null, "x"]}', "[" * 9999]
)
async def test_a_rate_limit_without_a_usable_time_pauses_a_minute(
    client: Client, graph: FakeGraph, header: str
) -> None:
    headers = {"X-Business-Use-Case-Usage": header[:4000], "X-App-Usage": '{"call_count": 100}'}
    graph.will_refuse(4, headers=headers)
    assert (await failure(client)).retry_after == 60


async def test_an_unknown_error_that_meta_calls_transient_is_temporary(
    client: Client, graph: FakeGraph
) -> None:
    graph.will_refuse(77777, is_transient=True)
    assert (await failure(client)).meaning == "temporary"


@pytest.mark.parametrize(
    ("answer", "meaning", "uncertain"),
    [
        (Answer("<html>Bad gateway</html>", 502), "temporary", True),
        (Answer("", 500), "temporary", True),
        (Answer("", 503), "temporary", False),
        (Answer("", 429), "rate_limit", False),
        (Answer("<html>Blocked</html>", 403), "unknown", False),
        (Answer("", 302, {"Location": "http://127.0.0.1:1/"}), "unknown", False),
        (Answer("", 200), "temporary", True),
        (Answer(["list"], 200), "temporary", True),
        (Answer({"recipient_id": "7"}, 200), "unknown", True),
        (Answer({"error": "a word"}, 400), "unknown", False),
        (Answer({"error": {"code": "190"}}, 400), "token", False),
        (Answer({"error": {"code": None, "message": 5}}, 500), "temporary", True),
    ],
)
async def test_answers_that_are_no_graph_answers(
    client: Client, graph: FakeGraph, answer: Answer, meaning: str, uncertain: bool
) -> None:
    graph.will_answer(answer)
    error = await failure(client)
    assert (error.meaning, error.uncertain) == (meaning, uncertain)


async def test_no_answer_in_time_leaves_open_whether_it_arrived(client: Client, graph: FakeGraph) -> None:
    client.timeout = 0.2
    graph.will_answer(Answer(delay=2))
    error = await failure(client)
    assert (error.meaning, error.uncertain, error.permanent) == ("temporary", True, False)


async def test_a_dropped_connection_leaves_open_whether_it_arrived(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer(drop=True))
    assert (await failure(client)).uncertain


async def test_an_unreachable_server_has_surely_not_got_it(
    session: aiohttp.ClientSession, client: Client
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client.credentials = replace(
            client.credentials, api_url=f"http://127.0.0.1:{unused.getsockname()[1]}/v26.0"
        )
        error = await failure(client)
    assert (error.meaning, error.uncertain, error.scope) == ("unreachable", False, Scope.ACCOUNT)


@pytest.mark.parametrize(
    ("token", "url"), [("to\nken", None), ("token", "no address"), ("token", "http://[")]
)
async def test_settings_that_no_request_can_be_made_of(client: Client, token: str, url: str | None) -> None:
    client.credentials = replace(client.credentials, token=token, api_url=url or client.credentials.api_url)
    error = await failure(client)
    assert (error.meaning, error.permanent) == ("settings", True)
    assert "to\nken" not in str(error)


async def test_the_token_is_never_in_an_address_or_an_error(client: Client, graph: FakeGraph) -> None:
    graph.will_refuse(190)
    error = await failure(client)
    assert "page-token" not in repr(error) + str(error) + repr(client.credentials)
    assert "page-token" not in json.dumps(graph.asked[0].query) + graph.asked[0].path


async def test_a_bill_shown_again_gets_a_number_of_its_own(client: Client, graph: FakeGraph) -> None:
    receipt = {"template_type": "receipt", "order_number": "TL-482913"}
    message = {"attachment": {"type": "template", "payload": receipt}}
    graph.will_refuse(100)
    assert await client.send("7", message) == Sent("m_1")
    numbers = [asked.json["message"]["attachment"]["payload"]["order_number"] for asked in graph.asked]
    assert numbers[0] == "TL-482913"
    assert numbers[1].startswith("TL-482913/") and len(numbers[1]) <= 20


async def test_another_message_that_is_refused_is_not_sent_twice(client: Client, graph: FakeGraph) -> None:
    graph.will_refuse(100)
    await failure(client)
    assert len(graph.asked) == 1


async def test_typing_and_seen_marks_never_raise(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer({"recipient_id": "7"}), Answer("", 500), Answer(drop=True))
    await client.typing("7")
    await client.typing("7", on=False)
    await client.mark_seen("7")
    assert [asked.json["sender_action"] for asked in graph.asked] == ["typing_on", "typing_off", "mark_seen"]
    assert all("message" not in asked.json for asked in graph.asked)


async def test_cancelling_a_typing_mark_is_not_swallowed(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer(delay=5))
    task = asyncio.create_task(client.typing("7"))
    await asyncio.wait_for(graph.reached.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_profile_is_asked_without_the_locale_when_that_is_refused(
    client: Client, graph: FakeGraph
) -> None:
    graph.will_refuse(100)
    graph.will_answer(Answer({"first_name": "นก", "last_name": "ใจดี", "id": "7"}))
    assert await client.profile("7") == Profile("นก ใจดี", None)
    assert [asked.path for asked in graph.asked] == ["/v26.0/7", "/v26.0/7"]


async def test_a_profile_gives_name_and_locale(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer({"first_name": "Nok", "locale": "th_TH"}))
    assert await client.profile("7") == Profile("Nok", "th_TH")


@pytest.mark.parametrize(
    "answer", [Answer({}), Answer({"first_name": 5}), Answer({"id": "7", "last_name": " "})]
)
async def test_a_profile_without_a_name_is_none(client: Client, graph: FakeGraph, answer: Answer) -> None:
    graph.will_answer(answer)
    assert await client.profile("7") is None


async def test_a_profile_that_is_refused_is_none(client: Client, graph: FakeGraph) -> None:
    graph.will_refuse(230)
    graph.will_refuse(100, 2018218)
    assert await client.profile("../me") is None
    assert graph.asked[0].path == "/v26.0/../me"


async def test_a_picture_is_uploaded_as_a_file(client: Client, graph: FakeGraph) -> None:
    graph.will_answer(Answer({"attachment_id": 1857777774821032}))
    assert await client.upload(b"\x89PNG", "image/png") == "1857777774821032"
    [asked] = graph.asked
    assert asked.path == f"/v26.0/{PAGE}/message_attachments"
    assert json.loads(asked.form["message"]) == {
        "attachment": {"type": "image", "payload": {"is_reusable": True}}
    }
    assert asked.form["filedata"] == b"\x89PNG"
