"""What Meta says of the Page's message templates by webhook is known at once, and the newest word counts."""

from __future__ import annotations

import json
from typing import Any

from shop import message_templates
from shop.db import Database
from tests.gateway.world import PAGE, Web, signed


async def tell(web: Web, status: str, *, page: str = PAGE, **changes: Any) -> int:
    value = {
        "event": status,
        "message_template_id": 5,
        "message_template_name": "talad_order_paid_1",
        "message_template_language": "th",
        "reason": "NONE",
        **changes,
    }
    change = {"field": "message_template_status_update", "value": value}
    raw = json.dumps({"object": "page", "entry": [{"id": page, "time": 1, "changes": [change]}]}).encode()
    return await web.post(raw, signed(raw))


def known(database: Database, channel: int) -> list[tuple[str, str, str | None]]:
    with database.reading() as session:
        found = message_templates.of_channel(session, channel)
        return [(one.name, one.status, one.reason) for one in found]


async def test_each_word_counts_also_when_it_was_said_before(
    web: Web, database: Database, channel: int
) -> None:
    for status in ("APPROVED", "PAUSED", "APPROVED"):  # the first and the last are the same to the byte
        assert await tell(web, status) == 200
        assert known(database, channel) == [("talad_order_paid_1", status, None)]
    await tell(web, "REJECTED", reason="INCORRECT_PARAMS")
    assert known(database, channel) == [("talad_order_paid_1", "REJECTED", "INCORRECT_PARAMS")]


async def test_what_is_not_ours_or_makes_no_sense_changes_nothing(
    web: Web, database: Database, channel: int
) -> None:
    assert await tell(web, "APPROVED", message_template_name="somebody_elses") == 200
    assert await tell(web, "APPROVED", page="999") == 200
    for nonsense in ({"event": None}, {"message_template_language": 7}, {"message_template_name": {}}):
        assert await tell(web, "APPROVED", **nonsense) == 200
    assert known(database, channel) == []
