"""EasySlip's documented answers (API v2), and what they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.verifiers.conftest import KEY
from tests.verifiers.service import FakeService
from verifiers.base import Question, State, Verifier

SLIP: dict[str, Any] = {
    "payload": "…",
    "transRef": "016001093000BPP00001",
    "date": "2026-11-02T10:30:00+07:00",
    "amount": {"amount": 1234.5, "local": {"amount": 0, "currency": ""}},
    "sender": {"bank": {"id": "004"}, "account": {"name": {"th": "นาย ส"}}},
    "receiver": {
        "bank": {"id": "014", "short": "SCB"},
        "account": {
            "name": {"th": "บ้านฝ้าย", "en": "BAAN FAI"},
            "bank": {"type": "BANKAC", "account": "xxx-x-x5366-x"},
            "proxy": {"type": "MSISDN", "account": "xxx-xxx-2223"},
        },
    },
}


def success(**changes: Any) -> dict[str, Any]:
    return {
        "success": True,
        "data": {"isDuplicate": False, "amountInSlip": 1234.5, "rawSlip": SLIP, **changes},
    }


async def test_a_transfer_that_the_bank_knows(
    easyslip: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer(success())
    answer = await easyslip.verify(question)
    assert (answer.state, answer.provider, answer.amount) == (State.FOUND, "easyslip", 123450)
    assert answer.paid_at == datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
    assert answer.reference == question.reference
    assert answer.receiver_name == "บ้านฝ้าย"
    assert answer.receiver_accounts == ("xxx-x-x5366-x", "xxx-xxx-2223")


async def test_the_qr_text_is_all_that_is_sent(
    easyslip: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer(success())
    await easyslip.verify(question)
    asked = service.asked[0]
    assert asked.path == "/api/verify/bank"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.body == {"payload": question.payload, "checkDuplicate": True}


async def test_truemoney_has_an_address_of_its_own(
    easyslip: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer(success())
    await easyslip.verify(replace(question, bank="TMN"))
    assert service.asked[0].path == "/api/verify/truewallet"


async def test_another_amount_is_told_as_it_is(
    easyslip: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer(success(rawSlip={**SLIP, "amount": {"amount": 99}}))
    answer = await easyslip.verify(question)
    assert (answer.state, answer.amount) == (State.FOUND, 9900)


async def test_a_slip_it_was_asked_about_before(
    easyslip: Verifier, service: FakeService, question: Question
) -> None:
    service.will_answer(success(isDuplicate=True))
    answer = await easyslip.verify(question)
    assert (answer.state, answer.amount) == (State.DUPLICATE, 123450)


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (404, "SLIP_NOT_FOUND", State.NOT_FOUND),
        (404, "NOT_FOUND", State.ERROR),
        (403, "QUOTA_EXCEEDED", State.QUOTA),
        (401, "INVALID_API_KEY", State.AUTH),
        (401, None, State.AUTH),
        (403, "IP_NOT_ALLOWED", State.AUTH),
        (400, "VALIDATION_ERROR", State.ERROR),
        (500, "API_SERVER_ERROR", State.ERROR),
        (503, "SLIP_NOT_FOUND", State.ERROR),
        (200, "SLIP_NOT_FOUND", State.ERROR),
    ],
)
async def test_refusals(
    easyslip: Verifier, service: FakeService, question: Question, status: int, code: Any, state: State
) -> None:
    service.will_answer({"success": False, "error": {"code": code, "message": "no"}}, status)
    assert (await easyslip.verify(question)).state is state
