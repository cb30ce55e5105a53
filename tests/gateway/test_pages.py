"""Health, metrics and public pictures."""

from __future__ import annotations

import pytest

from shop.db import Database
from tests.gateway.rows import all_done
from tests.gateway.waiting import until
from tests.gateway.world import Web, said


async def test_it_is_live_and_ready(web: Web) -> None:
    assert (await web.get("/health/live"))[:2] == (200, "live")
    assert (await web.get("/health/ready"))[:2] == (200, "ready")


async def test_it_is_not_ready_when_a_loop_has_not_turned(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = web.service.outbox.worker
    worker._loops[0].cancel()
    monkeypatch.setattr(worker, "_turned", worker._turned - 11)
    assert (await web.get("/health/ready"))[0] == 503


async def test_it_is_not_ready_when_the_database_does_not_answer(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(web.service.database, "read", away)
    assert (await web.get("/health/ready"))[0] == 503
    assert (await web.get("/health/live"))[0] == 200


async def test_metrics_are_for_this_machine_only(web: Web, database: Database) -> None:
    await web.deliver(said("7001", "hello"))
    await until(lambda: all_done(database))
    status, page, _ = await web.get("/metrics")
    assert status == 200
    assert 'talad_events_kept_total{kind="message",state="open"} 1.0' in page
    assert 'talad_worked_off_total{end="sent",queue="outbox"} 1.0' in page
    for header in ("X-Forwarded-For", "Forwarded"):
        assert (await web.get("/metrics", headers={header: "for=203.0.113.9"}))[0] == 403


async def test_a_public_picture_is_served_for_long_with_its_own_type(web: Web) -> None:
    web.service.store.put("public/products/mug.png", b"png")
    status, text, answer = await web.get("/media/public/products/mug.png")
    assert (status, text, answer.content_type) == (200, "png", "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "private/slips/slip.jpg",
        "public/../private/slips/slip.jpg",
        "public/%2e%2e/private/slips/slip.jpg",
        "public/..%2fprivate/slips/slip.jpg",
        "public//private/slips/slip.jpg",
        "/private/slips/slip.jpg",
        "public/none.jpg",
        "public/page.html",
        "public",
        "public/",
    ],
)
async def test_nothing_else_is_served(web: Web, path: str) -> None:
    web.service.store.put("private/slips/slip.jpg", b"secret")
    web.service.store.put("public/page.html", b"<script>")
    import aiohttp
    from yarl import URL

    async with (
        aiohttp.ClientSession() as http,
        http.get(URL(f"{web.url}/media/{path}", encoded=True)) as answer,
    ):
        assert answer.status == 404
        assert b"secret" not in await answer.read()
