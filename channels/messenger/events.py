"""One item of a webhook body as one typed event; every shape of Messenger Platform, "webhook events".

`parse_item` never raises, and is all the inbox needs to read a stored item again. The walk over a body is
in webhook.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from channels.base import Attachment, Incoming, Kind, Referral, Tap
from channels.messenger.clean import (
    as_id,
    as_number,
    as_object,
    as_objects,
    as_text,
    as_time,
    as_word,
    canonical,
    storable,
)

MAX_KEY = 190
_MAX_TITLE = 640  # longer than any title Messenger shows


class Where(StrEnum):
    """The part of the body an item was found in."""

    MESSAGING = "messaging"
    STANDBY = "standby"
    CHANGES = "changes"
    ENTRY = "entry"  # the item is an entry with none of the lists above
    BODY = "body"  # the item is a body without entries


Object = dict[str, Any]


class _Unusable(Exception):
    """The item is no event that anybody can act on; the text says why."""


@dataclass(frozen=True)
class _Item:
    page_id: str
    where: str
    raw: Any

    @property
    def from_page(self) -> bool:
        """Messenger Platform, message echoes: the sender is the Page and the recipient is the person."""
        is_echo = as_object(as_object(self.raw).get("message")).get("is_echo") is True
        return is_echo or self._party("sender") == self.page_id

    @property
    def customer_id(self) -> str | None:
        person = self._party("recipient" if self.from_page else "sender")
        return None if person == self.page_id else person

    def _party(self, name: str) -> str | None:
        return as_id(as_object(as_object(self.raw).get(name)).get("id"))

    def event(self, kind: Kind, *, key: str | None = None, **fields: Any) -> Incoming:
        """The event; its key is `key`, or a digest of all that the item says."""
        return Incoming(
            kind=kind,
            account_id=self.page_id,
            customer_id=self.customer_id,
            key=_key(kind, key or _digest(canonical(self.raw))),
            at=as_time(as_object(self.raw).get("timestamp")),
            where=str(self.where),
            item=self.raw,
            standby=self.where == Where.STANDBY,
            **fields,
        )


def parse_item(page_id: str, where: str, item: Any) -> Incoming:
    """The typed event of an item found in `where` of an entry of `page_id`; else IGNORED with a reason."""
    found = _Item(page_id, where, storable(item))
    try:
        return _typed(found)
    except _Unusable as reason:
        return found.event(Kind.IGNORED, reason=str(reason))


def _key(kind: Kind, identity: str) -> str:
    # Messages and taps share a prefix: either is told from all others of the Page by its mid alone.
    prefix = "mid" if kind in (Kind.MESSAGE, Kind.TAP) else kind
    key = f"{prefix}:{identity}"
    return key if len(key) <= MAX_KEY else f"{prefix}:{_digest(identity)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _typed(item: _Item) -> Incoming:
    if not isinstance(item.raw, dict):
        raise _Unusable(f"{item.where}: not an object")
    if item.where == Where.CHANGES:
        return _change(item)
    if item.where == Where.ENTRY:
        raise _Unusable("an entry without messaging, standby or changes")
    if item.where not in (Where.MESSAGING, Where.STANDBY):
        raise _Unusable("a body without entries")
    for name, read in _READERS.items():
        if isinstance(item.raw.get(name), dict):
            event = read(item, item.raw[name])
            if event.customer_id is None and event.kind not in _WITHOUT_PERSON:
                raise _Unusable(f"{name}: no person")
            return event
    names = sorted(name[:40] for name in item.raw if name not in ("sender", "recipient", "timestamp"))
    raise _Unusable(f"unknown kind: {', '.join(names[:5]) or 'nothing'}")


def _message(item: _Item, message: Object) -> Incoming:
    mid, text = as_text(message.get("mid")), as_text(message.get("text"))
    attachments = _attachments(message.get("attachments"))
    if item.from_page:
        return item.event(
            Kind.ECHO,
            key=mid,
            mid=mid,
            text=text,
            attachments=attachments,
            app_id=as_id(message.get("app_id")),
            metadata=as_text(message.get("metadata")),
        )
    if message.get("is_deleted") is True:
        return item.event(Kind.UNSEND, key=mid, mid=mid)
    said = partial(
        item.event,
        key=mid,
        mid=mid,
        text=text,
        reply_to=as_text(as_object(message.get("reply_to")).get("mid")),
        referral=_referral(message.get("referral")),
    )
    # Messenger Platform, quick replies: the tap is a normal message whose text is the tapped title.
    if isinstance(message.get("quick_reply"), dict):
        return said(Kind.TAP, tap=_tap(message["quick_reply"].get("payload"), text))
    if text is None and not attachments:
        raise _Unusable("a message without text or attachments")
    return said(Kind.MESSAGE, attachments=attachments)


def _postback(item: _Item, postback: Object) -> Incoming:
    """Messenger Platform: `payload` only comes to the app that made the button, and never in standby."""
    mid = as_text(postback.get("mid"))
    tap = _tap(postback.get("payload"), as_text(postback.get("title")))
    return item.event(Kind.TAP, key=mid, mid=mid, tap=tap, referral=_referral(postback.get("referral")))


def _tap(payload: Any, title: str | None) -> Tap:
    return Tap(payload=as_text(payload), title=(title or "")[:_MAX_TITLE])


def _referral(value: Any) -> Referral | None:
    if not isinstance(value, dict):
        return None
    return Referral(
        ref=as_text(value.get("ref")),
        source=as_word(value.get("source")),
        type=as_word(value.get("type")),
        ad_id=as_id(value.get("ad_id")),
        product_id=as_id(as_object(value.get("product")).get("id")),
    )


def _attachments(value: Any) -> tuple[Attachment, ...]:
    """The attachments, without the copies of a sticker.

    Messenger Platform, changelog of 1 June 2026: a sticker comes as "sticker", for a time also as an "image"
    with the same address; before that date only as an image with a `sticker_id`.
    """
    found = [_attachment(part) for part in as_objects(value)]
    stickers = {part.url for part in found if part.type == "sticker" and part.url}
    return tuple(
        part
        for n, part in enumerate(found)
        if not (part.type == "image" and part.url in stickers)
        and not (part.type == "sticker" and part in found[:n])
    )


def _attachment(value: Object) -> Attachment:
    payload = as_object(value.get("payload"))
    sticker = as_id(payload.get("sticker_id")) or as_id(value.get("sticker_id"))
    place = as_object(payload.get("coordinates"))
    latitude, longitude = as_number(place.get("lat")), as_number(place.get("long"))
    return Attachment(
        type="sticker" if sticker else as_word(value.get("type")) or "unknown",
        url=as_text(payload.get("url")) or as_text(value.get("url")),
        sticker_id=sticker,
        title=as_text(payload.get("title")) or as_text(value.get("title")),
        coordinates=None if latitude is None or longitude is None else (latitude, longitude),
    )


def _delivery(item: _Item, value: Object) -> Incoming:
    """Messenger Platform: `mids` may be missing; the watermark then stands for everything before it."""
    listed = value.get("mids")
    mids = tuple(filter(None, map(as_text, listed))) if isinstance(listed, list) else ()
    return item.event(Kind.DELIVERY, watermark=as_time(value.get("watermark")), mids=mids)


def _read(item: _Item, value: Object) -> Incoming:
    return item.event(Kind.READ, watermark=as_time(value.get("watermark")), mid=as_text(value.get("mid")))


def _reaction(item: _Item, value: Object) -> Incoming:
    emoji = as_text(value.get("emoji")) or as_text(value.get("reaction"))
    mid, action = as_text(value.get("mid")), as_word(value.get("action"))
    return item.event(Kind.REACTION, text=emoji, mid=mid, action=action)


def _edit(item: _Item, value: Object) -> Incoming:
    return item.event(Kind.EDIT, text=as_text(value.get("text")), mid=as_text(value.get("mid")))


def _referral_alone(item: _Item, value: Object) -> Incoming:
    return item.event(Kind.REFERRAL, referral=_referral(value))


def _optin(item: _Item, value: Object) -> Incoming:
    return item.event(Kind.OPTIN, action=as_word(value.get("type")))


def _cart(item: _Item, value: Object) -> Incoming:
    return item.event(Kind.CART)


def _handover(action: str, item: _Item, value: Object) -> Incoming:
    app_id = as_id(value.get("new_owner_app_id")) or as_id(value.get("requested_owner_app_id"))
    return item.event(Kind.HANDOVER, action=action, app_id=app_id, metadata=as_text(value.get("metadata")))


def _policy(item: _Item, value: Object) -> Incoming:
    return item.event(Kind.POLICY, action=as_word(value.get("action")), reason=as_text(value.get("reason")))


_READERS: dict[str, Callable[[_Item, Object], Incoming]] = {
    "message": _message,
    "postback": _postback,
    "message_edit": _edit,
    "reaction": _reaction,
    "referral": _referral_alone,
    "optin": _optin,
    "order": _cart,
    "delivery": _delivery,
    "read": _read,
    "pass_thread_control": partial(_handover, "pass"),
    "take_thread_control": partial(_handover, "take"),
    "request_thread_control": partial(_handover, "request"),
    "app_roles": partial(_handover, "roles"),
    "policy_enforcement": _policy,
}
_WITHOUT_PERSON = (Kind.HANDOVER, Kind.POLICY)
_TEMPLATE_STATUS = ("message_template_status_update", "messenger_template_status_update")  # Meta writes both


def _change(item: _Item) -> Incoming:
    """Only template states concern us; feed events and the dashboard's "Test" button also come this way."""
    name = as_word(item.raw.get("field"))
    if name not in _TEMPLATE_STATUS:
        raise _Unusable(f"change: {name or 'without a field'}")
    return item.event(Kind.TEMPLATE_STATUS, action=as_word(as_object(item.raw.get("value")).get("event")))
