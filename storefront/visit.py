"""One request of a customer in the store: who it is, in which language, and what their form says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sanic import HTTPResponse, Request
from sanic.http import Http
from sanic.response import redirect
from sqlalchemy.orm import Session

from shop import catalogue, store_links, store_visits
from shop.db import Database, utc_now
from shop.errors import NotFound
from shop.media import MediaStore
from shop.models import Customer, Shop, StoreVisit
from storefront.rendering import Pages

_MOST_FORM_BYTES = 64 * 1024
_ONCE = re.compile(r"[0-9a-f]{16}")
#: From our own pages, or typed and followed from anywhere; a form on somebody else's page is "cross-site".
_OWN = ("same-origin", "none", None)


@dataclass(frozen=True)
class Storefront:
    """What the pages work with. `secret_key` proves the addresses, `public_url` is where pictures are."""

    database: Database
    media: MediaStore
    secret_key: str
    public_url: str
    pages: Pages


class Refused(Exception):
    """The request is answered with a page of its own: `status`, and the name of the sentence that says what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Visit:
    """A customer's request. `token` is the part of the address that names and proves them."""

    request: Request
    store: Storefront
    token: str
    customer: Customer
    shop: Shop

    @property
    def language(self) -> str:
        """ "th" or "en"."""
        return self.customer.language

    def address(self, path: str = "") -> str:
        """The address of one of this customer's pages: "cart", "products/3"."""
        return f"/store/{self.token}/{path}"

    def query(self, name: str) -> str:
        """A value of the address's query, without control characters; empty when it is missing."""
        return "".join(filter(str.isprintable, str(self.request.args.get(name) or "")))

    async def form(self) -> dict[str, str]:
        """The sent form's fields. Raises Refused for one from another site, or that is too large."""
        self.check_origin()
        sent = parse_qs(
            (await self.body(_MOST_FORM_BYTES)).decode("utf-8", "replace"), keep_blank_values=True
        )
        return {name: values[0] for name, values in sent.items()}

    def check_origin(self) -> None:
        """Raises Refused when another site's page sends this.

        Browsers older than Sec-Fetch-Site (Safari before 16.4) still say the origin of a form.
        """
        headers = self.request.headers
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        own = {urlsplit(self.store.public_url).netloc, headers.get("host")}
        foreign = site is None and origin is not None and urlsplit(origin).netloc not in own
        if site not in _OWN or foreign:
            raise Refused(403, "old_page")

    async def body(self, most: int) -> bytes:
        """The sent body. Raises Refused beyond `most` bytes."""
        body = bytearray()
        assert isinstance(self.request.stream, Http)
        while chunk := await self.request.stream.read():
            body += chunk
            if len(body) > most:
                raise Refused(413, "too_large")
        return bytes(body)

    def cause(self, fields: dict[str, str]) -> str:
        """The name of what a form does: sent twice, it is done once. Raises Refused for a form that is not ours."""
        once = fields.get("once", "")
        if not _ONCE.fullmatch(once):
            raise Refused(403, "old_page")
        return f"store:{self.customer.id}:{once}"

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTTPResponse:
        """A page of the store."""
        return self.store.pages.page(self, template, status=status, **values)

    def go(self, path: str) -> HTTPResponse:
        """On to another page of the store."""
        return redirect(self.address(path), status=303)


Handler = Callable[..., Awaitable[HTTPResponse]]


def visited(handler: Handler) -> Handler:
    """A handler of `(visit, …)` as one of `(request, token, …)`: the address is proved first."""

    @wraps(handler)
    async def handle(request: Request, token: str, **parts: Any) -> HTTPResponse:
        store: Storefront = request.app.ctx.storefront
        visit: Visit | None = None
        try:
            visit = await _visit(store, request, token)
            return await handler(visit, **parts)
        except NotFound:
            refused = Refused(404, "not_found")
        except Refused as error:
            refused = error
        return store.pages.refusal(request, visit, refused.status, refused.sentence)

    return handle


async def _visit(store: Storefront, request: Request, token: str) -> Visit:
    link = store_links.read(store.secret_key, token)
    if link is None or link.ends_at <= utc_now():
        raise Refused(403, "link_over")

    def read(session: Session) -> tuple[Customer | None, Shop, bool]:
        customer = session.get(Customer, link.customer_id)
        waits = session.get(StoreVisit, link.customer_id) is not None
        return customer, catalogue.the_shop(session), waits

    customer, shop, waits = await store.database.read(read)
    if customer is None or customer.erased_at is not None:
        raise Refused(403, "link_over")
    if waits and request.method == "GET":
        await store.database.run(store_visits.is_here, customer.id, utc_now())
    return Visit(request, store, token, customer, shop)
