"""The shop's settings: an overview, and a page for each section, which saves by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.changes import change
from seller_console.rendering import page
from shop import accounts, catalogue, errands, sections, shipping
from shop.db import utc_now
from shop.errands import Kind
from shop.errors import BadFields, NotFound
from shop.models import Channel, Errand, PaymentAccount, ShippingMethod, Shop
from shop.roles import May

pages = Blueprint("settings", url_prefix="/settings")

#: Sections with a page here; payment accounts and ways to send are in pay_and_send.py.
_LANGUAGES = "languages"


@dataclass(frozen=True)
class _Overview:
    shop: Shop | None
    accounts: Sequence[PaymentAccount]
    methods: Sequence[ShippingMethod]
    channels: Sequence[Channel]


@dataclass(frozen=True)
class _Shown:
    """A Page, and the errand by which greeting and menu last went there, or are about to."""

    channel: Channel
    errand: Errand | None


@pages.get("/", ctx_may=May.CHANGE_SHOP)
async def overview(request: Request) -> HTTPResponse:
    """All sections with what they say now."""
    found = await request.app.ctx.database.read(_overview)
    return page(request, "settings.html", found=found)


@pages.get("/<section:str>", ctx_may=May.CHANGE_SHOP)
async def section(request: Request, section: str) -> HTTPResponse:
    """One section."""
    return await _page(request, section)


@pages.post("/<section:str>", ctx_may=May.CHANGE_SHOP)
async def save(request: Request, section: str) -> HTTPResponse:
    """Save one section; what cannot be used is said at its field, with everything that was typed still there."""
    typed = {name: str(values[0]) for name, values in (request.form or {}).items()}
    by, now = request.ctx.seller.email, utc_now()
    try:
        if section == _LANGUAGES:
            await change(request, section, sections.offer_languages, typed, by=by, now=now)
        else:
            await change(request, section, sections.change, section, typed, by=by, now=now)
    except BadFields as error:
        return await _page(request, section, typed, error.reasons)
    return redirect(f"/settings/{section}?said=saved", status=303)


async def _page(
    request: Request,
    section: str,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> HTTPResponse:
    if section not in sections.SECTIONS and section != _LANGUAGES:
        raise NotFound(section)
    shop, shown = await request.app.ctx.database.read(_read)
    return page(
        request,
        f"settings_{section}.html",
        fragment="_shown.html" if section == "shop" else "",
        status=409 if refused else 200,
        values=_values(section, shop) | _typed(section, typed),
        refused=refused or {},
        is_new=shop is None,
        shown=shown,
        labels=sections.MENU_LABELS,
        verifier=request.app.ctx.settings.slip_verifier,
        saved=request.args.get("said") == "saved",
    )


def _values(section: str, shop: Shop | None) -> dict[str, Any]:
    """What the fields of the section say."""
    if section == _LANGUAGES:
        offered, first = (shop.languages, shop.language) if shop else (sections.LANGUAGES, "th")
        return {f"offer_{one}": one in offered for one in sections.LANGUAGES} | {"language": first}
    values = {name: getattr(shop, name) if shop else "" for name in sections.SECTIONS[section].names}
    if section == "shop":
        label = (values["menu_products_th"], values["menu_products_en"])
        named = [name for name, words in sections.MENU_LABELS.items() if words == label]
        values["menu"] = named[0] if named else sections.OWN_LABEL if shop else "products"
    return values


def _typed(section: str, typed: Mapping[str, str] | None) -> dict[str, Any]:
    """What somebody typed stands in place of what is stored; a box that is not ticked sends nothing."""
    if typed is None:
        return {}
    return {name: typed.get(name, "") for name in _values(section, None)}


def _read(session: Session) -> tuple[Shop | None, Sequence[_Shown]]:
    kinds = (Kind.SHOW, Kind.SET_UP)
    shown = [_Shown(one, errands.latest(session, kinds, one.id)) for one in accounts.connected(session)]
    return session.get(Shop, 1), shown


def _overview(session: Session) -> _Overview:
    return _Overview(
        session.get(Shop, 1),
        catalogue.payment_accounts(session),
        shipping.methods(session),
        accounts.connected(session),
    )
