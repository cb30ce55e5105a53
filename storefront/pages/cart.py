"""The cart: put in, change, take out, and order what is in it."""

from __future__ import annotations

from collections.abc import Sequence

from sanic import HTTPResponse
from sanic.response import empty
from sqlalchemy.orm import Session

from shop import carts, catalogue, handoff, orders, store_visits
from shop.carts import Change
from shop.db import utc_now
from shop.errors import BadInput, EmptyCart, NotFound, OtherPrices, SellerBills, SoldOut
from shop.models import CartLine
from storefront.pages.products import number, product_page, variant_of
from storefront.visit import Visit, visited


@visited
async def show(visit: Visit) -> HTTPResponse:
    """The cart, after saying what has changed in it."""
    return await _cart(visit)


async def _cart(visit: Visit, *, status: int = 200, said: str = "") -> HTTPResponse:
    def read(session: Session) -> tuple[list[Change], Sequence[CartLine]]:
        return carts.review(session, visit.customer.id), carts.lines(session, visit.customer.id)

    changes, lines = await visit.store.database.run(read)
    return visit.page(
        "cart.html", status=status, lines=lines, changes=changes, total=carts.total(lines), said=said
    )


@visited
async def put(visit: Visit) -> HTTPResponse:
    """Have so many of the chosen variant in the cart. The button says whether the customer goes on to the cart."""
    fields = await visit.form()
    cause = visit.cause(fields)
    product_id = fields.get("product", "")
    values = [fields[f"option{place}"] for place in range(10) if f"option{place}" in fields]
    quantity = number(fields.get("quantity", "")) or 0

    def write(session: Session) -> None:
        product = catalogue.product_on_sale(session, number(product_id) or 0)
        carts.put(session, visit.customer.id, variant_of(product, values), quantity)
        store_visits.cart_changed(session, visit.customer.id, cause=cause, now=utc_now())

    try:
        await visit.store.database.run(write)
    except SoldOut as error:
        said = "only_left" if error.left else "sold_out"
        words = {"name": error.names[visit.language], "left": error.left}
        return await product_page(visit, product_id, status=409, said=said, values=values, **words)
    except BadInput:
        return await product_page(visit, product_id, status=409, said="quantity", values=values)
    except NotFound:
        return await product_page(visit, product_id, status=409, said="choose", values=values)
    return visit.go("cart" if fields.get("go") == "cart" else "?added=1")


@visited
async def change(visit: Visit) -> HTTPResponse:
    """Another quantity of a line; 0 takes it out."""
    fields = await visit.form()
    cause = visit.cause(fields)
    variant, quantity = number(fields.get("variant", "")) or 0, number(fields.get("quantity", ""))

    def write(session: Session) -> None:
        if quantity == 0:
            carts.remove(session, visit.customer.id, variant)
        else:
            carts.put(session, visit.customer.id, variant, quantity or 0)
        store_visits.cart_changed(session, visit.customer.id, cause=cause, now=utc_now())

    try:
        await visit.store.database.run(write)
    except SoldOut:
        return await _cart(visit, status=409, said="not_so_many")
    except (BadInput, NotFound):
        return await _cart(visit, status=409, said="quantity")
    return visit.go("cart")


@visited
async def confirm(visit: Visit) -> HTTPResponse:
    """Order what is in the cart; the same form again shows the same order."""
    fields = await visit.form()
    cause = visit.cause(fields)

    def write(session: Session) -> str:
        now = utc_now()
        order = orders.place(session, visit.customer.id, cause=cause, now=now)
        store_visits.ordered(session, order, cause=cause, now=now)
        return order.number

    try:
        number_ = await visit.store.database.run(write)
    except (OtherPrices, SoldOut):
        return await _cart(visit, status=409)
    except EmptyCart:
        return visit.go("cart")
    except SellerBills:
        await visit.store.database.run(handoff.ask_for_person, visit.customer.id, utc_now())
        return await _cart(visit, said="seller_bills")
    return visit.go(f"orders/{number_}/address")


@visited
async def left(visit: Visit) -> HTTPResponse:
    """The page was closed, or another one opens: what the chat has to be told is due soon."""
    visit.check_origin()
    await visit.store.database.run(store_visits.has_left, visit.customer.id, utc_now())
    return empty()


ROUTES = (
    ("GET", "cart", show),
    ("POST", "cart/put", put),
    ("POST", "cart/change", change),
    ("POST", "cart/confirm", confirm),
    ("POST", "left", left),
)
