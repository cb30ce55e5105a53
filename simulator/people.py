"""What a customer does in a chat: writes, taps, sends photos, reacts, reads. Each function changes the
chat and emits the webhook event Meta would send. Used by the chat page and by the control API alike."""

from collections.abc import Sequence
from typing import Any

from simulator import events, views
from simulator.live import Live
from simulator.media import File
from simulator.state import Customer, Entry, Media, World, new_mid
from simulator.webhooks import WebhookSender

LIKE = "369239263222822"  # the thumbs-up sticker


class People:
    """The customers' hands."""

    def __init__(self, world: World, sender: WebhookSender) -> None:
        self.world = world
        self.sender = sender

    def say(self, customer: Customer, text: str, *, reply_to: str = "") -> Entry:
        message: dict[str, Any] = {"mid": new_mid(), "text": text}
        if reply_to:
            message["reply_to"] = {"mid": reply_to, "is_self_reply": False}
        return self._message(customer, "text", message, text=text)

    def quick_reply(self, customer: Customer, title: str, payload: str) -> Entry:
        message = {"mid": new_mid(), "text": title, "quick_reply": {"payload": payload}}
        return self._message(customer, "quick_reply", message, text=title)

    def tap(self, customer: Customer, title: str, payload: str, *, ref: str = "") -> Entry:
        """A postback: a button, a menu item, an ice breaker or Get Started."""
        postback: dict[str, Any] = {"mid": new_mid(), "title": title, "payload": payload}
        if ref:
            postback["referral"] = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        entry = self._entry(customer, "postback", postback, text=title)
        self._emit(customer, entry, postback=postback)
        return entry

    def send_photos(self, customer: Customer, photos: Sequence[File], *, text: str = "") -> list[Entry]:
        """Photos in one event or one each, as the scenario says; with ``text`` in the same message."""
        if self.world.scenario.photo_events == "many" and len(photos) > 1:
            return [self.send_files(customer, "image", [photo]) for photo in photos]
        return [self.send_files(customer, "image", photos, text=text)]

    def send_files(self, customer: Customer, kind: str, files: Sequence[File], *, text: str = "") -> Entry:
        """image, audio, video or file attachments in one message."""
        lifetime = self.world.scenario.media_lifetime
        attachments = [
            {"type": kind, "payload": {"url": self.world.media.url(file, lifetime)}} for file in files
        ]
        message: dict[str, Any] = {"mid": new_mid(), "attachments": attachments}
        if text:
            message["text"] = text
        name = "photos" if kind == "image" else kind
        return self._message(customer, name, message, text=text, media=[Media(kind, file) for file in files])

    def send_sticker(self, customer: Customer, sticker_id: str = LIKE) -> Entry:
        """A sticker; before June 2026 an image, then both, since 30 August 2026 only a sticker."""
        payload = {"url": f"{self.world.base_url}/static/thumb.png", "sticker_id": int(sticker_id)}
        image = {"type": "image", "payload": payload}
        sticker = {"type": "sticker", "payload": payload}
        style = self.world.scenario.sticker_style
        attachments = {"old": [image], "transition": [sticker, image], "new": [sticker]}[style]
        return self._message(customer, "sticker", {"mid": new_mid(), "attachments": attachments})

    def send_attachment(self, customer: Customer, attachments: list[Any], text: str = "") -> Entry:
        """Attachments of any kind, known or not."""
        message: dict[str, Any] = {"mid": new_mid(), "attachments": attachments}
        if text:
            message["text"] = text
        return self._message(customer, "attachment", message, text=text)

    def react(self, customer: Customer, entry: Entry, emoji: str, *, take_back: bool = False) -> None:
        names = {
            "❤": "love",
            "😆": "smile",
            "😮": "wow",
            "😢": "sad",
            "😡": "angry",
            "👍": "like",
            "👎": "dislike",
        }
        reaction = {
            "reaction": names.get(emoji[:1], "other"),
            "emoji": emoji,
            "action": "unreact" if take_back else "react",
            "mid": entry.mid,
        }
        entry.reactions.pop("customer", None)
        if not take_back:
            entry.reactions["customer"] = emoji
        self.publish(customer, entry)
        self._emit(customer, None, reaction=reaction)

    def edit(self, customer: Customer, entry: Entry, text: str) -> None:
        entry.edited += 1
        entry.text = text
        self.publish(customer, entry)
        edit = {"mid": entry.mid, "text": text, "num_edit": entry.edited}
        self._emit(customer, None, opens=False, message_edit=edit)

    def unsend(self, customer: Customer, entry: Entry) -> None:
        """Documented for Instagram only; Messenger may send the same."""
        entry.unsent = True
        self.publish(customer, entry)
        self._emit(customer, None, opens=False, message={"mid": entry.mid, "is_deleted": True})

    def open_link(self, customer: Customer, ref: str) -> None:
        """m.me/<page>?ref=… into an existing chat."""
        self._emit(customer, None, referral={"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"})

    def read(self, customer: Customer) -> None:
        """Look at the chat: everything up to now is read."""
        newest = next((entry for entry in reversed(customer.entries) if entry.side != "customer"), None)
        if newest is None or newest.at <= customer.read_at:
            return
        customer.read_at = max(self.world.clock.now_ms(), newest.at)
        self._emit(customer, None, opens=False, read={"watermark": customer.read_at})
        self.world.live.publish(Live.ALL, "chat", lambda: views.summary(self.world, customer))

    def emit(self, customer: Customer, event: dict[str, Any]) -> None:
        """Any event as it is; sender, recipient and timestamp are filled in when missing."""
        whole = events.from_customer(customer.page_id, customer.psid, self.world.clock.now_ms()) | event
        self.sender.emit(customer, whole)

    def publish(self, customer: Customer, entry: Entry) -> None:
        """Show a new or changed message to all who watch the chat."""
        live = self.world.live
        live.publish(customer.psid, "entry", lambda: views.entry(self.world, entry), entry.seq)
        live.publish(Live.ALL, "chat", lambda: views.summary(self.world, customer))
        live.wake(customer.psid)

    def _message(self, customer: Customer, kind: str, message: dict[str, Any], **more: Any) -> Entry:
        entry = self._entry(customer, kind, message, **more)
        self._emit(customer, entry, message=message)
        return entry

    def _entry(self, customer: Customer, kind: str, message: dict[str, Any], **more: Any) -> Entry:
        entry = self.world.add_entry(customer, "customer", kind, message, mid=message["mid"], **more)
        self.publish(customer, entry)
        return entry

    def _emit(self, customer: Customer, entry: Entry | None, *, opens: bool = True, **kind: Any) -> None:
        """Messenger Platform: messages, taps, referrals and reactions open the 24 hour window; edits,
        reads don't.
        """
        now = entry.at if entry else self.world.clock.now_ms()
        if opens:
            customer.opened_at = now
            customer.refused = ""
        number = entry.seq if entry else 0
        self.sender.emit(
            customer, events.from_customer(customer.page_id, customer.psid, now, **kind), entry=number
        )
