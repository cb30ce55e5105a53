"""Messenger's Send API for one Page: messages, typing dots, pictures, a customer's name.

One attempt a call: when to try again is the answer of `channels.base.retry_delay` and the outbox's work.
Messages are made by render.py.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import aiohttp

from channels.base import SendError, Sent
from channels.messenger import errors
from channels.messenger.clean import as_id, as_text
from channels.messenger.graph import Graph, quietly
from channels.messenger.wire import Message

#: How a message may be sent. HUMAN_AGENT is for what a person of the shop wrote, never for the bot.
MessagingType = Literal["RESPONSE", "UPDATE", "UTILITY", "HUMAN_AGENT"]

#: All that ever stands in a request. Messenger Platform: the tags CONFIRMED_EVENT_UPDATE, ACCOUNT_UPDATE and
#: POST_PURCHASE_UPDATE ended on 27 April 2026 and are refused within the 24 hours too, so none can be named.
_ON_THE_WIRE: dict[MessagingType, dict[str, str]] = {
    "RESPONSE": {"messaging_type": "RESPONSE"},
    "UPDATE": {"messaging_type": "UPDATE"},
    "UTILITY": {"messaging_type": "UTILITY"},
    "HUMAN_AGENT": {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"},
}

UPLOAD_TIMEOUT = 60.0
_SIGN_TIMEOUT = 5.0


@dataclass(frozen=True)
class Profile:
    """A customer's public name, and the locale of their Messenger (such as "th_TH") where Meta gives it."""

    name: str
    locale: str | None


class Client(Graph):
    """Speaks for one Page."""

    async def send(
        self,
        customer_id: str,
        message: Message,
        *,
        messaging_type: MessagingType = "RESPONSE",
        metadata: str | None = None,
    ) -> Sent:
        """Sends one `message` object to the customer (PSID).

        RESPONSE answers them, UPDATE is the shop's news, UTILITY takes a `message` of utility.py, HUMAN_AGENT is a
        person's own message up to 7 days after the customer's last. `metadata` (< 1,000 characters) comes back in the
        echo. Raises SendError, `uncertain` when the request went out and no answer came: the Send API has no key that
        would make sending again harmless. Raises KeyError for any other messaging type.
        """
        marked = message if metadata is None else {**message, "metadata": metadata}
        try:
            return await self._send(customer_id, marked, messaging_type)
        except SendError as error:
            again = _in_another_form(message, marked) if error.meaning == errors.INVALID.name else None
            if again is None:
                raise
        return await self._send(customer_id, again, messaging_type)

    async def _send(self, customer_id: str, message: Message, messaging_type: MessagingType) -> Sent:
        answer = await self.call(
            "POST",
            self._page("messages"),
            json={"recipient": {"id": customer_id}, **_ON_THE_WIRE[messaging_type], "message": message},
        )
        message_id = as_text(answer.get("message_id"))
        if message_id is None:
            raise errors.error_of(errors.UNKNOWN, uncertain=True, detail="an answer without a message_id")
        return Sent(message_id)

    async def typing(self, customer_id: str, on: bool = True) -> None:
        """Shows or hides the typing dots. Never raises: whether it worked does not matter."""
        await self._act(customer_id, "typing_on" if on else "typing_off")

    async def mark_seen(self, customer_id: str) -> None:
        """Shows the customer that their message was seen. Never raises: whether it worked does not matter."""
        await self._act(customer_id, "mark_seen")

    async def _act(self, customer_id: str, action: str) -> None:
        body = {"recipient": {"id": customer_id}, "sender_action": action}
        await quietly(self.call("POST", self._page("messages"), json=body, timeout=_SIGN_TIMEOUT))

    async def profile(self, customer_id: str) -> Profile | None:
        """The customer's name and locale, or None: Meta gives them to some apps and for some people only."""
        path = quote(customer_id, safe="")
        # The locale needs a permission of its own, and one refused field refuses all.
        for fields in ("first_name,last_name,locale", "first_name,last_name"):
            answer = await quietly(self.call("GET", path, params={"fields": fields}))
            if answer is not None:
                names = (as_text(answer.get("first_name")), as_text(answer.get("last_name")))
                name = " ".join(part.strip() for part in names if part)
                return Profile(name, as_text(answer.get("locale"))) if name else None
        return None

    async def upload(self, content: bytes, media_type: str, *, kind: str = "image") -> str:
        """Stores a picture or file at Meta and gives its attachment id, valid 90 days and for this Page only.

        `kind` is image, video, audio or file; ≤ 8 MB for an image, ≤ 25 MB else. Raises SendError.
        """
        described = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        form = aiohttp.FormData()
        form.add_field("message", json.dumps(described), content_type="application/json")
        form.add_field("filedata", content, filename=kind, content_type=media_type)
        path = self._page("message_attachments")
        answer = await self.call("POST", path, data=form, timeout=UPLOAD_TIMEOUT)
        attachment_id = as_id(answer.get("attachment_id"))
        if attachment_id is None:
            raise errors.error_of(errors.UNKNOWN, detail="an answer without an attachment_id")
        return attachment_id

    def _page(self, edge: str) -> str:
        return f"{quote(self.credentials.account_id, safe='')}/{edge}"


def _in_another_form(message: Message, marked: Message) -> Message | None:
    """What to try once more after Messenger did not take `marked`: a refused message was not delivered."""
    if _is_receipt(message):
        # Messenger Platform, receipt template: an order number "must be unique", so a bill shown again may be refused.
        return _renumbered(marked)
    if "template" in message and marked is not message:
        return message  # nowhere is it said that metadata may stand beside a utility template
    return None


def _payload(message: Message) -> dict[str, Any]:
    payload: dict[str, Any] = message.get("attachment", {}).get("payload", {})
    return payload


def _is_receipt(message: Message) -> bool:
    return _payload(message).get("template_type") == "receipt"


def _renumbered(message: Message) -> Message:
    payload = _payload(message)
    number = f"{payload['order_number']}/{secrets.token_hex(2)}"
    attachment = {**message["attachment"], "payload": {**payload, "order_number": number}}
    return {**message, "attachment": attachment}
