"""Each kind of event, one file each in payloads/: its webhook body and what the typed events must say."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from channels.base import Incoming, Kind
from channels.messenger.webhook import parse, parse_item

PAYLOADS = sorted((Path(__file__).parent / "payloads").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


def said(event: Incoming) -> dict[str, Any]:
    """The event as the payload files write it."""
    fields = {name: _plain(value) for name, value in asdict(event).items()}
    return {**fields, "wants_answer": event.wants_answer, "opens_window": event.opens_window}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_each_kind_of_event_is_understood(path: Path) -> None:
    case = load(path)
    events = [said(event) for event in parse(case["body"])]
    assert len(events) == len(case["events"])
    for event, expected in zip(events, case["events"], strict=True):
        assert {name: event[name] for name in expected} == expected


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_a_stored_item_gives_the_same_event_again(path: Path) -> None:
    for event in parse(load(path)["body"]):
        stored = json.loads(json.dumps(event.item))
        assert parse_item(event.account_id, event.where, stored) == event


def test_every_kind_has_a_payload() -> None:
    shown = {event["kind"] for path in PAYLOADS for event in load(path)["events"]}
    assert shown == {str(kind) for kind in Kind}


def test_all_events_of_a_page_have_keys_of_their_own() -> None:
    events = [event for path in PAYLOADS if path.stem != "batch" for event in parse(load(path)["body"])]
    keys = [(event.account_id, event.key) for event in events]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 190 for _, key in keys)


def tap(**what: Any) -> Incoming:
    [event] = parse(
        {"entry": [{"id": "1", "messaging": [{"sender": {"id": "7"}, "timestamp": 1785312004523, **what}]}]}
    )
    return event


def test_a_tap_without_mid_keeps_its_key_and_differs_from_others() -> None:
    first, again = (
        tap(postback={"payload": "/a", "title": "A"}),
        tap(postback={"payload": "/a", "title": "A"}),
    )
    assert first.key == again.key
    assert first.key != tap(postback={"payload": "/b", "title": "A"}).key
    assert first.key != tap(postback={"payload": "/a", "title": "A"}, timestamp=1785312004524).key


def test_a_long_mid_is_hashed_into_a_key_that_fits() -> None:
    first, second = (tap(message={"mid": "m_" + "x" * 500 + end, "text": "hi"}) for end in "ab")
    assert len(first.key) <= 190
    assert first.key != second.key


def test_a_message_and_its_deletion_have_different_keys() -> None:
    assert tap(message={"mid": "m", "text": "hi"}).key != tap(message={"mid": "m", "is_deleted": True}).key


def test_a_sticker_is_no_photo_and_a_photo_is() -> None:
    sticker = {"type": "image", "payload": {"url": "https://a.fbcdn.net/x", "sticker_id": 1}}
    photo = {"type": "image", "payload": {"url": "https://a.fbcdn.net/y"}}
    event = tap(message={"mid": "m", "attachments": [sticker, photo]})
    assert [attachment.is_photo for attachment in event.attachments] == [False, True]


def test_a_copy_of_a_sticker_without_its_id_is_no_photo_either() -> None:
    sticker = {"type": "sticker", "payload": {"url": "https://a.fbcdn.net/x", "sticker_id": 1}}
    copy = {"type": "image", "payload": {"url": "https://a.fbcdn.net/x"}}
    event = tap(message={"mid": "m", "attachments": [copy, sticker]})
    assert [attachment.type for attachment in event.attachments] == ["sticker"]


def test_a_tap_that_says_nothing_wants_no_answer() -> None:
    assert not tap(postback={}).wants_answer
    assert tap(postback={"title": "A"}).wants_answer
