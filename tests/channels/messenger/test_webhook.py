"""Signature, handshake and the promise that nothing in a body can raise."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import Kind
from channels.messenger.webhook import MAX_EVENTS, decode, handshake, parse, parse_item, verify


def signature(raw: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


# What Meta's documents name, so that random bodies reach every reader.
NAMES = st.sampled_from(
    [
        "object",
        "entry",
        "id",
        "time",
        "messaging",
        "standby",
        "changes",
        "field",
        "value",
        "sender",
        "recipient",
        "timestamp",
        "message",
        "mid",
        "text",
        "is_echo",
        "is_deleted",
        "app_id",
        "metadata",
        "attachments",
        "type",
        "payload",
        "url",
        "sticker_id",
        "title",
        "coordinates",
        "lat",
        "long",
        "quick_reply",
        "reply_to",
        "referral",
        "ref",
        "ad_id",
        "product",
        "postback",
        "reaction",
        "emoji",
        "action",
        "message_edit",
        "optin",
        "order",
        "delivery",
        "mids",
        "watermark",
        "read",
        "pass_thread_control",
        "new_owner_app_id",
        "app_roles",
        "policy_enforcement",
        "reason",
    ]
)
STRINGS = st.one_of(
    st.text(st.characters(), max_size=12),
    st.text(st.characters(categories=["Cs", "Cc"]), max_size=4),
    st.sampled_from(["1", "7", "image", "sticker", "\x00", "\ud800", "😀", "1785312004523", "9" * 400]),
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([1, 7, True, 10**400, -(10**400), 2**63, 1e308, 1785312004523, 253402300800000]),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, STRINGS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, STRINGS), inner, max_size=6)
    ),
    max_leaves=30,
)
OBJECTS = st.dictionaries(NAMES, JSON, max_size=8)
PARTIES = st.fixed_dictionaries({"id": st.sampled_from(["1", "7", 7, None, 1.5, "", "x" * 300])})
ITEMS = st.one_of(
    JSON,
    st.fixed_dictionaries({"sender": PARTIES, "recipient": PARTIES, "timestamp": JSON, "message": OBJECTS}),
    st.builds(lambda name, value: {"sender": {"id": "7"}, name: value}, NAMES, OBJECTS),
)
ENTRIES = st.fixed_dictionaries(
    {"id": st.one_of(st.just("1"), JSON)},
    optional={
        name: st.one_of(JSON, st.lists(ITEMS, max_size=4)) for name in ("messaging", "standby", "changes")
    },
)
BODIES = st.one_of(JSON, st.fixed_dictionaries({"object": JSON, "entry": st.lists(st.one_of(JSON, ENTRIES))}))


@settings(deadline=None)
@given(BODIES)
def test_any_json_value_becomes_events_that_can_be_stored_and_read_again(body: Any) -> None:
    started = time.process_time()
    events = parse(body)
    assert time.process_time() - started < 1
    assert events
    for event in events:
        stored = json.dumps(event.item, allow_nan=False)
        assert "\\u0000" not in stored.replace("\\\\", "")
        json.dumps(event.item, ensure_ascii=False).encode()
        assert parse_item(event.account_id, event.where, json.loads(stored)) == event
        assert len(event.key) <= 190
        assert event.at is None or event.at.tzinfo is UTC
        assert (event.kind is Kind.IGNORED) <= bool(event.reason)
        for text in (event.key, event.account_id, event.customer_id, event.text, event.mid, event.reason):
            assert "\x00" not in (text or "")
            (text or "").encode()


@settings(deadline=None)
@given(BODIES)
def test_the_same_body_again_has_the_same_keys(body: Any) -> None:
    keys = [(event.account_id, event.key) for event in parse(body)]
    assert keys == [(event.account_id, event.key) for event in parse(body)]
    assert len(set(keys)) == len(keys)


@settings(deadline=None)
@given(st.binary())
def test_decode_gives_a_value_or_says_it_is_no_json(raw: bytes) -> None:
    try:
        value = decode(raw)
    except ValueError:
        return
    assert parse(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 400_000,
        b"[" * 400_000 + b"]" * 400_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"entry":[{"id":1,"messaging":[{"sender":{"id":'
        + b"9" * 500_000
        + b'},"message":{"text":"hi"}}]}]}',
        b'{"entry":[{"id":"1","messaging":[{"timestamp":NaN,"sender":{"id":Infinity},"message":{"text":1e999}}]}]}',
        b'{"entry":[' + b",".join(b"%d" % n for n in range(100_000)) + b"]}",
        b'{"entry":[{"id":"1","messaging":"not a list","standby":{},"changes":[null]}]}',
        b'{"entry":{"id":"1"}}',
        b'"\\ud83d \\u0000"',
        b"null",
    ],
    ids=lambda raw: raw[:40].decode("latin-1") + f"({len(raw)})",
)
def test_hostile_json_is_kept_as_ignored_in_bounded_time(raw: bytes) -> None:
    started = time.process_time()
    events = parse(decode(raw))
    assert time.process_time() - started < 3
    assert {event.kind for event in events} == {Kind.IGNORED}
    assert all(json.dumps(event.item) for event in events)


def test_what_goes_beyond_the_largest_batch_is_kept_in_one_event() -> None:
    items = [
        {"sender": {"id": "7"}, "message": {"mid": f"m{n}", "text": "hi"}} for n in range(MAX_EVENTS + 5)
    ]
    events = parse({"entry": [{"id": "1", "messaging": items}]})
    assert [event.kind for event in events] == [Kind.MESSAGE] * MAX_EVENTS + [Kind.IGNORED]
    assert [item for _, _, item in events[-1].item] == items[MAX_EVENTS:]


def test_unsafe_text_is_replaced_and_the_rest_of_the_message_kept() -> None:
    item = {"sender": {"id": "7"}, "message": {"mid": "m\x00", "text": "ส่ง\ud83dแล้ว\x00"}}
    [event] = parse({"entry": [{"id": "1", "messaging": [item]}]})
    assert (event.text, event.mid) == ("ส่ง\ufffdแล้ว\ufffd", "m\ufffd")


def test_the_signature_of_escaped_thai_is_checked_over_the_raw_bytes() -> None:
    raw = json.dumps({"text": "สวัสดี/🙏"}).replace("/", "\\/").encode()
    assert verify(raw, signature(raw, "secret"), ["secret"])
    assert not verify(
        json.dumps(json.loads(raw), ensure_ascii=False).encode(), signature(raw, "secret"), ["secret"]
    )


def test_any_of_several_secrets_is_good_and_an_empty_one_never() -> None:
    assert verify(b"x", signature(b"x", "second"), ["first", "second"])
    assert not verify(b"x", signature(b"x", "third"), ["first", "second"])
    assert not verify(b"x", signature(b"x", ""), ["", "first"])
    assert not verify(b"x", signature(b"x", "first"), [])


@settings(deadline=None)
@given(st.one_of(st.none(), st.text(st.characters(), max_size=90)))
def test_a_header_that_is_no_signature_is_refused_without_an_error(header: str | None) -> None:
    assert not verify(b"x", header, ["secret"])
    assert not verify(b"x", "sha256=" + (header or ""), ["secret"])


@pytest.mark.parametrize("prefix", ["sha1=", "SHA256=", "", "sha256", "sha256=="])
def test_the_right_digest_under_another_name_is_refused(prefix: str) -> None:
    assert not verify(b"x", prefix + signature(b"x", "secret").removeprefix("sha256="), ["secret"])


def test_the_handshake_answers_the_raw_challenge_for_the_right_token_only() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "ตลาด", "hub.challenge": "1158201444"}
    assert handshake(query, ["other", "ตลาด"]) == "1158201444"
    assert handshake({**query, "hub.verify_token": "wrong"}, ["ตลาด"]) is None
    assert handshake({**query, "hub.verify_token": ""}, [""]) is None
    assert handshake({**query, "hub.mode": "unsubscribe"}, ["ตลาด"]) is None
    assert handshake({}, ["ตลาด"]) is None
    assert handshake({**query, "hub.verify_token": "\ud800"}, ["ตลาด"]) is None
