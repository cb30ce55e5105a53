"""SlipOK's documented answers, and what they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.verifiers.conftest import KEY
from tests.verifiers.service import FakeService
from verifiers.base import Question, State, Verifier

PAID: dict[str, Any] = {
    "transRef": "016001093000BPP00001",
    "sendingBank": "004",
    "receivingBank": "014",
    "transDate": "20261102",
    "transTime": "10:30:00",
    "transTimestamp": "2026-11-02T03:30:00.000Z",
    "sender": {
        "displayName": "นาย ส",
        "name": "Mr. S",
        "account": {"type": "BANKAC", "value": "xxx-x-x1111-x"},
    },
    "receiver": {
        "displayName": "บ้านฝ้าย",
        "name": "BAAN FAI",
        "proxy": {"type": "MSISDN", "value": "xxx-xxx-2223"},
        "account": {"type": "BANKAC", "value": "xxx-x-x5366-x"},
    },
    "amount": 1234.5,
    "ref1": "",
}


async def test_a_transfer_that_the_bank_knows(
    slipok: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer({"success": True, "data": PAID})
    answer = await slipok.verify(question)
    assert (answer.state, answer.provider, answer.amount) == (State.FOUND, "slipok", 123450)
    assert answer.paid_at == datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
    assert answer.reference == question.reference
    assert answer.receiver_name == "บ้านฝ้าย"
    assert answer.receiver_accounts == ("xxx-x-x5366-x", "xxx-xxx-2223")
    assert not answer.other_receiver
    assert '"transRef"' in answer.raw


async def test_the_qr_text_is_all_that_is_sent(
    slipok: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer({"success": True, "data": PAID})
    await slipok.verify(question)
    asked = service.asked[0]
    assert asked.path == "/api/4711"
    assert asked.headers["x-authorization"] == KEY
    assert asked.body == {"data": question.payload, "log": True}


async def test_without_a_timestamp_date_and_time_are_thailands(
    slipok: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer({"success": True, "data": {**PAID, "transTimestamp": None}})
    assert (await slipok.verify(question)).paid_at == datetime(2026, 11, 2, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "state"),
    [(1012, State.DUPLICATE), (1013, State.FOUND), (1014, State.FOUND)],
)
async def test_a_refusal_that_knows_the_transfer_says_what_it_knows(
    slipok: Verifier, service: FakeService, question: Question, code: int, state: State
) -> None:
    service.will_answer({"code": code, "message": "…", "data": {**PAID, "amount": 99}}, 400)
    answer = await slipok.verify(question)
    assert (answer.state, answer.amount, answer.other_receiver) == (state, 9900, code == 1014)


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        ({"code": 1010, "message": "…", "data": {"bank": "002", "delay": 7}}, 420),
        ({"code": 1010, "message": "ธนาคารกรุงเทพ ต้องรอประมาณ 5 นาที"}, 300),
        ({"code": 1010, "message": "wait"}, None),
        ({"code": 1010, "message": "wait", "data": {"delay": 10**9}}, None),
        ({"code": 1010, "message": "wait", "data": {"delay": -1}}, None),
        ({"code": "1010", "message": "wait", "data": ["delay"]}, None),
        ({"code": 1009, "message": "…"}, 900),
    ],
)
async def test_a_bank_that_tells_later(
    slipok: Verifier, service: FakeService, question: Question, refusal: Any, seconds: float | None
) -> None:
    service.will_answer(refusal, 400)
    answer = await slipok.verify(question)
    assert (answer.state, answer.retry_after) == (State.PENDING, seconds)


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (400, 1001, State.AUTH),
        (400, 1002, State.AUTH),
        (401, None, State.AUTH),
        (400, 1003, State.QUOTA),
        (400, 1004, State.QUOTA),
        (403, 1004, State.QUOTA),
        (400, 1008, State.NOT_FOUND),
        (400, 1011, State.NOT_FOUND),
        (400, 1000, State.ERROR),
        (400, True, State.ERROR),
        (500, 1012, State.ERROR),
        (429, 1004, State.ERROR),
    ],
)
async def test_the_other_refusals(
    slipok: Verifier, service: FakeService, question: Question, status: int, code: Any, state: State
) -> None:
    service.will_answer({"code": code, "message": "no"}, status)
    answer = await slipok.verify(question)
    assert (answer.state, answer.amount, answer.paid_at) == (state, None, None)


async def test_success_without_data_is_no_answer(
    slipok: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer({"success": True})
    assert (await slipok.verify(question)).state is State.ERROR


async def test_a_truemoney_slip_goes_the_same_way(
    slipok: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer({"code": 1011}, 400)
    await slipok.verify(replace(question, bank="TMN"))
    assert service.asked[0].path == "/api/4711"
