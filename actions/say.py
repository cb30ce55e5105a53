"""What the bot says: a response of the domain with its values and taps, or a reply such as cards or a bill."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from shop import media
from shop.bill_links import bill_url
from shop.models import Order
from shop.replies import Button, Reply, to_json
from shop.store_links import store_url


class Say:
    """Collects the answers of one action.

    `public_url` is where customers' phones find pictures, store and bills; `secret_key` signs the addresses of the last
    two.
    """

    def __init__(self, dispatcher: CollectingDispatcher, public_url: str, secret_key: str) -> None:
        self._dispatcher = dispatcher
        self._public_url = public_url.rstrip("/")
        self._secret_key = secret_key

    def __call__(self, response: str, taps: Iterable[Button] = (), **values: str | int) -> None:
        """Say the domain's `response` in the customer's language, `values` filled in, `taps` after its own."""
        buttons = [
            {"title": tap.title, "url": tap.url} if tap.url else {"title": tap.title, "payload": tap.payload}
            for tap in taps
        ]
        written = {name: harmless(str(value)) for name, value in values.items()}
        self._dispatcher.utter_message(response=response, buttons=buttons, **written)

    def show(self, reply: Reply) -> None:
        """Show a reply that is no plain words."""
        self._dispatcher.utter_message(json_message=to_json(reply))

    def picture(self, key: str | None) -> str | None:
        """The public address of a stored picture."""
        return media.public_address(self._public_url, key) if key else None

    def store(self, turn: Turn, path: str = "") -> str:
        """The address of a page of the web store for the turn's customer; "" is its first page."""
        return store_url(self._public_url, self._secret_key, turn.customer_id, path, now=turn.at)

    def bill(self, turn: Turn, order: Order, path: str = ".pdf") -> str:
        """The address of the order's bill: ".pdf", "" (a page) or "/promptpay.png", the QR to pay it."""
        return bill_url(self._public_url, self._secret_key, order.id, path, now=turn.at)


def tap(title: str, intent: str, **entities: str | int) -> Button:
    """A tap that comes back as `intent` with `entities`, in Rasa's form `/intent{"entity": "value"}`."""
    values = {name: str(value) for name, value in entities.items()}
    return Button(title, payload=f"/{intent}" + (json.dumps(values, ensure_ascii=False) if values else ""))


def harmless(text: str) -> str:
    """The text without "0[", which Rasa's interpolator takes for a place left unfilled, and then fills nothing at all.

    Needed for every slot that a response shows; values given to `Say` are seen to.
    """
    return text.replace("0[", "0 [")
