"""The shop's settings: what it is called, when orders end, how customers pay, how parcels are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.addresses import row_id
from seller_console.rendering import page
from shop import accounts, catalogue, message_templates, settings, shipping
from shop.errors import BadInput, NotFound
from shop.models import Channel, MessageTemplate, PaymentAccount, Shop
from shop.roles import May
from shop.settings import Method

pages = Blueprint("settings", url_prefix="/settings")


@dataclass(frozen=True)
class _Settings:
    shop: Shop
    accounts: Sequence[PaymentAccount]
    methods: Mapping[int, Method]
    templates: Sequence[tuple[Channel, Sequence[MessageTemplate]]]


@dataclass(frozen=True)
class _Refused:
    """A form that could not be used: which (`shop`, `account <id>`, `method <id>`), what was typed, what is wrong."""

    form: str = ""
    typed: Mapping[str, str] | None = None
    field: str = ""
    reason: str = ""


@pages.get("/", ctx_may=May.CHANGE_SHOP)
async def show(request: Request) -> HTTPResponse:
    """All settings."""
    return await _page(request, _Refused())


@pages.post("/", ctx_may=May.CHANGE_SHOP)
async def change(request: Request) -> HTTPResponse:
    """The general settings."""
    return await _save(request, "shop", lambda session, fields: settings.change(session, fields))


@pages.post("/accounts/<account>", ctx_may=May.CHANGE_SHOP)
async def account(request: Request, account: str) -> HTTPResponse:
    """Add (`new`) or change a payment account; the pressed button may also remove it."""
    account_id = _id(account)

    def save(session: Session, fields: Mapping[str, str]) -> Any:
        if "remove" in fields and account_id is not None:
            return settings.remove_account(session, account_id)
        return settings.save_account(session, account_id, fields)

    return await _save(request, f"account {account}", save)


@pages.post("/shipping/<method>", ctx_may=May.CHANGE_SHOP)
async def method(request: Request, method: str) -> HTTPResponse:
    """Add (`new`) or change a way to send; the pressed button may also remove it."""
    method_id = _id(method)

    def save(session: Session, fields: Mapping[str, str]) -> Any:
        if "remove" in fields and method_id is not None:
            return settings.remove_method(session, method_id)
        return settings.save_method(session, method_id, fields)

    return await _save(request, f"method {method}", save)


async def _save(
    request: Request, form: str, save: Callable[[Session, Mapping[str, str]], Any]
) -> HTTPResponse:
    fields = {name: str(values[0]) for name, values in (request.form or {}).items()}
    try:
        await request.app.ctx.database.run(save, fields)
    except BadInput as error:
        return await _page(request, _Refused(form, fields, error.field, error.reason), status=409)
    return redirect("/settings?said=saved", status=303)


async def _page(request: Request, refused: _Refused, status: int = 200) -> HTTPResponse:
    found: _Settings = await request.app.ctx.database.read(_read)
    typed = refused.typed or {}
    general = {name: getattr(found.shop, name) for name in settings.GENERAL}
    if refused.form == "shop":
        general |= {name: typed.get(name, "") for name in settings.GENERAL}
    methods = {str(number): method for number, method in found.methods.items()} | {"new": Method()}
    by_row = {str(one.id): one for one in found.accounts} | {
        "new": PaymentAccount(bank="", number="", holder="")
    }
    kind, _, row = refused.form.partition(" ")
    if kind == "method" and row in methods:
        methods[row] = settings.typed(typed)
    if kind == "account" and row in by_row:
        by_row[row] = PaymentAccount(**{name: typed.get(name, "") for name in ("bank", "number", "holder")})
    return page(
        request,
        "settings.html",
        status=status,
        general=general,
        accounts=by_row,
        methods=methods,
        refused=refused,
        verifier=request.app.ctx.settings.slip_verifier,
        templates=found.templates,
        saved=request.args.get("said") == "saved",
    )


def _read(session: Session) -> _Settings:
    shop = catalogue.the_shop(session)
    methods = {method.id: settings.shown(method, shop.currency) for method in shipping.methods(session)}
    templates = [(one, message_templates.of_channel(session, one.id)) for one in accounts.connected(session)]
    return _Settings(shop, catalogue.payment_accounts(session), methods, templates)


def _id(row: str) -> int | None:
    """The row's id; None for `new`. Raises NotFound for anything else, which is no address of ours."""
    if row == "new":
        return None
    try:
        return row_id(row)
    except ValueError as error:
        raise NotFound(row) from error
