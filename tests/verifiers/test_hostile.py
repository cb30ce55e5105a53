"""Whatever a service, or a network, does: an answer comes in time, nothing is raised, and the key stays inside."""

from __future__ import annotations

import gzip
import json
import logging
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verifiers.conftest import KEY
from tests.verifiers.service import FakeService
from tests.verifiers.test_easyslip import SLIP, success
from tests.verifiers.test_slipok import PAID
from verifiers.base import Question, State, Verifier
from verifiers.easyslip import EasySlip
from verifiers.make import make
from verifiers.request import MOST_BYTES
from verifiers.slipok import SlipOk

#: JSON of any shape, with the names that the adapters look for.
NAMES = st.sampled_from(
    sorted({*PAID, *SLIP, "success", "data", "code", "error", "rawSlip", "delay", "name"})
)
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([1010, 1012, 10**40, "1012", 1e300, -1, 0.001, "9" * 400, "\x00\ud800", "1,234.50"])
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (b"<html><title>Sorry</title>", {"headers": {"Content-Type": "text/html"}}),
        (b"", {}),
        (b'{"success": true', {}),
        (b"[]", {}),
        (b'"success"', {}),
        (b"[" * 30_000, {}),
        (b'{"success": true, "data": {"amount": NaN}}', {}),
        (b'{"success": true, "data": {"amount": 1e99999999999999999999}}', {}),
        (b'{"success": true, "data": {"amount": ' + b"9" * 5000 + b"}}", {}),
        (b'{"success": true, "data": {"x": "' + b"x" * MOST_BYTES + b'"}}', {}),
        (gzip.compress(b'{"success": true, "data": {}}'), {"headers": {"Content-Encoding": "gzip"}}),
        (b"\xff\xfe\x00", {}),
        (b'{"success": true, "data": {}}', {"cut": True}),
        (b'{"success": true, "data": {}}', {"status": 500}),
        (b"{}", {"status": 302, "headers": {"Location": "/api/elsewhere"}}),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_what_is_no_answer_is_an_error(
    verifier: Verifier, service: FakeService, question: Question, body: bytes, how: dict[str, Any]
) -> None:
    service.will_answer(body, **how)
    answer = await verifier.verify(question)
    assert answer.state is State.ERROR
    assert answer.why
    assert len(service.asked) == 1  # neither tried again nor redirected


@pytest.mark.parametrize("service_class", [SlipOk, EasySlip])
async def test_a_service_that_hangs_is_left(
    service: FakeService, session: aiohttp.ClientSession, question: Question, service_class: type[Any]
) -> None:
    more = {"branch": "4711"} if service_class is SlipOk else {}
    impatient = service_class(session, key=KEY, address=service.url, seconds=0.2, **more)
    service.will_answer({"success": True, "data": {}}, delay=30)
    answer = await impatient.verify(question)
    assert (answer.state, answer.why) == (State.ERROR, "nothing came within 0.2 s")


async def test_nobody_listens(session: aiohttp.ClientSession, question: Question) -> None:
    for name in ("slipok", "easyslip"):
        made = make(name, session, key=KEY, branch="1", address="http://127.0.0.1:9")  # type: ignore[arg-type]
        assert made is not None
        assert (await made.verify(question)).state is State.ERROR


@pytest.mark.parametrize("amount", [0, -5, True, None, 12.345, 1e9, "1.2.3", [], {"amount": 1}])
async def test_what_is_no_sum_of_money_is_unknown(
    verifier: Verifier, service: FakeService, question: Question, amount: Any
) -> None:
    body: dict[str, Any] = {"success": True, "data": {**PAID, "amount": amount}}
    if verifier.name == "easyslip":
        body = success(amountInSlip=amount, rawSlip={**SLIP, "amount": {"amount": amount}})
    service.will_answer(body)
    answer = await verifier.verify(question)
    assert (answer.state, answer.amount) == (State.FOUND, None)


@pytest.mark.parametrize("when", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31", 20261102, None])
async def test_what_is_no_time_is_unknown(
    easyslip: Verifier, service: FakeService, question: Question, when: Any
) -> None:
    service.will_answer(success(rawSlip={**SLIP, "date": when}))
    assert (await easyslip.verify(question)).paid_at is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ODD, status=st.sampled_from([200, 400, 401, 403, 404, 500]))
async def test_json_of_any_shape_gives_an_answer_that_can_be_kept(
    verifier: Verifier, service: FakeService, question: Question, body: Any, status: int
) -> None:
    service.will_answer(body, status)
    answer = await verifier.verify(question)
    assert isinstance(answer.state, State)
    assert answer.amount is None or 0 < answer.amount < 1_000_000_000
    kept = json.dumps([answer.reference, answer.receiver_name, answer.receiver_accounts, answer.raw])
    assert "\\u0000" not in kept.replace("\\\\u0000", "")
    answer.raw.encode()
    assert len(answer.raw) <= 4000


async def test_neither_log_nor_answer_holds_the_key(
    verifier: Verifier,
    service: FakeService,
    session: aiohttp.ClientSession,
    question: Question,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    service.will_answer(b"<html>", status=502)
    answers = [await verifier.verify(question)]
    broken = make(verifier.name, session, key=f"{KEY}\n", branch="1", address=service.url)  # type: ignore[arg-type]
    assert broken is not None
    answers.append(await broken.verify(question))
    assert [answer.state for answer in answers] == [State.ERROR, State.ERROR]
    assert KEY not in repr(answers)
    assert KEY not in caplog.text


async def test_none_is_the_default_and_asks_nobody(session: aiohttp.ClientSession) -> None:
    assert make("none", session, key="", branch="", address=None) is None
