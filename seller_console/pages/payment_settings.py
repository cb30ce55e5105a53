"""Where customers send money: the shop's payment accounts, one form for each."""

from __future__ import annotations

from collections.abc import Mapping

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from seller_console.addresses import id_or_new
from seller_console.changes import change
from seller_console.rendering import page
from shop import catalogue, settings
from shop.errors import BadInput
from shop.models import PaymentAccount
from shop.roles import May
from shop.slips.references import BANKS

pages = Blueprint("payment_settings", url_prefix="/settings/payment")
_FIELDS = ("bank", "number", "holder")


@pages.get("/", ctx_may=May.CHANGE_SHOP)
async def show(request: Request) -> HTTPResponse:
    """All payment accounts."""
    return await _page(request)


@pages.post("/<account:str>", ctx_may=May.CHANGE_SHOP)
async def account(request: Request, account: str) -> HTTPResponse:
    """Add (`new`) or change a payment account; the pressed button may also remove it."""
    account_id = id_or_new(account)
    typed = {name: str(values[0]) for name, values in (request.form or {}).items()}
    try:
        if "remove" in typed and account_id is not None:
            await change(request, account, settings.remove_account, account_id)
        else:
            await change(request, account, settings.save_account, account_id, typed)
    except BadInput as error:
        return await _page(request, account, typed, {error.field: error.reason})
    return redirect("/settings/payment?said=saved", status=303)


async def _page(
    request: Request,
    row: str = "",
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> HTTPResponse:
    found = await request.app.ctx.database.read(catalogue.payment_accounts)
    rows = {str(one.id): one for one in found} | {"new": PaymentAccount(bank="", number="", holder="")}
    if typed is not None and row in rows:
        rows[row] = PaymentAccount(**{name: typed.get(name, "") for name in _FIELDS})
    return page(
        request,
        "settings_payment.html",
        status=409 if refused else 200,
        rows=rows,
        banks=sorted(names[request.ctx.language == "en"] for names in BANKS.values()),
        row=row,
        refused=refused or {},
        saved=request.args.get("said") == "saved",
    )
