"""Neutral replies survive the outbox's JSON, and nothing else passes for one."""

from __future__ import annotations

import json

import pytest

from shop.replies import (
    BadReply,
    Bill,
    BillLine,
    Button,
    Card,
    Cards,
    Choices,
    Image,
    Text,
    from_json,
    to_json,
)

REPLIES = [
    Text("สวัสดีค่ะ"),
    Choices("เลือก", (Button("ใช่", payload="/affirm"), Button("ร้าน", url="https://example.com")), more="เพิ่ม"),
    Cards(
        (
            Card(
                "เสื้อ",
                "฿250",
                "https://example.com/a.jpg",
                (Button("ซื้อเลย", payload='/buy_now{"variant": "1"}'),),
            ),
        )
    ),
    Image("https://example.com/a.jpg", "เสื้อ"),
    Bill(
        "TL-1",
        "นก",
        "THB",
        "PromptPay",
        (BillLine("เสื้อ", 2, 25000),),
        50000,
        4000,
        54000,
        1,
        "กทม.",
        (("ลด", 100),),
    ),
]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_a_reply_is_the_same_after_json(reply):
    assert from_json(json.loads(json.dumps(to_json(reply)))) == reply


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"kind": "video"},
        {"kind": ["text"]},
        {"kind": "text"},
        {"kind": "text", "text": "a", "x": 1},
        {"kind": "text", "text": 5},
        {"kind": "image", "url": None},
        {"kind": "cards", "cards": [{"title": "a", "image_url": 1}]},
        [{"kind": "text", "text": "a"}],
        {"kind": "choices", "text": "", "buttons": 3},
        {"kind": "choices", "text": "", "buttons": ["x"]},
        {"kind": "choices", "text": "", "buttons": [{"title": "no payload"}]},
    ],
)
def test_anything_else_is_refused(value):
    with pytest.raises(BadReply):
        from_json(value)
