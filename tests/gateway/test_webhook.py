"""The contract of `/webhooks/messenger`, sentence by sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.app import MOST_BYTES
from shop.db import Database
from tests.gateway.fakes import FakeGraph
from tests.gateway.rows import all_done, inbox, outbox
from tests.gateway.waiting import until
from tests.gateway.world import APP_SECRET, PAGE, VERIFY_TOKEN, Web, body, connect, happened, said, signed

HOOK = "/webhooks/messenger"


def handshake(**changes: str) -> dict[str, str]:
    query = {"mode": "subscribe", "verify_token": VERIFY_TOKEN, "challenge": "1158201444", **changes}
    return {f"hub.{name}": value for name, value in query.items()}


async def test_the_right_token_gets_the_raw_challenge(web: Web) -> None:
    status, text, answer = await web.get(HOOK, params=handshake())
    assert (status, text) == (200, "1158201444")
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(
    "changes", [{"verify_token": "wrong"}, {"verify_token": ""}, {"mode": "unsubscribe"}]
)
async def test_any_other_handshake_gets_403(web: Web, changes: dict[str, str]) -> None:
    status, text, _ = await web.get(HOOK, params=handshake(**changes))
    assert status == 403
    assert "1158201444" not in text


async def test_a_handshake_without_anything_gets_403(web: Web) -> None:
    assert (await web.get(HOOK))[0] == 403


async def test_the_token_of_the_settings_is_right_without_any_page(web: Web) -> None:
    assert (await web.get(HOOK, params=handshake(verify_token="of the settings")))[0] == 200


async def test_a_signed_event_is_in_the_inbox_when_200_arrives(web: Web, database: Database) -> None:
    event = said("7001", "สวัสดีค่ะ 🌿")
    assert await web.deliver(event) == 200
    [row] = inbox(database)
    assert (row.account_id, row.key, row.conversation) == (PAGE, f"mid:{event['message']['mid']}", "1:7001")
    assert row.raw is not None
    assert row.raw["item"]["message"]["text"] == "สวัสดีค่ะ 🌿"


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=00", "sha1=abc", "รหัส"])
async def test_a_missing_or_wrong_signature_gets_401_and_nothing_is_stored(
    web: Web, database: Database, signature: str | None
) -> None:
    raw = json.dumps(body(said("7001", "hello"))).encode()
    assert await web.post(raw, signature) == 401
    assert not inbox(database)


async def test_the_signature_covers_the_raw_bytes(web: Web, database: Database) -> None:
    raw = json.dumps(body(said("7001", "hello"))).encode()
    assert await web.post(raw + b" ", signed(raw)) == 401
    assert await web.post(raw, signed(raw, "another secret")) == 401
    escaped = json.dumps(body(said("7001", "é/ü"))).replace("/", "\\/").encode()
    assert await web.post(escaped, signed(escaped)) == 200
    assert len(inbox(database)) == 1


async def test_signed_but_not_json_gets_400(web: Web, database: Database) -> None:
    for raw in (b"", b"{", b"hello", b"\xff\xfe\x00", b'{"a": 1} tail'):
        assert await web.post(raw, signed(raw)) == 400
    assert not inbox(database)


async def test_a_body_of_1_mib_is_taken_and_one_byte_more_is_not(web: Web, database: Database) -> None:
    start, end = json.dumps(body(said("7001", "hello ~"))).encode().split(b"~")
    exact = start + b"x" * (MOST_BYTES - len(start) - len(end)) + end
    assert await web.post(exact, signed(exact)) == 200
    more = start + b"x" * (MOST_BYTES - len(start) - len(end) + 1) + end
    assert await web.post(more, signed(more)) == 413
    assert len(inbox(database)) == 1


async def test_the_limit_counts_chunks_of_unknown_length_too(web: Web, database: Database) -> None:
    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * 64 * 1024

    assert await web.post(chunks(17), signed(b" " * 17 * 64 * 1024)) == 413

    async def small() -> AsyncIterator[bytes]:
        yield raw[:10]
        yield raw[10:]

    raw = json.dumps(body(said("7001", "hello"))).encode()
    assert await web.post(small(), signed(raw)) == 200
    assert len(inbox(database)) == 1


async def test_unknown_kinds_are_kept_as_ignored_with_their_reason(web: Web, database: Database) -> None:
    assert await web.deliver(happened("7001", brand_new_thing={"a": 1})) == 200
    [row] = inbox(database)
    assert (row.state, row.reason) == ("ignored", "unknown kind: brand_new_thing")


async def test_events_of_a_page_that_is_not_configured_are_kept_as_ignored(
    web: Web, database: Database
) -> None:
    raw = json.dumps(body(said("7001", "hello", page="999"), page="999")).encode()
    assert await web.post(raw, signed(raw)) == 200
    [row] = inbox(database)
    assert (row.state, row.account_id, row.channel_id) == ("ignored", "999", None)
    assert row.reason == "this account is not connected"


async def test_events_of_a_page_that_is_switched_off_are_kept_as_ignored(
    web: Web, database: Database
) -> None:
    from shop.models import Channel

    with database.transaction() as session:
        session.get_one(Channel, 1).active = False
    await web.service.directory.refresh()
    assert await web.deliver(said("7001", "hello")) == 200
    [row] = inbox(database)
    assert (row.state, row.reason) == ("ignored", "this account is switched off")


async def test_deliveries_reads_and_own_echoes_are_done_at_once(web: Web, database: Database) -> None:
    echo = {"sender": {"id": PAGE}, "recipient": {"id": "7001"}, "timestamp": 1785312004523}
    await web.deliver(
        happened("7001", delivery={"watermark": 1785312004523, "mids": ["m_a"]}),
        happened("7001", read={"watermark": 1785312004523}),
        {**echo, "message": {"mid": "m_e", "is_echo": True, "app_id": 200000000000001, "text": "hi"}},
    )
    assert [(row.kind, row.state) for row in inbox(database)] == [
        ("delivery", "done"),
        ("read", "done"),
        ("echo", "done"),
    ]


async def test_every_event_of_a_batch_is_kept(web: Web, database: Database, graph: FakeGraph) -> None:
    connect(database, "200000000000002")
    await web.service.directory.refresh()
    first, second = said("7001", "one"), said("7002", "two")
    other = said("8001", "three", page="200000000000002")
    standby = {"id": PAGE, "time": 1, "standby": [said("7003", "for another app")]}
    changes = {"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": {}}]}
    entries = body(first, second)["entry"] + body(other, page="200000000000002")["entry"] + [standby, changes]
    raw = json.dumps({"object": "page", "entry": entries}).encode()
    assert await web.post(raw, signed(raw)) == 200
    assert len(inbox(database)) == 5
    await until(lambda: all_done(database))
    answered = {psid: graph.texts(psid) for psid in ("7001", "7002", "7003", "8001")}
    assert answered == {"7001": ["re: one"], "7002": ["re: two"], "7003": [], "8001": ["re: three"]}


async def test_the_same_event_again_has_no_second_effect_for_ever(
    web: Web, database: Database, graph: FakeGraph
) -> None:
    event = said("7001", "once")
    assert [await web.deliver(event) for _ in range(2)] == [200, 200]
    assert await asyncio.gather(*(web.deliver(event) for _ in range(5))) == [200] * 5
    await until(lambda: graph.sent and all_done(database))
    assert await web.deliver(event) == 200
    await until(lambda: all_done(database))
    assert len(inbox(database)) == len(outbox(database)) == len(graph.sent) == 1


async def test_a_newly_connected_page_works_within_seconds(
    web: Web, database: Database, graph: FakeGraph
) -> None:
    connect(database, "300", app_secret="another app", verify_token="its token", token="its page token")

    async def is_known() -> bool:
        return (await web.get(HOOK, params=handshake(verify_token="its token")))[0] == 200

    await until(is_known, seconds=30)
    raw = json.dumps(body(said("9001", "hello", page="300"), page="300")).encode()
    assert await web.post(raw, signed(raw, "another app")) == 200
    await until(lambda: graph.sent)
    assert graph.sent[0]["token"] == "its page token"


async def test_without_the_database_the_answer_is_not_200(
    web: Web, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from shop import mailbox

    def away(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("away"))

    event = said("7001", "hello")
    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "keep_events", away)
        assert await web.deliver(event) == 503
    assert await web.deliver(event) == 200
    assert len(inbox(database)) == 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([PAGE, "message", "\x00"]),
    lambda parts: (
        st.lists(parts, max_size=4) | st.dictionaries(st.text() | st.sampled_from(["mid", "id"]), parts)
    ),
    max_leaves=20,
)
kinds = st.sampled_from(
    [
        "message",
        "postback",
        "reaction",
        "referral",
        "optin",
        "order",
        "delivery",
        "read",
        "message_edit",
        "new",
    ]
)
items = st.fixed_dictionaries(
    {"sender": json_values | st.just({"id": "7001"}), "recipient": json_values | st.just({"id": PAGE})},
    optional={"timestamp": json_values},
) | st.dictionaries(kinds, json_values)
events = st.fixed_dictionaries({"sender": st.just({"id": "7001"})}).flatmap(
    lambda start: st.dictionaries(kinds, json_values, max_size=2).map(lambda rest: {**start, **rest})
)
bodies = json_values | st.fixed_dictionaries(
    {
        "object": json_values,
        "entry": json_values
        | st.lists(
            st.fixed_dictionaries(
                {"id": st.just(PAGE) | json_values},
                optional={
                    "messaging": st.lists(items | events, max_size=3) | json_values,
                    "standby": st.lists(items, max_size=2) | json_values,
                    "changes": json_values,
                },
            ),
            max_size=3,
        ),
    }
)


async def test_any_signed_json_value_gets_200_and_nothing_is_raised(web: Web, database: Database) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bodies)
    def check(value: Any) -> None:
        raw = json.dumps(value).encode()
        posted = asyncio.run_coroutine_threadsafe(web.post(raw, signed(raw, APP_SECRET)), loop)
        assert posted.result(10) == 200

    await asyncio.to_thread(check)
    await until(lambda: all_done(database))
    assert all(row.state in ("done", "ignored") for row in inbox(database))
