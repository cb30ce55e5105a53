"""Making an order for a customer out of their chat: what goes into it, where to send it and how it is paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, forms, line_fields
from seller_console.changes import change
from seller_console.line_fields import Offer
from seller_console.rendering import page
from shop import addresses, audit, carts, catalogue, chats, delivery, payments, reach, seller_orders, shipping
from shop.db import utc_now
from shop.errors import BadInput, CartMoved, NotFound, NotReachable, OtherPrices, SoldOut
from shop.models import CartLine, Customer, ShippingMethod, Shop
from shop.roles import May
from shop.seller_orders import Where, Wish

pages = Blueprint("new_order", url_prefix="/chats/<customer_id:row>/order")

_DETAILS = ("recipient", "phone", "address")
_CHOICES = ("ship_by", "pay_by")


@dataclass(frozen=True)
class _Seen:
    """All that the page shows; `before` is where the customer's last order went, by field."""

    customer: Customer
    shop: Shop
    cart: Sequence[CartLine]
    offer: Offer
    ways: Sequence[ShippingMethod]
    before: dict[str, str]
    in_time: bool


@pages.get("/", ctx_may=May.SELL)
async def form(request: Request, customer_id: int) -> HTTPResponse:
    """The cart with a field for each quantity, more to add, and where to send it: where the last order went."""
    return await _form(request, customer_id, {})


@pages.post("/", ctx_may=May.SELL)
async def make(request: Request, customer_id: int) -> HTTPResponse:
    """Make the order, and back to the chat; with the button "Search" only look for more. A second click makes none."""
    typed = line_fields.typed(request)
    if access.field(request, "search"):
        return await _form(request, customer_id, typed)
    form, by = access.field(request, "form"), request.ctx.seller.email

    def write(session: Session) -> None:
        wish = Wish(
            lines=line_fields.quantities(typed),
            prices=line_fields.drawn(request, "price"),
            cart=line_fields.drawn(request, "seen"),
            where=_where(request),
            pay_by=access.field(request, "pay_by") or payments.TRANSFER,
        )
        if not seller_orders.make(session, customer_id, wish, form=form, by=by, now=utc_now())[1]:
            audit.nothing_changed(session)

    try:
        await change(request, str(customer_id), write)
    except CartMoved:
        return await _form(request, customer_id, {}, wrong="cart")
    except OtherPrices:
        return await _form(request, customer_id, typed, wrong="prices")
    except NotFound:
        return await _form(request, customer_id, typed, wrong="gone")
    except NotReachable:
        return await _form(request, customer_id, typed, wrong="erased")
    except SoldOut as error:
        of = (error.names[request.ctx.language], error.left)
        return await _form(request, customer_id, typed, wrong="sold_out", of=of)
    except BadInput as error:
        wrong = error.reason if error.reason == "not_shipped" else error.field
        return await _form(request, customer_id, typed, wrong=wrong)
    return redirect(f"/chats/{customer_id}?said=ordered", status=303)


def _where(request: Request) -> Where | None:
    """Where to send it; None when all of it is left to the customer."""
    details = {field: access.field(request, field).strip() for field in _DETAILS}
    if not any(details.values()):
        return None
    ship_by = access.field(request, "ship_by")
    return Where(**details, ship_by=int(ship_by) if ship_by.isdecimal() and len(ship_by) < 10 else None)


async def _form(
    request: Request,
    customer_id: int,
    typed: Mapping[int, str],
    *,
    wrong: str = "",
    of: tuple[str, int] = ("", 0),
) -> HTTPResponse:
    """`wrong`: what cannot be used, or has moved; `of` is what is sold out, and how much of it is left."""
    words = line_fields.words(request)
    seen: _Seen = await request.app.ctx.database.read(_see, customer_id, words, typed.keys())
    # What was typed stays; a fresh page begins with where the last order went.
    given = {field: access.field(request, field) for field in (*_DETAILS, *_CHOICES)}
    return page(
        request,
        "new_order.html",
        status=409 if wrong else 200,
        seen=seen,
        found=seen.offer.found,
        typed=typed,
        words=words,
        given=given if request.form else given | seen.before,
        wrong=wrong,
        of=of,
        form=access.field(request, "form") or forms.once(),
    )


def _see(session: Session, customer_id: int, words: str, typed: Iterable[int]) -> _Seen:
    customer, cart = chats.get(session, customer_id), carts.lines(session, customer_id)
    return _Seen(
        customer,
        catalogue.the_shop(session),
        cart,
        line_fields.offer(session, words, {line.variant_id for line in cart}, typed),
        shipping.methods(session),
        _before(session, customer_id),
        reach.is_open(customer.last_inbound_at, utc_now()),
    )


def _before(session: Session, customer_id: int) -> dict[str, str]:
    last = next(iter(addresses.earlier(session, customer_id, 1)), None)
    if last is None:
        return {}
    phone = delivery.written_phone(last.phone)
    return {"recipient": last.recipient, "phone": phone, "address": last.address}
