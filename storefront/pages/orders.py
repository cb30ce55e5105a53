"""The customer's orders: the list, one of them with how to pay, and the picture of the transfer slip."""

from __future__ import annotations

import asyncio
import re

from sanic import HTTPResponse
from sanic.request.form import parse_multipart_form
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import catalogue, media, orders, promptpay, store_visits
from shop.bill_links import bill_url
from shop.db import utc_now
from shop.errors import BadPicture, NoOpenOrder
from shop.models import Order, PaymentAccount, Slip
from shop.slips import intake
from shop.slips.picture import MOST_BYTES, cleaned_apart
from storefront.visit import Refused, Visit, visited

_BOUNDARY = re.compile(r"boundary=\"?([^\";,]{1,70})")
_AROUND_A_PHOTO = 64 * 1024
_decoding = asyncio.Semaphore(2)


@visited
async def list_(visit: Visit) -> HTTPResponse:
    """The latest orders."""
    found = await visit.store.database.read(orders.latest, visit.customer.id, 20)
    return visit.page("orders.html", orders=found)


@visited
async def one(visit: Visit, order_number: str) -> HTTPResponse:
    """One order: what was bought, how it stands, how to pay."""
    return await _order(visit, order_number)


async def _order(visit: Visit, order_number: str, *, status: int = 200, said: str = "") -> HTTPResponse:
    def read(session: Session) -> tuple[Order, list[PaymentAccount], int, str | None]:
        order = orders.of_customer(session, visit.customer.id, order_number)
        slips = session.scalar(select(func.count(Slip.id)).where(Slip.order_id == order.id)) or 0
        asked = promptpay.request(session, order)
        scan = promptpay.inline_picture(asked.payload) if asked else None
        return order, list(catalogue.payment_accounts(session)), slips, scan

    order, accounts, slips, scan = await visit.store.database.read(read)
    return visit.page(
        "order.html",
        status=status,
        order=order,
        accounts=accounts,
        slips=slips,
        scan=scan,
        bill=bill_url(visit.store.public_url, visit.store.secret_key, order.id, now=utc_now()),
        takes_slips=intake.takes_slips(order),
        said=said or ("slip" if visit.query("said") == "slip" and slips else ""),
    )


@visited
async def slip(visit: Visit, order_number: str) -> HTTPResponse:
    """Take the picture of the transfer slip; sent twice by one form, it is kept once."""
    visit.check_origin()
    await visit.store.database.read(orders.of_customer, visit.customer.id, order_number)
    fields, photo = _form(visit, await visit.body(MOST_BYTES + _AROUND_A_PHOTO))
    cause = visit.cause(fields)
    try:
        async with _decoding:
            picture = await asyncio.to_thread(cleaned_apart, photo)
    except BadPicture:
        return await _order(visit, order_number, status=409, said="unreadable")
    key = media.new_key(media.PRIVATE, "slips", "jpg")
    await asyncio.to_thread(visit.store.media.put, key, picture.jpeg)

    def write(session: Session) -> None:
        now = utc_now()
        kept = intake.keep(session, visit.customer.id, picture, key, cause=cause, part=0, now=now)
        if kept.order_id is None:
            taken = intake.take_for(session, visit.customer.id, order_number, [kept.id], now=now)
            store_visits.slip_attached(session, taken.order, cause=cause, now=now)

    try:
        await visit.store.database.run(write)
    except NoOpenOrder:
        return await _order(visit, order_number, status=409, said="no_slip_needed")
    return visit.go(f"orders/{order_number}?said=slip")


def _form(visit: Visit, body: bytes) -> tuple[dict[str, str], bytes]:
    """The fields and the photo of a multipart form. Raises Refused."""
    boundary = _BOUNDARY.search(visit.request.headers.get("content-type", ""))
    if boundary is None:
        raise Refused(403, "old_page")
    try:
        fields, files = parse_multipart_form(body, boundary[1].encode())  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError) as error:
        raise Refused(403, "old_page") from error
    photo = files.get("slip")
    return {name: str(values[0]) for name, values in fields.items()}, photo.body if photo else b""


ROUTES = (
    ("GET", "orders", list_),
    ("GET", "orders/<order_number:str>", one),
    ("POST", "orders/<order_number:str>/slip", slip),
)
