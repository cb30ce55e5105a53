"""The chat page: list of chats, one chat, its event stream, and what a person does there. Looks are in
templates/ and static/; the acts themselves are in people.py."""

import asyncio
import html
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, raw, redirect
from sanic.response import html as html_response
from sanic.response import json as json_response

from simulator import offers, views, words
from simulator.control import ControlError, body_of
from simulator.live import Live, frame
from simulator.people import People
from simulator.state import Customer, Page, World
from simulator.webhooks import WebhookSender

HEARTBEAT_SECONDS = 15
LOCALES = ("th_TH", "en_US")
# The page runs its own scripts only; pictures and framed links may be the shop's, wherever it is.
POLICY = "default-src 'self'; img-src * data:; media-src *; frame-src *; object-src 'none'; base-uri 'none'"
COLOURS = (
    ("#00b2ff", "#006aff"),
    ("#ff6cab", "#7366ff"),
    ("#ffb75e", "#ed8f03"),
    ("#43e97b", "#11998e"),
    ("#f857a6", "#ff5858"),
    ("#a18cd1", "#5f4bd8"),
)
AVATAR = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80" role="img" aria-label="{name}">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="{light}"/>
<stop offset="1" stop-color="{dark}"/></linearGradient></defs><rect width="80" height="80" fill="url(#g)"/>
<text x="40" y="53" font-size="36" font-weight="600" text-anchor="middle" fill="#fff"
font-family="'Noto Sans Thai','Loma','Sarabun',Helvetica,Arial,sans-serif">{letter}</text></svg>"""


class Pages:
    """Handlers of the chat page of one world."""

    def __init__(self, world: World, sender: WebhookSender, people: People) -> None:
        self.world = world
        self.sender = sender
        self.people = people
        folder = Path(__file__).parent / "templates"
        self.templates = Environment(
            loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
        )

    def blueprint(self) -> Blueprint:
        routes = Blueprint("pages")
        for method, path, handler in (
            ("GET", "/", self.chats),
            ("GET", "/chats/events", self.chat_events),
            ("POST", "/chats", self.new_chat),
            ("GET", "/chat/<psid>", self.chat),
            ("GET", "/chat/<psid>/events", self.events),
            ("POST", "/chat/<psid>/text", self.text),
            ("POST", "/chat/<psid>/tap", self.tap),
            ("POST", "/chat/<psid>/get-started", self.get_started),
            ("POST", "/chat/<psid>/quick-reply", self.quick_reply),
            ("POST", "/chat/<psid>/photos", self.photos),
            ("POST", "/chat/<psid>/sticker", self.sticker),
            ("POST", "/chat/<psid>/react", self.react),
            ("POST", "/chat/<psid>/seen", self.seen),
            ("GET", "/avatar/<name:ext=svg>", self.avatar),
        ):
            routes.add_route(handler, path, methods=[method], name=handler.__name__)
        return routes

    def _customer(self, psid: str) -> Customer:
        found = self.world.customers.get(psid)
        if found is None:
            raise ControlError(f"no customer {psid}", 404)
        return found

    def _render(self, template: str, **values: Any) -> HTTPResponse:
        page = self.templates.get_template(template).render(**values)
        return html_response(page, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    async def chats(self, request: Request) -> HTTPResponse:
        newest = sorted(self.world.customers.values(), key=_last_at, reverse=True)
        rows = [views.summary(self.world, customer) for customer in newest]
        pages = list(self.world.pages.values())
        return self._render("chats.html", language="th", config={"chats": rows}, pages=pages, locales=LOCALES)

    async def new_chat(self, request: Request) -> HTTPResponse:
        form: dict[str, Any] = request.form or {}
        page = self.world.pages.get(str(form.get("page") or self.world.config.page_id))
        name = " ".join(str(form.get("name") or "").split())[:60]
        locale = str(form.get("locale") or LOCALES[0])
        if page is None or locale not in LOCALES:
            raise ControlError("unknown page or locale")
        customer = self.world.add_customer(page, name or "ลูกค้าใหม่", locale=locale)
        self.world.live.publish(Live.ALL, "chat", lambda: views.summary(self.world, customer))
        return redirect(f"/chat/{customer.psid}", status=303)

    async def chat(self, request: Request, psid: str) -> HTTPResponse:
        customer = self.world.customers.get(psid)
        if customer is None:
            return redirect("/")
        page: Page = self.world.page_of(customer)
        language = customer.locale[:2]
        config = {
            "psid": psid,
            "page": page.id,
            "page_name": page.name,
            "locale": customer.locale,
            "words": words.of(language),
            "phone": offers.PHONE,
            "email": offers.EMAIL,
        }
        return self._render(
            "chat.html", language=language, config=config, customer=customer, page=page, words=config["words"]
        )

    async def events(self, request: Request, psid: str) -> None:
        """The chat from entry ``after`` (or Last-Event-ID) on, then live."""
        customer = self._customer(psid)
        after = request.headers.get("last-event-id") or request.args.get("after") or "0"
        first = [frame("thread", views.thread(self.world, customer))]
        for entry in customer.entries:
            if entry.seq > (int(after) if after.isdigit() else 0):
                first.append(frame("entry", views.entry(self.world, entry), entry.seq))
        await self._stream(request, psid, [*first, frame("ready", {})])

    async def chat_events(self, request: Request) -> None:
        await self._stream(request, Live.ALL, [frame("ready", {})])

    async def _stream(self, request: Request, topic: str, first: list[str]) -> None:
        subscription = self.world.live.subscribe(topic)
        try:
            response = await request.respond(
                content_type="text/event-stream; charset=utf-8", headers={"Cache-Control": "no-store"}
            )
            await response.send("".join(first))
            while (part := await self._next(subscription.queue)) is not None:
                await response.send(part)
            await response.eof()
        finally:
            self.world.live.unsubscribe(topic, subscription)

    async def _next(self, queue: asyncio.Queue[str | None]) -> str | None:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                return await queue.get()
        except TimeoutError:
            return ": still here\n\n"

    async def text(self, request: Request, psid: str) -> HTTPResponse:
        said = str(body_of(request).get("text") or "").strip()
        if not said:
            raise ControlError("text is required")
        self.people.say(self._customer(psid), said)
        return empty()

    async def tap(self, request: Request, psid: str) -> HTTPResponse:
        body = body_of(request)
        self.people.tap(self._customer(psid), str(body.get("title") or ""), str(body.get("payload") or ""))
        return empty()

    async def get_started(self, request: Request, psid: str) -> HTTPResponse:
        customer = self._customer(psid)
        button = self.world.page_of(customer).profile.get("get_started")
        if button is None:
            raise ControlError("the Page has no Get Started button", 409)
        title = words.of(customer.locale[:2])["get_started"]
        self.people.tap(customer, title, button["payload"])
        return empty()

    async def quick_reply(self, request: Request, psid: str) -> HTTPResponse:
        customer, body = self._customer(psid), body_of(request)
        reply = offers.find_quick_reply(
            customer, {"title": body.get("title"), "payload": body.get("payload")}
        )
        self.people.quick_reply(customer, reply["title"], reply["payload"])
        return empty()

    async def photos(self, request: Request, psid: str) -> HTTPResponse:
        customer = self._customer(psid)
        uploads = [one for group in (request.files or {}).values() for one in group]
        if not uploads:
            raise ControlError("no files")
        pictures = [one for one in uploads if one.type.startswith("image/")]
        for one in uploads:
            if one not in pictures:
                self.people.send_files(customer, "file", [self.world.media.put(one.body, one.name, one.type)])
        if pictures:
            self.people.send_photos(
                customer, [self.world.media.put(one.body, one.name, one.type) for one in pictures]
            )
        return empty()

    async def sticker(self, request: Request, psid: str) -> HTTPResponse:
        self.people.send_sticker(self._customer(psid))
        return empty()

    async def react(self, request: Request, psid: str) -> HTTPResponse:
        customer, body = self._customer(psid), body_of(request)
        entry = self.world.find_entry(customer, str(body.get("mid")))
        if entry is None:
            raise ControlError("no such message", 404)
        self.people.react(
            customer, entry, str(body.get("emoji") or "❤"), take_back=bool(body.get("take_back"))
        )
        return json_response({"reactions": entry.reactions})

    async def seen(self, request: Request, psid: str) -> HTTPResponse:
        """The customer's eyes are on the chat."""
        self.people.read(self._customer(psid))
        return empty()

    async def avatar(self, request: Request, name: str, ext: str) -> HTTPResponse:
        """A round picture with the first letter of a customer or Page."""
        owner = self.world.customers.get(name) or self.world.pages.get(name)
        title = owner.name if owner else "?"
        light, dark = COLOURS[sum(map(ord, name)) % len(COLOURS)]
        # A Thai word may begin with a vowel that is written before its consonant.
        letter = next((sign for sign in title if sign.isalnum() and sign not in "เแโใไ"), "?").upper()
        if title.startswith("ร้าน"):
            letter = next((sign for sign in title[4:] if sign.isalnum() and sign not in "เแโใไ"), letter)
        svg = AVATAR.format(name=html.escape(title), letter=html.escape(letter), light=light, dark=dark)
        return raw(svg.encode(), content_type="image/svg+xml", headers={"Cache-Control": "max-age=60"})


def _last_at(customer: Customer) -> int:
    return customer.entries[-1].at if customer.entries else 0
