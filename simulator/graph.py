"""The Graph API over HTTP: reads a call, finds its Page by the token, runs the handler of its edge and
writes Graph's answers and errors, or the ones the scenario asks for. What an edge does is in send.py,
profile.py, threads.py, utility.py."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from sanic import Blueprint, HTTPResponse, Request
from sanic.log import logger
from sanic.response import html
from sanic.response import json as json_response

from simulator import faults, profile, send, threads, utility
from simulator.call import Call, read_arguments, read_token, read_uploads
from simulator.errors import GraphError, invalid, known
from simulator.people import People
from simulator.state import GraphCall, Page, World
from simulator.webhooks import WebhookSender

Handler = Callable[[Call], Awaitable[dict[str, Any]]]

BROKEN_PAGE = "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"
HANG_SECONDS = 60
PAGE_FIELDS = ("id", "name", "messaging_feature_status")
SCOPES = ["pages_messaging", "pages_manage_metadata", "pages_utility_messaging"]

EDGES: dict[tuple[str, str], Handler] = {
    ("POST", "messages"): send.send_message,
    ("POST", "message_attachments"): send.upload,
    ("POST", "messenger_profile"): profile.set_profile,
    ("GET", "messenger_profile"): profile.get_profile,
    ("DELETE", "messenger_profile"): profile.delete_profile,
    ("POST", "custom_user_settings"): lambda call: profile.user_settings(call, "POST"),
    ("GET", "custom_user_settings"): lambda call: profile.user_settings(call, "GET"),
    ("DELETE", "custom_user_settings"): lambda call: profile.user_settings(call, "DELETE"),
    ("POST", "subscribed_apps"): profile.subscribe,
    ("GET", "subscribed_apps"): profile.subscriptions,
    ("DELETE", "subscribed_apps"): profile.unsubscribe,
    ("POST", "pass_thread_control"): threads.pass_control,
    ("POST", "release_thread_control"): threads.release_control,
    ("POST", "take_thread_control"): threads.take_control,
    ("POST", "request_thread_control"): threads.request_control,
    ("POST", "extend_thread_control"): threads.extend_control,
    ("GET", "thread_owner"): threads.thread_owner,
}


class Graph:
    """The emulator's Graph API of one world."""

    def __init__(self, world: World, sender: WebhookSender, people: People) -> None:
        self.world = world
        self.sender = sender
        self.people = people

    async def handle(self, request: Request, version: str, node: str, edge: str = "") -> HTTPResponse | None:
        """Answer one call and keep a record of it."""
        started = time.perf_counter()
        name = edge or node
        record = self._record(request, version, f"{node}/{edge}" if edge else node)
        page: Page | None = None
        try:
            args = read_arguments(request)
            token = read_token(request, args)
            record.body = args
            page = self._page(version, token, args, by_app=edge == "ids_for_pages")
            record.page_id = page.id
            if self.world.scenario.graph_delay:
                await asyncio.sleep(self.world.scenario.graph_delay)
            recipient = args.get("recipient")
            psid = str(recipient.get("id", "")) if isinstance(recipient, dict) else ""
            fault = faults.next_fault(self.world, name, page.id, psid)
            if fault is not None and not fault.get("accepted"):
                return await self._break(request, record, fault, page.id)
            raw = "" if request.files or request.form else request.body.decode("utf-8", "replace")
            call = Call(self.world, self.sender, self.people, page, args, read_uploads(request), raw)
            result = await self._run(call, request.method, node, edge)
            if fault is not None:
                return await self._break(request, record, fault, page.id)
            record.status = 200
            headers = faults.usage_headers(self.world, page.id, full=False) | {
                "facebook-api-version": version
            }
            return json_response(result, headers=headers)
        except GraphError as error:
            return self._refuse(record, error)
        except Exception:
            logger.exception("the emulator failed on %s", record.path)
            return self._refuse(record, known("unknown"))
        finally:
            record.milliseconds = round((time.perf_counter() - started) * 1000, 2)

    def _record(self, request: Request, version: str, path: str) -> GraphCall:
        world = self.world
        world.call_count += 1
        record = GraphCall(world.call_count, time.time(), request.method, path, version, None, None)
        world.calls.append(record)
        return record

    def _page(self, version: str, token: str, args: dict[str, Any], *, by_app: bool = False) -> Page:
        """The Page of the token; also the version floor and the app secret proof.

        `by_app`: the app's own token `<app id>|<secret>` opens this edge as well; its first Page stands for it."""
        floor = self.world.scenario.minimum_version
        if floor and _number(version) < _number(floor):
            raise GraphError(2635, f"(#2635) You are calling a deprecated version of the API: {version}")
        page = self.world.tokens.get(token)
        if page is None and by_app:
            page = self._page_of_app(token)
        if page is None:
            raise known("token")
        if not page.token_valid:
            raise known("token_revoked")
        proof = args.pop("appsecret_proof", None)
        if proof is None and not self.world.scenario.require_appsecret_proof:
            return page
        expected = hmac.new(page.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), str(proof or "").encode()):
            problem = (
                "Invalid appsecret_proof provided in the API argument"
                if proof
                else "API calls need an app proof"
            )
            raise GraphError(100, problem)
        return page

    def _page_of_app(self, token: str) -> Page | None:
        app_id, _, secret = token.partition("|")
        pages = (page for page in self.world.tokens.values() if page.app_secret == secret)
        return next(pages, None) if app_id == self.world.config.app_id else None

    async def _run(self, call: Call, method: str, node: str, edge: str) -> dict[str, Any]:
        if edge == "message_templates":
            return self._templates(call, method, node)
        if edge == "message_template_library" or (node == "message_template_library" and not edge):
            return {"data": [{"name": name, "components": parts} for name, parts in utility.LIBRARY.items()]}
        if edge == "ids_for_pages" and method == "GET":
            return profile.ids_for_pages(call, node)
        if edge:
            self._check_node(call, node)
            handler = EDGES.get((method, edge))
            if handler is None:
                raise invalid(f"Unsupported {method.lower()} request: there is no edge {edge}")
            return await handler(call)
        if method != "GET":
            raise GraphError(100, f"Unsupported {method.lower()} request on {node}", 33)
        if node == "debug_token":
            return self._debug_token(call)
        if node in ("me", call.page.id):
            return self._page_fields(call)
        return await profile.user_profile(call, node)

    def _check_node(self, call: Call, node: str) -> None:
        if node not in ("me", call.page.id):
            raise GraphError(
                100,
                f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded "
                "due to missing permissions, or does not support this operation",
                33,
            )

    def _templates(self, call: Call, method: str, node: str) -> dict[str, Any]:
        self._check_node(call, node)
        if method == "POST":
            return utility.create(self.world, self.sender, call.page, call.args)
        if method == "DELETE":
            return utility.delete(call.page, call.args)
        return utility.listed(call.page, call.args)

    def _page_fields(self, call: Call) -> dict[str, Any]:
        wanted = str(call.args.get("fields") or "id,name").split(",")
        if unknown := set(wanted) - set(PAGE_FIELDS):
            raise invalid(
                f"Tried accessing nonexisting field ({', '.join(sorted(unknown))}) on node type (Page)"
            )
        routed = call.page.default_app is not None
        features = {"hop_v2": True, "msgr_multi_app": routed, "ig_multi_app": False}
        values = {"id": call.page.id, "name": call.page.name, "messaging_feature_status": features}
        return {name: values[name] for name in wanted} | {"id": call.page.id}

    def _debug_token(self, call: Call) -> dict[str, Any]:
        page = self.world.tokens.get(str(call.args.get("input_token", "")))
        if page is None or not page.token_valid:
            return {
                "data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid token"}}
            }
        app_id = self.world.config.app_id
        valid = {
            "app_id": app_id,
            "type": "PAGE",
            "application": "Shop bot",
            "is_valid": True,
            "expires_at": 0,
        }
        return {"data": {**valid, "scopes": SCOPES, "profile_id": page.id}}

    async def _break(
        self, request: Request, record: GraphCall, rule: dict[str, Any], page_id: str
    ) -> HTTPResponse | None:
        """The broken answer a scenario rule asks for."""
        if rule["error"] == "hang":
            await asyncio.sleep(HANG_SECONDS)
        if rule["error"] == "html":
            record.status = 502
            return html(BROKEN_PAGE, status=502)
        if rule["error"] in ("drop", "hang"):
            cast(asyncio.Transport, request.transport).abort()
            return None
        return self._refuse(record, faults.as_error(self.world, rule, page_id))

    def _refuse(self, record: GraphCall, error: GraphError) -> HTTPResponse:
        record.status, record.code, record.subcode = error.status, error.code, error.subcode
        return json_response(error.body(), status=error.status, headers=error.headers)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))


def blueprint(graph: Graph) -> Blueprint:
    """Routes for any /vN.N/ prefix."""
    routes = Blueprint("graph")
    methods = ["GET", "POST", "DELETE"]
    prefix = r"/<version:v[0-9]+\.[0-9]+>"
    routes.add_route(graph.handle, prefix + "/<node:str>/<edge:str>", methods=methods, name="edge")
    routes.add_route(graph.handle, prefix + "/<node:str>", methods=methods, name="node")
    return routes
