"""The seller's other dealings with an order's money: a part, a rejection, an undo, a refund, keeping, a discount."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, forms, shown
from seller_console.changes import change
from seller_console.order_page import order_page
from shop import audit, money, orders, payments, views
from shop.db import utc_now
from shop.errors import BadInput, LedgerMoved, NotAllowed, NotFound
from shop.models import Order
from shop.roles import May

pages = Blueprint("money", url_prefix="/orders/<number:str>")

_Step = Callable[[Session, Order, Mapping[str, Any]], object]


@pages.post("/accept-amount", ctx_may=May.SELL)
async def accept(request: Request, number: str) -> HTTPResponse:
    """Another sum has come than the whole rest."""
    slip_id, seen = _id(request, "slip"), shown.given(request)

    def step(session: Session, order: Order, who: Mapping[str, Any]) -> None:
        amount = _amount(request, order)
        payments.accept(session, order.id, amount, slip_id=slip_id, seen=seen, **who)

    return await _do(request, number, "accept", step)


@pages.post("/reject", ctx_may=May.SELL)
async def reject(request: Request, number: str) -> HTTPResponse:
    """A slip, or all that wait, are not accepted."""
    slip_id, seen = _id(request, "slip"), shown.given(request)
    reason, words = access.field(request, "reason"), access.field(request, "words")
    return await _do(
        request,
        number,
        "reject",
        lambda session, order, who: _noted(
            session, payments.reject(session, order.id, reason, words, slip_id=slip_id, seen=seen, **who)
        ),
    )


@pages.post("/undo", ctx_may=May.SELL)
async def undo(request: Request, number: str) -> HTTPResponse:
    """An entry is taken back."""
    entry_id, reason = _id(request, "entry"), access.field(request, "reason")
    return await _do(
        request,
        number,
        "undo",
        lambda session, order, who: _noted(
            session, payments.undo(session, order.id, entry_id or 0, reason, **who)
        ),
    )


@pages.post("/look-again", ctx_may=May.SELL)
async def look_again(request: Request, number: str) -> HTTPResponse:
    """A slip was rejected by mistake."""
    slip_id = _id(request, "slip") or 0
    return await _do(
        request,
        number,
        "look_again",
        lambda session, order, who: _noted(session, payments.look_again(session, order.id, [slip_id], **who)),
    )


@pages.post("/refund", ctx_may=May.SELL)
async def refund(request: Request, number: str) -> HTTPResponse:
    """Money was returned."""
    reason, seen = access.field(request, "reason"), shown.given(request)
    put_back = forms.still_ticked(request, "put_back")

    def step(session: Session, order: Order, who: Mapping[str, Any]) -> None:
        amount = _amount(request, order)
        payments.refund(session, order.id, amount, reason, seen=seen, put_back=put_back, **who)

    return await _do(request, number, "refund", step)


@pages.post("/keep", ctx_may=May.SELL)
async def keep(request: Request, number: str) -> HTTPResponse:
    """The rest of an order's money is not returned."""
    reason, seen = access.field(request, "reason"), shown.given(request)
    return await _do(
        request,
        number,
        "keep",
        lambda session, order, who: _noted(
            session, payments.keep(session, order.id, reason, seen=seen, **who)
        ),
    )


@pages.post("/discount", ctx_may=May.SELL)
async def discount(request: Request, number: str) -> HTTPResponse:
    """Less is to be paid."""

    def step(session: Session, order: Order, who: Mapping[str, Any]) -> None:
        _noted(session, orders.set_discount(session, order.id, _amount(request, order), **who))

    return await _do(request, number, "discount", step)


async def _do(request: Request, number: str, form: str, step: _Step) -> HTTPResponse:
    """Done twice, the second finds it done. What cannot be used comes back with the form, and nothing was changed."""

    def write(session: Session) -> None:
        order = views.order_detail(session, number).order
        step(session, order, {"by": request.ctx.seller.email, "now": utc_now()})

    try:
        await change(request, number, write)
    except NotAllowed:
        return await order_page(request, number, said="not_possible", status=409)
    except LedgerMoved:
        return await order_page(request, number, said="moved", status=409)
    except BadInput as error:
        names = ("amount", "reason", "words", "slip", "entry")
        typed = {name: access.field(request, name) for name in names}
        put_back = "yes" if forms.still_ticked(request, "put_back") else ""
        wrong = {"form": form, "field": error.field, "why": error.reason, "put_back": put_back}
        return await order_page(request, number, said="bad_money", status=409, typed=typed | wrong)
    return redirect(f"/orders/{number}?said=done", status=303)


def _noted(session: Session, done: tuple[Order, bool]) -> None:
    """What was so already is not written down again."""
    if not done[1]:
        audit.nothing_changed(session)


def _amount(request: Request, order: Order) -> int:
    try:
        return money.typed(access.field(request, "amount"), order.currency)
    except ValueError as error:
        raise BadInput("amount", "number") from error


def _id(request: Request, name: str) -> int | None:
    given = access.field(request, name)
    if not given:
        return None
    if not given.isdecimal() or len(given) > 18:
        raise NotFound(f"{name} {given[:20]!r}")
    return int(given)
