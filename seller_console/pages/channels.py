"""The Pages the shop is connected to. What needs Messenger is an errand for the gateway (shop.errands)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.access import field
from seller_console.addresses import row_id
from seller_console.changes import change
from seller_console.patience import settled
from seller_console.rendering import page
from shop import accounts, connections, errands, message_templates, trial_messages
from shop.db import utc_now
from shop.errands import Kind
from shop.errors import BadInput, NotFound
from shop.models import Channel, Customer, Errand, MessageTemplate, OutboxMessage
from shop.roles import May
from shop.vault import Vault, WrongKey

pages = Blueprint("channels", url_prefix="/channels")

#: Where Meta sends what happens on a Page, below the shop's public address.
_WEBHOOK = "/webhooks/messenger"
_OPEN_FIELDS = ("account_id", "name", "app_id", "verify_token")


@dataclass(frozen=True)
class _Row:
    channel: Channel
    approved: int
    templates: int


@dataclass(frozen=True)
class _Detail:
    channel: Channel
    set_up: Errand | None
    take_down: Errand | None
    waiting: int
    templates: Sequence[MessageTemplate]
    reachable: Sequence[Customer]
    test: OutboxMessage | None


@pages.get("/", ctx_may=May.CHANGE_SHOP)
async def channels(request: Request) -> HTTPResponse:
    """All Pages with their state."""
    rows = await request.app.ctx.database.read(_rows)
    return page(request, "channels.html", rows=rows, now=utc_now())


@pages.get("/new", ctx_may=May.CHANGE_SHOP)
async def new(request: Request) -> HTTPResponse:
    """The form that connects a Page."""
    return _form(request, None, {"verify_token": secrets.token_urlsafe(12)})


@pages.post("/new", ctx_may=May.CHANGE_SHOP)
async def connect(request: Request) -> HTTPResponse:
    """Have the gateway look whether Messenger takes what was typed, and connect the Page if it does."""
    return await _connect(request, None)


@pages.get("/<channel_id:row>/secrets", ctx_may=May.CHANGE_SHOP)
async def connection(request: Request, channel_id: int) -> HTTPResponse:
    """The form with a Page's name and new secrets."""
    known = await request.app.ctx.database.read(accounts.get, channel_id)
    values = {
        "name": known.name,
        "app_id": known.app_id,
        "verify_token": _opened(request, known.verify_token),
    }
    return _form(request, known, values)


@pages.post("/<channel_id:row>/secrets", ctx_may=May.CHANGE_SHOP)
async def reconnect(request: Request, channel_id: int) -> HTTPResponse:
    """The same for a Page that is known; a secret left empty stays the one it is."""
    return await _connect(request, await request.app.ctx.database.read(accounts.get, channel_id))


async def _connect(request: Request, known: Channel | None) -> HTTPResponse:
    typed = {name: str(values[0]) for name, values in (request.form or {}).items()}
    try:
        wanted = accounts.typed(_vault(request), typed, known)
    except BadInput as error:
        return _form(request, known, typed, (error.field, error.reason), status=409)
    errand = await change(
        request,
        wanted.account_id,
        errands.ask,
        Kind.CONNECT,
        detail=asdict(wanted),
        by=request.ctx.seller.email,
        now=utc_now(),
    )
    await settled(request, errand.id)
    return redirect(f"/channels/connecting/{errand.id}", status=303)


@pages.get("/connecting/<errand_id:row>", ctx_may=May.CHANGE_SHOP)
async def connecting(request: Request, errand_id: int) -> HTTPResponse:
    """What came of it: the Page, or the form again with what Messenger said beside the field it is about."""
    errand = await request.app.ctx.database.read(errands.get, errand_id)
    if errand.kind != Kind.CONNECT:
        raise NotFound(f"errand {errand_id} connects nothing")
    if not errand.done_at:
        return page(request, "channel_waiting.html", fragment="_waiting_errand.html", errand=errand)
    if errand.ok:
        return redirect(f"/channels/{errand.channel_id}?said=connected", status=303)
    typed = {name: str(errand.detail.get(name, "")) for name in _OPEN_FIELDS}
    typed["verify_token"] = _opened(request, typed["verify_token"])
    known = await request.app.ctx.database.read(accounts.by_account, typed["account_id"])
    said = str(errands.lines(errand)[0].says[request.ctx.language])
    return _form(request, known, typed, (str(errand.detail.get("field", "token")), said))


@pages.get("/<channel_id:row>", ctx_may=May.CHANGE_SHOP)
async def channel(request: Request, channel_id: int) -> HTTPResponse:
    """One Page: its state, its address for Meta, setting up, templates, a test message, its secrets."""
    return await _page(request, channel_id)


