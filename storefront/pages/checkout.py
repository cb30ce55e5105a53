"""Where to send the order, how, and how it will be paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanic import HTTPResponse
from sqlalchemy.orm import Session

from shop import addresses, delivery, orders, payments, store_visits, ways_to_pay
from shop.addresses import Delivery
from shop.db import utc_now
from shop.errors import BadInput, NotAllowed
from shop.models import Order
from shop.shipping import Quote
from storefront.pages.products import number
from storefront.visit import Visit, visited

_FIELDS = ("recipient", "phone", "address", "shipping", "payment")
_CHECKS = {
    "recipient": delivery.checked_recipient,
    "phone": delivery.checked_phone,
    "address": delivery.checked_address,
}


@dataclass(frozen=True)
class _Asked:
    order: Order
    earlier: Sequence[Delivery]
    quotes: Sequence[Quote]
    methods: Sequence[str]


@visited
async def form(visit: Visit, order_number: str) -> HTTPResponse:
    """The form, filled with what is known: the order's own address, or the one of the order before."""
    return await _form(visit, order_number)


async def _form(
    visit: Visit,
    order_number: str,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTTPResponse:
    def read(session: Session) -> _Asked:
        order = orders.of_customer(session, visit.customer.id, order_number)
        province = addresses.read(typed["address"]).province if typed else order.province
        try:
            quotes = orders.quotes(session, order, province)
        except BadInput:
            quotes = orders.quotes(session, order, None)
        earlier = addresses.earlier(session, visit.customer.id)
        return _Asked(order, earlier, quotes, ways_to_pay.methods(session, order))

    asked = await visit.store.database.read(read)
    if asked.order.state != "placed":
        return visit.go(f"orders/{asked.order.number}")
    return visit.page(
        "address.html",
        status=409 if wrong else 200,
        asked=asked,
        typed=typed or _known(asked),
        wrong=wrong or {},
    )


def _known(asked: _Asked) -> dict[str, str]:
    order = asked.order
    known = order if order.deliverable else next(iter(asked.earlier), None)
    return {
        **(_filled(known) if known else dict.fromkeys(("recipient", "phone", "address"), "")),
        "shipping": str(order.shipping_method_id or ""),
        "payment": order.payment_method,
    }


def _filled(where: Order | Delivery) -> dict[str, str]:
    return {
        "recipient": where.recipient or "",
        "phone": delivery.written_phone(where.phone or ""),
        "address": where.address or "",
    }


def _wrong(typed: Mapping[str, str]) -> dict[str, str]:
    """What cannot be used, all of it at once: field → reason."""
    wrong = {}
    for field, check in _CHECKS.items():
        try:
            check(typed[field])
        except BadInput as error:
            wrong[field] = error.reason
    return wrong


@visited
async def save(visit: Visit, order_number: str) -> HTTPResponse:
    """Keep what was typed on the order; what cannot be used is said at its field and nothing is lost."""
    fields = await visit.form()
    cause = visit.cause(fields)
    typed = {name: fields.get(name, "") for name in _FIELDS}
    if "use" in fields:
        earlier = await visit.store.database.read(addresses.earlier, visit.customer.id)
        used = (_filled(where) for where in earlier if where.order_number == fields["use"])
        return await _form(visit, order_number, typed=typed | next(used, {}))
    if wrong := _wrong(typed):
        return await _form(visit, order_number, typed=typed, wrong=wrong)

    def write(session: Session) -> Order:
        order = orders.of_customer(session, visit.customer.id, order_number)
        address = addresses.read(delivery.checked_address(typed["address"]))
        if typed["payment"] in payments.METHODS and typed["payment"] != order.payment_method:
            ways_to_pay.choose(session, order.id, typed["payment"], by="customer", now=utc_now())
        order = orders.set_delivery(
            session,
            order.id,
            recipient=typed["recipient"],
            phone=typed["phone"],
            address=address.text,
            province=address.province,
            postal_code=address.postal_code,
            shipping_method_id=number(typed["shipping"]),
        )
        store_visits.completed(session, order, cause=cause, now=utc_now())
        return order

    try:
        order = await visit.store.database.run(write)
    except BadInput as error:
        return await _form(visit, order_number, typed=typed, wrong={error.field: error.reason})
    except NotAllowed:
        return visit.go(f"orders/{order_number}")
    return visit.go(f"orders/{order.number}")


ROUTES = (
    ("GET", "orders/<order_number:str>/address", form),
    ("POST", "orders/<order_number:str>/address", save),
)
