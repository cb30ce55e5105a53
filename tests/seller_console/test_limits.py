"""How often is too often."""

from __future__ import annotations

import re

from seller_console import limits
from seller_console.limits import Limits


def test_so_many_at_once_then_evenly_with_time():
    counts = Limits()
    assert [counts.wait("ploy", 3, 60, now=0) for _ in range(3)] == [0, 0, 0]
    assert counts.wait("ploy", 3, 60, now=0) == 20
    assert counts.wait("ploy", 3, 60, now=5) == 15
    assert counts.wait("chai", 3, 60, now=5) == 0  # somebody else
    assert counts.wait("ploy", 3, 60, now=20.1) == 0
    assert counts.wait("ploy", 3, 60, now=20.1) > 19
    assert [counts.wait("ploy", 3, 60, now=9999) for _ in range(4)].count(0) == 3


def test_of_very_many_the_ones_heard_of_long_ago_are_forgotten(monkeypatch):
    monkeypatch.setattr(limits, "_MOST_REMEMBERED", 2)
    counts = Limits()
    for who in ("a", "b", "c"):
        counts.wait(who, 1, 60, now=0)
    assert counts.wait("c", 1, 60, now=0) > 0
    assert counts.wait("a", 1, 60, now=0) == 0


async def test_too_many_forms_get_a_page_that_says_when_to_go_on(monkeypatch, ploy, visitor):
    monkeypatch.setattr(limits, "_FORMS", (3, 600))
    statuses = []
    for _ in range(4):
        answer, body = await ploy.post("/language", language="en", next="/orders")
        statuses.append(answer.status)
    assert statuses[-1] == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 200
    assert "Too fast" in body and re.search(r"It goes on at <?.*\d\d:\d\d", body)
    assert (await ploy.get("/orders"))[0].status == 200  # looking goes on
    other = visitor()
    await other.sign_in("chai@example.com")
    assert (await other.post("/language", language="en", next="/orders"))[0].status == 303


async def test_one_address_of_strangers_is_limited_by_itself(monkeypatch, stranger):
    monkeypatch.setattr(limits, "_FORMS_OF_STRANGERS", (2, 600))
    await stranger.get("/sign-in")
    fields = {"csrf": stranger.csrf, "email": "nobody@example.com", "password": "wrong"}
    statuses = [
        (await stranger.send("/sign-in", fields, **{"X-Forwarded-For": "203.0.113.7"}))[0].status
        for _ in range(3)
    ]
    assert statuses == [401, 401, 429]
    answer, _ = await stranger.send("/sign-in", fields, **{"X-Forwarded-For": "203.0.113.8"})
    assert answer.status == 401


async def test_a_costly_page_has_a_limit_of_its_own(monkeypatch, ploy):
    await ploy.get("/people/log")
    statuses = [(await ploy.post("/people/log/export"))[0].status for _ in range(11)]
    assert statuses == [200] * 10 + [429]


async def test_forged_forms_use_nothing_up(monkeypatch, ploy):
    monkeypatch.setattr(limits, "_FORMS", (2, 600))
    for _ in range(5):
        assert (await ploy.send("/language", {"csrf": "x"}))[0].status == 403
    assert (await ploy.post("/language", language="en", next="/orders"))[0].status == 303
