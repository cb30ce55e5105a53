"""Actions run as the server runs them, on a real database; only Rasa's side of the call is made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from actions.server import Executor, executor
from shop.db import Database
from tests.factories import NOW, make_channel, make_customer, make_shop, make_variant

Json = dict[str, Any]


@dataclass
class Told:
    """What an action gave back to Rasa."""

    responses: list[Json]
    events: list[Json]

    @property
    def said(self) -> list[str]:
        """The names of responses, and the kinds of other replies."""
        return [reply["response"] or reply["custom"]["kind"] for reply in self.responses]

    @property
    def slots(self) -> Json:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def follows(self) -> list[str]:
        return [event["name"] for event in self.events if event["event"] == "followup"]


@dataclass
class Caller:
    """Calls actions as Rasa does, for one customer, Nok."""

    known: Executor
    db: Database
    customer_id: int
    variant_id: int
    number: int = field(default=0)

    async def __call__(
        self,
        name: str,
        intent: str = "nlu_fallback",
        text: str | None = None,
        *,
        entities: Json | None = None,
        slots: Json | None = None,
        form: str | None = None,
        asked: str | None = None,
        confidence: float = 1.0,
        **metadata: Any,
    ) -> Told:
        self.number += 1
        known = {"customer_id": self.customer_id, "cause": f"event-{self.number}", "at": NOW.isoformat()}
        message = {
            "intent": {"name": intent, "confidence": confidence},
            "entities": [{"entity": entity, "value": value} for entity, value in (entities or {}).items()],
            "text": text,
            "metadata": {**known, **metadata},
        }
        tracker = {
            "sender_id": "1:nok",
            "slots": {"language": "en", "requested_slot": asked, **(slots or {})},
            "latest_message": message,
            "events": [{"event": "action", "name": "action_listen"}, {"event": "user", "text": text}],
            "active_loop": {"name": form} if form else {},
        }
        result = await self.known.run({"next_action": name, "tracker": tracker, "version": "3.21.0"})
        assert result is not None
        return Told(result.responses, result.events)


@pytest.fixture
def call(sqlite_url: str) -> Iterator[Caller]:
    """A shop with one T-shirt, five left, and Nok."""
    db = Database(sqlite_url)
    with db.transaction() as session:
        make_shop(session)
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session)
    yield Caller(executor(db, "https://shop.example", "a key for tests"), db, nok.id, shirt.id)
    db.close()