@pages.post("/<channel_id:row>/set-up", ctx_may=May.CHANGE_SHOP)
async def set_up(request: Request, channel_id: int) -> HTTPResponse:
    """Set menu, greeting and subscription, and hand in the templates."""
    by, now = request.ctx.seller.email, utc_now()
    errand = await _change(
        request, channel_id, errands.ask, Kind.SET_UP, channel_id=channel_id, by=by, now=now
    )
    await settled(request, errand.id)
    return redirect(f"/channels/{channel_id}#set-up", status=303)


@pages.post("/<channel_id:row>/test", ctx_may=May.CHANGE_SHOP)
async def test(request: Request, channel_id: int) -> HTTPResponse:
    """Send a test message. A second click on the same form sends nothing."""
    by, now = request.ctx.seller.email, utc_now()
    try:
        customer_id = row_id(field(request, "customer"))
        form = field(request, "form")
        await _change(
            request, channel_id, trial_messages.send, channel_id, customer_id, form=form, by=by, now=now
        )
    except (BadInput, ValueError):
        return await _page(request, channel_id, nobody=True, status=409)
    return redirect(f"/channels/{channel_id}#test", status=303)


@pages.post("/<channel_id:row>/disconnect", ctx_may=May.CHANGE_SHOP)
async def disconnect(request: Request, channel_id: int) -> HTTPResponse:
    """Send and answer nothing there any more, and take away what customers see of the shop there."""
    by, now = request.ctx.seller.email, utc_now()
    errand = await _change(request, channel_id, connections.disconnect, channel_id, by=by, now=now)
    await settled(request, errand.id)
    return redirect(f"/channels/{channel_id}?said=disconnected", status=303)


@pages.post("/<channel_id:row>/go-on", ctx_may=May.CHANGE_SHOP)
async def go_on(request: Request, channel_id: int) -> HTTPResponse:
    """Use the Page again, after it was disconnected or something was wrong with it."""
    by, now = request.ctx.seller.email, utc_now()
    errand = await _change(request, channel_id, connections.use_again, channel_id, by=by, now=now)
    if errand is None:
        return redirect(f"/channels/{channel_id}?said=goes-on", status=303)
    await settled(request, errand.id)
    return redirect(f"/channels/{channel_id}?said=back", status=303)


async def _change(request: Request, page_of: int, use_case: Any, *args: Any, **kwargs: Any) -> Any:
    """The log names a Page by its id at the platform."""
    known = await request.app.ctx.database.read(accounts.get, page_of)
    return await change(request, known.account_id, use_case, *args, **kwargs)


async def _page(
    request: Request, channel_id: int, *, nobody: bool = False, status: int = 200
) -> HTTPResponse:
    found: _Detail = await request.app.ctx.database.read(_detail, channel_id)
    settings = request.app.ctx.settings
    return page(
        request,
        "channel.html",
        fragment="_channel.html",
        status=status,
        channel=found.channel,
        found=found,
        now=utc_now(),
        webhook=settings.public_url + _WEBHOOK,
        is_public=settings.public_url.startswith("https:"),
        verify_token=_opened(request, found.channel.verify_token),
        said=request.args.get("said", ""),
        nobody=nobody,
        new_form=forms.once(),
    )


def _form(
    request: Request,
    known: Channel | None,
    typed: Mapping[str, str],
    refused: tuple[str, str] | None = None,
    status: int = 200,
) -> HTTPResponse:
    """The form with what was typed, never a secret; `refused` is a field and a word or sentence about it."""
    return page(
        request,
        "channel_form.html",
        status=status,
        known=known,
        values={name: typed.get(name, "") for name in _OPEN_FIELDS},
        refused=dict([refused] if refused else []),
    )


def _vault(request: Request) -> Vault:
    return Vault(request.app.ctx.settings.secret_key)


def _opened(request: Request, locked: str) -> str:
    """The verify token, which is no secret from the owner; empty when it was locked with another key."""
    try:
        return _vault(request).open(locked)
    except WrongKey:
        return ""


def _rows(session: Session) -> Sequence[_Row]:
    rows = []
    for one in accounts.every(session):
        texts = message_templates.of_channel(session, one.id)
        approved = sum(text.status == message_templates.APPROVED for text in texts)
        rows.append(_Row(one, approved, len(texts)))
    return rows


def _detail(session: Session, channel_id: int) -> _Detail:
    waiting = {one.channel.id: one.messages for one in connections.waiting(session)}
    return _Detail(
        accounts.get(session, channel_id),
        errands.latest(session, (Kind.SET_UP,), channel_id),
        errands.latest(session, (Kind.TAKE_DOWN,), channel_id),
        waiting.get(channel_id, 0),
        message_templates.of_channel(session, channel_id),
        trial_messages.reachable(session, channel_id, utc_now()),
        trial_messages.last(session, channel_id),
    )
