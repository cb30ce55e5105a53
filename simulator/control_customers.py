"""The control API of the customers, under /control/customers: create them, act for them, read and await
what the shop answered. README.md documents it."""

import base64
import binascii
import time
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json as json_response

from simulator import events, offers, threads, views
from simulator.control import LONGEST_WAIT, Control, ControlError, body_of, number
from simulator.live import Live
from simulator.media import File
from simulator.people import LIKE
from simulator.state import Customer, Entry

BURST = 5000


class CustomerControl(Control):
    """Handlers that act for a customer."""

    def blueprint(self) -> Blueprint:
        routes = Blueprint("control-customers", url_prefix="/control")
        for method, path, handler in (
            ("GET", "/customers", self.customers),
            ("POST", "/customers", self.add_customer),
            ("GET", "/customers/<psid>", self.customer),
            ("POST", "/customers/<psid>", self.change_customer),
            ("POST", "/customers/<psid>/text", self.text),
            ("POST", "/customers/<psid>/get-started", self.get_started),
            ("POST", "/customers/<psid>/tap", self.tap),
            ("POST", "/customers/<psid>/quick-reply", self.quick_reply),
            ("POST", "/customers/<psid>/photos", self.photos),
            ("POST", "/customers/<psid>/sticker", self.sticker),
            ("POST", "/customers/<psid>/attachment", self.attachment),
            ("POST", "/customers/<psid>/referral", self.referral),
            ("POST", "/customers/<psid>/react", self.react),
            ("POST", "/customers/<psid>/edit", self.edit),
            ("POST", "/customers/<psid>/unsend", self.unsend),
            ("POST", "/customers/<psid>/read", self.read),
            ("POST", "/customers/<psid>/event", self.event),
            ("POST", "/customers/<psid>/inbox", self.inbox),
            ("POST", "/customers/<psid>/thread", self.thread),
            ("POST", "/customers/<psid>/data-deletion", self.data_deletion),
            ("GET", "/customers/<psid>/transcript", self.transcript),
            ("GET", "/customers/<psid>/wait", self.wait),
            ("POST", "/burst", self.burst),
        ):
            routes.add_route(handler, path, methods=[method], name=handler.__name__)
        return routes

    def _customer(self, psid: Any) -> Customer:
        found = self.world.customers.get(str(psid))
        if found is None:
            raise ControlError(f"no customer {psid}", 404)
        return found

    def _entry(self, customer: Customer, body: dict[str, Any]) -> Entry:
        """The message with ``mid``; without one the newest of the other side is meant."""
        if "mid" in body:
            found = self.world.find_entry(customer, str(body["mid"]))
        else:
            side = ("shop", "inbox") if body.get("of", "shop") == "shop" else ("customer",)
            found = next((entry for entry in reversed(customer.entries) if entry.side in side), None)
        if found is None:
            raise ControlError("no such message", 404)
        return found

    def _sent(self, entry: Entry) -> HTTPResponse:
        return json_response({"mid": entry.mid, "seq": entry.seq, "at": entry.at, "wall": entry.wall})

    async def customers(self, request: Request) -> HTTPResponse:
        return json_response(
            {"customers": [views.summary(self.world, one) for one in self.world.customers.values()]}
        )

    async def add_customer(self, request: Request) -> HTTPResponse:
        body = body_of(request)
        page = self._page(str(body.get("page") or self.world.config.page_id))
        psid = str(body.get("psid") or "")
        if psid in self.world.customers:
            raise ControlError(f"customer {psid} exists", 409)
        name = str(body.get("name") or "นก ใจดี")
        customer = self.world.add_customer(page, name, psid=psid, locale=str(body.get("locale") or "th_TH"))
        self._change_customer(customer, body)
        self.world.live.publish(Live.ALL, "chat", lambda: views.summary(self.world, customer))
        return json_response(views.summary(self.world, customer), status=201)

    async def data_deletion(self, request: Request, psid: str) -> HTTPResponse:
        """They removed the app and want their data deleted: Meta asks the shop. ``user_id`` names somebody else,
        ``secret`` signs wrongly.
        """
        customer, given = self._customer(psid), body_of(request)
        page = self._page(customer.page_id)
        payload = {
            "algorithm": "HMAC-SHA256",
            "issued_at": int(given.get("issued_at") or time.time()),
            "user_id": str(given.get("user_id") or customer.app_user_id),
        }
        signed = events.signed_request(str(given.get("secret") or page.app_secret), payload)
        status, text = await self.sender.courier.ask_deletion(page, signed)
        return json_response({"status": status, "answer": text, "signed_request": signed})

    async def customer(self, request: Request, psid: str) -> HTTPResponse:
        customer = self._customer(psid)
        return json_response(
            views.summary(self.world, customer) | {"thread": views.thread(self.world, customer)}
        )

    async def change_customer(self, request: Request, psid: str) -> HTTPResponse:
        customer = self._customer(psid)
        self._change_customer(customer, body_of(request))
        self.sender.publish_thread(customer)
        return json_response(views.summary(self.world, customer))

    def _change_customer(self, customer: Customer, body: dict[str, Any]) -> None:
        for name in ("name", "locale", "gender"):
            if body.get(name):
                setattr(customer, name, str(body[name]))
        if "blocked" in body:
            customer.blocked = bool(body["blocked"])
        if "window_opened_at" in body:
            customer.opened_at = body["window_opened_at"]

    async def text(self, request: Request, psid: str) -> HTTPResponse:
        body = body_of(request)
        if not isinstance(body.get("text"), str):
            raise ControlError("text is required")
        entry = self.people.say(self._customer(psid), body["text"], reply_to=str(body.get("reply_to") or ""))
        return self._sent(entry)

    async def get_started(self, request: Request, psid: str) -> HTTPResponse:
        """Tap Get Started; ``ref`` as when the chat was opened by an m.me link."""
        customer, body = self._customer(psid), body_of(request)
        button = self.world.page_of(customer).profile.get("get_started")
        if button is None and "payload" not in body:
            raise ControlError("the Page has no Get Started button", 409)
        payload = body.get("payload") or (button or {}).get("payload")
        return self._sent(
            self.people.tap(customer, "Get Started", str(payload), ref=str(body.get("ref") or ""))
        )

    async def tap(self, request: Request, psid: str) -> HTTPResponse:
        """A quick reply, button or menu item by title, payload, card or index; or a ``forced`` one nobody
        offered.
        """
        customer, body = self._customer(psid), body_of(request)
        if body.get("forced"):
            return self._sent(
                self.people.tap(customer, str(body.get("title", "")), str(body.get("payload", "")))
            )
        if {"title", "payload"} & body.keys() and "card" not in body:
            try:
                reply = offers.find_quick_reply(customer, body)
                return self._sent(self.people.quick_reply(customer, reply["title"], reply["payload"]))
            except offers.NotOffered:
                pass
        button = offers.find_button(self.world, customer, body)
        if button["type"] != "postback":
            return json_response({"opened": button.get("url") or button.get("payload"), "button": button})
        return self._sent(self.people.tap(customer, button["title"], button["payload"]))

    async def quick_reply(self, request: Request, psid: str) -> HTTPResponse:
        customer, body = self._customer(psid), body_of(request)
        if body.get("forced"):
            reply = {"title": str(body.get("title", "")), "payload": str(body.get("payload", ""))}
        else:
            reply = offers.find_quick_reply(customer, body)
        return self._sent(self.people.quick_reply(customer, reply["title"], reply["payload"]))

    async def photos(self, request: Request, psid: str) -> HTTPResponse:
        """Multipart files, or JSON {"files": [{"name", "type", "base64"}], "text", "kind"}."""
        customer = self._customer(psid)
        if request.files:
            uploads = [one for group in request.files.values() for one in group]
            files = [self.world.media.put(one.body, one.name, one.type) for one in uploads]
            form: dict[str, Any] = request.form or {}
            text, kind = str(form.get("text") or ""), str(form.get("kind") or "image")
        else:
            body = body_of(request)
            files = [self._file(item) for item in body.get("files") or []]
            text, kind = str(body.get("text") or ""), str(body.get("kind") or "image")
        if not files:
            raise ControlError("no files")
        if kind != "image":
            return self._sent(self.people.send_files(customer, kind, files, text=text))
        entries = self.people.send_photos(customer, files, text=text)
        return json_response(
            {"mid": entries[0].mid, "seq": entries[0].seq, "mids": [entry.mid for entry in entries]}
        )

    def _file(self, item: dict[str, Any]) -> File:
        try:
            data = base64.b64decode(item.get("base64", ""), validate=True)
        except binascii.Error:
            raise ControlError("base64 is not base64") from None
        return self.world.media.put(data, str(item.get("name") or "photo.jpg"), str(item.get("type") or ""))

    async def sticker(self, request: Request, psid: str) -> HTTPResponse:
        sticker_id = str(body_of(request).get("sticker_id") or LIKE)
        return self._sent(self.people.send_sticker(self._customer(psid), sticker_id))

    async def attachment(self, request: Request, psid: str) -> HTTPResponse:
        body = body_of(request)
        if not isinstance(body.get("attachments"), list):
            raise ControlError("attachments must be a list")
        customer = self._customer(psid)
        return self._sent(
            self.people.send_attachment(customer, body["attachments"], str(body.get("text") or ""))
        )

    async def referral(self, request: Request, psid: str) -> HTTPResponse:
        self.people.open_link(self._customer(psid), str(body_of(request).get("ref") or ""))
        return json_response({"ok": True})

    async def react(self, request: Request, psid: str) -> HTTPResponse:
        customer, body = self._customer(psid), body_of(request)
        emoji = str(body.get("emoji") or "❤")
        self.people.react(customer, self._entry(customer, body), emoji, take_back=bool(body.get("take_back")))
        return json_response({"ok": True})

    async def edit(self, request: Request, psid: str) -> HTTPResponse:
        customer, body = self._customer(psid), body_of(request)
        self.people.edit(
            customer, self._entry(customer, {"of": "customer"} | body), str(body.get("text") or "")
        )
        return json_response({"ok": True})

    async def unsend(self, request: Request, psid: str) -> HTTPResponse:
        customer, body = self._customer(psid), body_of(request)
        self.people.unsend(customer, self._entry(customer, {"of": "customer"} | body))
        return json_response({"ok": True})

    async def read(self, request: Request, psid: str) -> HTTPResponse:
        self.people.read(self._customer(psid))
        return json_response({"ok": True})

    async def event(self, request: Request, psid: str) -> HTTPResponse:
        """Any event: sender, recipient and timestamp are added when missing."""
        self.people.emit(self._customer(psid), body_of(request))
        return json_response({"ok": True})

    async def inbox(self, request: Request, psid: str) -> HTTPResponse:
        """A human answers in the Page's inbox; ``app_id`` is the one its echo names, null for none."""
        body = body_of(request)
        named = body.get("app_id", threads.PAGE_INBOX)
        if named is not None and not str(named).isdecimal():
            raise ControlError("app_id is a number or null")
        threads.inbox_says(
            self.world,
            self.people,
            self._customer(psid),
            str(body.get("text") or "…"),
            None if named is None else str(named),
        )
        return json_response({"ok": True})

    async def thread(self, request: Request, psid: str) -> HTTPResponse:
        """Give the thread to ``owner``: app, inbox, idle or an app id."""
        customer, name = self._customer(psid), str(body_of(request).get("owner") or "idle")
        if self.world.page_of(customer).default_app is None:
            raise ControlError("the Page has no default app, so nobody owns threads", 409)
        threads.give_thread(self.world, self.people, customer, None if name == "idle" else self.app_id(name))
        return json_response(views.summary(self.world, customer))

    async def transcript(self, request: Request, psid: str) -> HTTPResponse:
        customer = self._customer(psid)
        after, limit = number(request, "after", 0), int(number(request, "limit", 1000))
        found = [entry for entry in customer.entries if entry.seq > after][-limit:]
        return json_response(
            {
                "psid": customer.psid,
                "shop_messages": customer.shop_count,
                "messages": [views.entry(self.world, entry, full=True) for entry in found],
            }
        )

    async def wait(self, request: Request, psid: str) -> HTTPResponse:
        """Until the shop has sent ``shop_messages`` in all, or something newer than entry ``after``."""
        customer = self._customer(psid)
        timeout = min(number(request, "timeout", 10), LONGEST_WAIT)
        after = int(number(request, "after", 0))
        if "shop_messages" in request.args:
            wanted = int(number(request, "shop_messages", 1))
        else:
            wanted = customer.shop_count - sum(1 for one in self._newer(customer, after)) + 1
        done = await self.world.live.wait_for(customer.psid, lambda: customer.shop_count >= wanted, timeout)
        messages = [views.entry(self.world, entry, full=True) for entry in self._newer(customer, after)]
        found = {"done": done, "shop_messages": customer.shop_count, "messages": messages}
        return json_response(found, status=200 if done else 408)

    def _newer(self, customer: Customer, after: int) -> list[Entry]:
        """The shop's messages after entry number ``after``; looks at no older ones."""
        newer: list[Entry] = []
        for entry in reversed(customer.entries):
            if entry.seq <= after:
                break
            if entry.side != "customer":
                newer.append(entry)
        return newer[::-1]

    async def burst(self, request: Request) -> HTTPResponse:
        """Many texts at once: {"messages": [{"psid", "text"}]}; sent side by side, in order per customer."""
        messages = body_of(request).get("messages")
        if not isinstance(messages, list) or len(messages) > BURST:
            raise ControlError(f"messages must be a list of at most {BURST}")
        customers = [self._customer(item.get("psid")) for item in messages]
        entries = [
            self.people.say(customer, str(item.get("text", "")))
            for customer, item in zip(customers, messages, strict=True)
        ]
        return json_response({"sent": len(entries), "mids": [entry.mid for entry in entries]})
