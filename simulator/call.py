"""One call of the Graph API after reading: who calls, with which arguments and files. Handlers take it, so
that JSON, form and multipart bodies look alike to them."""

import json
from dataclasses import dataclass, field
from typing import Any

from sanic import Request

from simulator.errors import invalid
from simulator.people import People
from simulator.state import Customer, Page, World
from simulator.webhooks import WebhookSender


@dataclass
class Upload:
    """A file of a multipart body."""

    name: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """Arguments by name (strings that hold JSON objects or lists are parsed) and what handlers work on."""

    world: World
    sender: WebhookSender
    people: People
    page: Page
    args: dict[str, Any]
    uploads: list[Upload] = field(default_factory=list)
    raw: str = ""

    def customer(self, psid: Any) -> Customer | None:
        """The customer, if it is one of this Page."""
        found = self.world.customers.get(str(psid))
        return found if found is not None and found.page_id == self.page.id else None


def read_arguments(request: Request) -> dict[str, Any]:
    """Query and body merged, the body wins.

    Raises:
        GraphError: 100 when a JSON body is not an object.
    """
    args: dict[str, Any] = {key: _parsed(values[0]) for key, values in request.args.items()}
    if not request.body:
        return args
    kind = request.headers.get("content-type", "")
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return args | {key: _parsed(values[0]) for key, values in (request.form or {}).items()}
    try:
        body = json.loads(request.body)
    except ValueError:
        raise invalid("the body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    return args | body


def read_uploads(request: Request) -> list[Upload]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return []
    files: dict[str, Any] = request.files or {}
    return [Upload(one.name, one.type, one.body) for group in files.values() for one in group]


def read_token(request: Request, args: dict[str, Any]) -> str:
    """The access token, taken out of the arguments; from the Authorization header when not among them."""
    token = args.pop("access_token", None)
    header = request.headers.get("authorization", "")
    if token is None and header[:7].lower() == "bearer ":
        token = header[7:].strip()
    return str(token or "")


def _parsed(value: str) -> Any:
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            raise invalid(f"{value[:60]!r} is not JSON") from None
    return value
