"""The control API of the emulator itself, under /control: reset, clock, scenario, Pages, what the shop
called, how webhooks went. Customers are in control_customers.py; README.md documents both for those who
write tests."""

import asyncio
import json
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json as json_response

from simulator import faults, views
from simulator.config import KNOWN_FIELDS
from simulator.events import to_bytes
from simulator.live import Live
from simulator.people import People
from simulator.state import Page, WebhookHealth, World
from simulator.threads import PAGE_INBOX
from simulator.webhooks import Delivery, WebhookSender

LONGEST_WAIT = 120.0


class ControlError(Exception):
    """A control call that cannot be done; the text goes back as {"error": …}."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a control call, {} without a body."""
    if not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        raise ControlError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise ControlError("the body must be a JSON object")
    return body


def number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.args.get(name, default))
    except ValueError:
        raise ControlError(f"{name} must be a number") from None


class Control:
    """Handlers of one world."""

    def __init__(self, world: World, sender: WebhookSender, people: People) -> None:
        self.world = world
        self.sender = sender
        self.people = people

    def blueprint(self) -> Blueprint:
        routes = Blueprint("control", url_prefix="/control")
        for methods, path, handler in (
            ("POST", "/reset", self.reset),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.set_clock),
            ("GET", "/scenario", self.scenario),
            ("POST", "/scenario", self.set_scenario),
            ("DELETE", "/scenario", self.clear_scenario),
            ("GET", "/pages", self.pages),
            ("POST", "/pages", self.add_page),
            ("GET", "/pages/<page_id>", self.page),
            ("POST", "/pages/<page_id>", self.change_page),
            ("GET", "/graph-calls", self.graph_calls),
            ("DELETE", "/graph-calls", self.clear_graph_calls),
            ("GET", "/webhooks", self.webhooks),
            ("POST", "/webhooks/<delivery_id:int>/replay", self.replay),
            ("POST", "/webhook-body", self.webhook_body),
            ("POST", "/handshake", self.handshake),
            ("GET", "/idle", self.idle),
        ):
            routes.add_route(handler, path, methods=[methods], name=handler.__name__)
        return routes

    async def reset(self, request: Request) -> HTTPResponse:
        await self.sender.clear()
        self.world.reset()
        return json_response({"ok": True})

    async def clock(self, request: Request) -> HTTPResponse:
        now = self.world.clock.now()
        return json_response({"now": now, "iso": datetime.fromtimestamp(now).astimezone().isoformat()})

    async def set_clock(self, request: Request) -> HTTPResponse:
        body, clock = body_of(request), self.world.clock
        if body.get("reset"):
            clock.reset()
        if "set" in body:
            clock.set(self._moment(body["set"]))
        clock.advance(
            float(body.get("seconds", 0))
            + 3600 * float(body.get("hours", 0))
            + 86400 * float(body.get("days", 0))
        )
        return await self.clock(request)

    def _moment(self, value: Any) -> float:
        if isinstance(value, int | float):
            return float(value)
        try:
            return datetime.fromisoformat(str(value)).timestamp()
        except ValueError:
            raise ControlError("set must be Unix seconds or an ISO 8601 time") from None

    async def scenario(self, request: Request) -> HTTPResponse:
        return json_response(self.world.scenario.as_dict())

    async def set_scenario(self, request: Request) -> HTTPResponse:
        body = body_of(request)
        try:
            for rule in body.get("graph_errors") or []:
                faults.check_rule(rule)
            self.world.scenario.update(body)
        except ValueError as error:
            raise ControlError(str(error)) from None
        return await self.scenario(request)

    async def clear_scenario(self, request: Request) -> HTTPResponse:
        self.world.scenario = type(self.world.scenario)()
        return await self.scenario(request)

    async def pages(self, request: Request) -> HTTPResponse:
        return json_response({"pages": [self._page_view(page) for page in self.world.pages.values()]})

    async def add_page(self, request: Request) -> HTTPResponse:
        body = body_of(request)
        page_id = str(body.get("id") or 10**14 + secrets.randbelow(9 * 10**14))
        token = str(body.get("token") or secrets.token_urlsafe(24))
        if page_id in self.world.pages or token in self.world.tokens:
            raise ControlError("a Page with this id or token exists", 409)
        page = self.world.add_page(page_id, str(body.get("name") or f"Page {page_id}"), token)
        self._change(page, body)
        return json_response(self._page_view(page), status=201)

    async def page(self, request: Request, page_id: str) -> HTTPResponse:
        return json_response(self._page_view(self._page(page_id)))

    async def change_page(self, request: Request, page_id: str) -> HTTPResponse:
        page = self._page(page_id)
        self._change(page, body_of(request))
        self.sender.publish_page(page)
        return json_response(self._page_view(page))

    def _page(self, page_id: str) -> Page:
        page = self.world.pages.get(page_id)
        if page is None:
            raise ControlError(f"no Page {page_id}", 404)
        return page

    def _change(self, page: Page, body: dict[str, Any]) -> None:
        for name in ("name", "webhook", "app_secret", "verify_token"):
            if body.get(name):
                setattr(page, name, str(body[name]))
        if "fields" in body:
            fields = set(body["fields"])
            if unknown := fields - KNOWN_FIELDS:
                raise ControlError(f"unknown fields {', '.join(sorted(unknown))}")
            page.fields, page.health = fields, WebhookHealth()
        if "default_app" in body:
            value = body["default_app"]
            page.default_app = None if value is None else self.app_id(str(value))
        if "token_valid" in body:
            page.token_valid = bool(body["token_valid"])
        if "profile" in body:
            page.profile = dict(body["profile"])

    def app_id(self, name: str) -> str:
        """``app`` is the shop's app, ``inbox`` the Page's inbox, else an app id."""
        return {"app": self.world.config.app_id, "inbox": PAGE_INBOX}.get(name, name)

    def _page_view(self, page: Page) -> dict[str, Any]:
        return {
            "id": page.id,
            "name": page.name,
            "token": page.token,
            "webhook": page.webhook,
            "fields": sorted(page.fields),
            "profile": page.profile,
            "templates": list(page.templates.values()),
            "default_app": page.default_app,
            "token_valid": page.token_valid,
            "webhook_state": views.webhook_state(page),
            "webhook_failures": page.health.failures,
        }

    async def graph_calls(self, request: Request) -> HTTPResponse:
        """Newest last; ``after`` a number, ``edge`` the path's last part, ``limit`` of the newest."""
        after, limit = number(request, "after", 0), int(number(request, "limit", 500))
        edge = request.args.get("edge")
        found = [
            call
            for call in self.world.calls
            if call.seq > after and (edge is None or call.path.rsplit("/", 1)[-1] == edge)
        ]
        return json_response(
            {"count": self.world.call_count, "calls": [asdict(call) for call in found[-limit:]]}
        )

    async def clear_graph_calls(self, request: Request) -> HTTPResponse:
        self.world.calls.clear()
        return json_response({"ok": True})

    async def webhooks(self, request: Request) -> HTTPResponse:
        after, limit = number(request, "after", 0), int(number(request, "limit", 200))
        psid, state = request.args.get("psid"), request.args.get("state")
        found = [
            item
            for item in self.sender.deliveries
            if item.id > after
            and (psid is None or psid in item.psids)
            and (state is None or item.state == state)
        ]
        return json_response({"deliveries": [self._delivery_view(item) for item in found[-limit:]]})

    def _delivery_view(self, item: Delivery) -> dict[str, Any]:
        return {
            "id": item.id,
            "page": item.page.id,
            "psids": item.psids,
            "state": item.state,
            "attempts": item.attempts,
            "raw": item.body.decode("ascii"),
            "body": json.loads(item.body),
        }

    async def replay(self, request: Request, delivery_id: int) -> HTTPResponse:
        """Post the same bytes once more, at once."""
        item = next((item for item in self.sender.deliveries if item.id == delivery_id), None)
        if item is None:
            raise ControlError(f"no delivery {delivery_id}", 404)
        copies = max(1, min(int(body_of(request).get("copies", 1)), 50))
        answers = await asyncio.gather(
            *(self.sender.courier.post(item.page, item.body) for _ in range(copies))
        )
        return json_response({"answers": [{"status": status, "answer": text} for status, text in answers]})

    async def webhook_body(self, request: Request) -> HTTPResponse:
        """Post any body once: ``body`` (JSON value) or ``raw`` (text); ``signed`` false leaves the
        signature out, ``headers`` are added or replace.
        """
        given = body_of(request)
        page = self._page(str(given.get("page") or self.world.config.page_id))
        raw = str(given["raw"]).encode() if "raw" in given else to_bytes(given.get("body"))
        headers = (
            self.sender.courier.signed(page, raw)
            if given.get("signed", True)
            else {"Content-Type": "application/json"}
        )
        headers |= given.get("headers") or {}
        status, text = await self.sender.courier.post(page, raw, headers)
        return json_response({"status": status, "answer": text})

    async def handshake(self, request: Request) -> HTTPResponse:
        given = body_of(request)
        page = self._page(str(given.get("page") or self.world.config.page_id))
        challenge = str(given.get("challenge") or secrets.randbelow(10**9))
        token = str(given.get("verify_token", page.verify_token))
        status, text = await self.sender.courier.handshake(
            page, str(given.get("mode", "subscribe")), token, challenge
        )
        verified = status == 200 and text == challenge
        return json_response({"status": status, "answer": text, "challenge": challenge, "verified": verified})

    async def idle(self, request: Request) -> HTTPResponse:
        """Wait until every webhook is delivered (or lost)."""
        timeout = min(number(request, "timeout", 10), LONGEST_WAIT)
        done = await self.world.live.wait_for(Live.IDLE, lambda: self.sender.idle, timeout)
        return json_response({"idle": done, "waiting": self.sender.waiting}, status=200 if done else 408)
