"""What the bot says: a response of the domain with its values and taps, or a reply of the shop such as cards or a bill."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from shop.replies import Button, Reply, to_json


class Say:
    """Collects the answers of one action. `public_url` is where customers' phones find the pictures."""

    def __init__(self, dispatcher: CollectingDispatcher, public_url: str) -> None:
        self._dispatcher = dispatcher
        self._public_url = public_url.rstrip("/")

    def __call__(self, response: str, taps: Iterable[Button] = (), **values: str | int) -> None:
        """Say the domain's `response` in the customer's language, `values` filled in, `taps` after its own."""
        buttons = [{"title": tap.title, "payload": tap.payload} for tap in taps]
        self._dispatcher.utter_message(response=response, buttons=buttons, **_harmless(values))

    def show(self, reply: Reply) -> None:
        """Show a reply that is no plain words."""
        self._dispatcher.utter_message(json_message=to_json(reply))

    def picture(self, key: str | None) -> str | None:
        """The public address of a stored picture."""
        return f"{self._public_url}/media/{key}" if key else None


def tap(title: str, intent: str, **entities: str | int) -> Button:
    """A tap that comes back as `intent` with `entities`, in Rasa's form `/intent{"entity": "value"}`."""
    values = {name: str(value) for name, value in entities.items()}
    return Button(title, payload=f"/{intent}" + (json.dumps(values, ensure_ascii=False) if values else ""))


def _harmless(values: dict[str, str | int]) -> dict[str, Any]:
    """Rasa's interpolator takes "0[" in a finished text for a place left unfilled, and then fills nothing."""
    return {name: value.replace("0[", "0 [") if isinstance(value, str) else value for name, value in values.items()}
