"""Payment accounts and ways to send: on each of the two pages a form for every row, and one for a new row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.addresses import id_or_new
from seller_console.changes import change
from seller_console.rendering import page
from shop import catalogue, settings, shipping
from shop.errors import BadInput
from shop.models import PaymentAccount
from shop.roles import May
from shop.settings import Method
from shop.slips.references import BANKS

#: Two names, so that the log tells changes of where money goes from the rest.
payment = Blueprint("payment_settings", url_prefix="/settings/payment")
sending = Blueprint("shipping_settings", url_prefix="/settings/shipping")


@dataclass(frozen=True)
class _Rows:
    """What the two pages differ in: where, what stands there, how a row is made of a form, saved and removed."""

    path: str
    template: str
    stored: Callable[[Session], Mapping[int, Any]]
    typed: Callable[[Mapping[str, str]], Any]
    save: Callable[[Session, int | None, Mapping[str, str]], object]
    remove: Callable[[Session, int], None]


def _accounts(session: Session) -> Mapping[int, PaymentAccount]:
    return {one.id: one for one in catalogue.payment_accounts(session)}


def _account(fields: Mapping[str, str]) -> PaymentAccount:
    return PaymentAccount(**{name: fields.get(name, "") for name in ("bank", "number", "holder")})


def _methods(session: Session) -> Mapping[int, Method]:
    currency = catalogue.the_shop(session).currency
    return {method.id: settings.shown(method, currency) for method in shipping.methods(session)}


_PAYMENT = _Rows(
    "/settings/payment",
    "settings_payment.html",
    _accounts,
    _account,
    settings.save_account,
    settings.remove_account,
)
_SHIPPING = _Rows(
    "/settings/shipping",
    "settings_shipping.html",
    _methods,
    settings.typed,
    settings.save_method,
    settings.remove_method,
)


@payment.get("/", ctx_may=May.CHANGE_SHOP)
async def accounts(request: Request) -> HTTPResponse:
    """All payment accounts."""
    return await _page(request, _PAYMENT)


@payment.post("/<account:str>", ctx_may=May.CHANGE_SHOP)
async def account(request: Request, account: str) -> HTTPResponse:
    """Add (`new`) or change a payment account; the pressed button may also remove it."""
    return await _save(request, _PAYMENT, account)


@sending.get("/", ctx_may=May.CHANGE_SHOP)
async def methods(request: Request) -> HTTPResponse:
    """All ways to send."""
    return await _page(request, _SHIPPING)


@sending.post("/<method:str>", ctx_may=May.CHANGE_SHOP)
async def method(request: Request, method: str) -> HTTPResponse:
    """Add (`new`) or change a way to send; the pressed button may also remove it."""
    return await _save(request, _SHIPPING, method)


async def _save(request: Request, rows: _Rows, row: str) -> HTTPResponse:
    row_id = id_or_new(row)
    typed = {name: str(values[0]) for name, values in (request.form or {}).items()}
    try:
        if "remove" in typed and row_id is not None:
            await change(request, row, rows.remove, row_id)
        else:
            await change(request, row, rows.save, row_id, typed)
    except BadInput as error:
        return await _page(request, rows, row, typed, error)
    return redirect(f"{rows.path}?said=saved", status=303)


async def _page(
    request: Request,
    rows: _Rows,
    row: str = "",
    typed: Mapping[str, str] | None = None,
    refused: BadInput | None = None,
) -> HTTPResponse:
    """All rows; the one that was `refused` as it was `typed`."""
    stored: Mapping[int, Any] = await request.app.ctx.database.read(rows.stored)
    shown = {str(number): one for number, one in stored.items()} | {"new": rows.typed({})}
    if typed is not None and row in shown:
        shown[row] = rows.typed(typed)
    return page(
        request,
        rows.template,
        status=409 if refused else 200,
        rows=shown,
        row=row,
        refused={refused.field: refused.reason} if refused else {},
        banks=sorted(names[request.ctx.language == "en"] for names in BANKS.values()),
        saved=request.args.get("said") == "saved",
    )
