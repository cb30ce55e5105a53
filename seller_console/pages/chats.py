"""Chats: who waits for a person, one conversation with its composer, who has the chat, slips that have no order yet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, redirect
from sqlalchemy.orm import Session

from seller_console import access, forms
from seller_console.body_limits import MOST
from seller_console.changes import change, if_new
from seller_console.rendering import page
from shop import (
    accounts,
    carts,
    catalogue,
    chat_pictures,
    chats,
    conversation,
    handoff,
    orders,
    quick_answers,
    reach,
    seller_words,
    views,
)
from shop.chat_pictures import Outgoing
from shop.chats import Listed
from shop.db import utc_now
from shop.errors import BadFields, BadInput, NoOpenOrder, NotReachable
from shop.models import CartLine, Customer, Order
from shop.roles import May
from shop.slips import intake
from shop.views import LooseSlip

pages = Blueprint("chats")

#: What a page may say on top after a click, by the word in the address.
_SAID = ("sent", "taken", "back", "too_late", "ordered")
_MOST_ORDERS = 5


@dataclass(frozen=True)
class _List:
    listed: Listed
    loose: int
    several: bool


@dataclass(frozen=True)
class _Chat:
    customer: Customer
    talk: conversation.Page
    way: str
    way_ends: datetime | None
    with_person: bool
    cart: Sequence[CartLine]
    orders: Sequence[Order]
    currency: str
    answers: Mapping[str, str]


@pages.get("/waiting", ctx_may=May.CHAT)
async def waiting(_request: Request) -> HTTPResponse:
    """Where the page was before."""
    return redirect("/chats", status=303)


@pages.get("/chats", ctx_may=May.CHAT)
async def list_(request: Request) -> HTTPResponse:
    """The list: who waits longest comes first."""
    found = await request.app.ctx.database.read(_list, *_asked(request))
    return page(request, "chats.html", fragment="_chats.html", **_list_values(request, found))


@pages.get("/chats/<customer_id:row>", ctx_may=May.CHAT)
async def chat(request: Request, customer_id: int) -> HTTPResponse:
    """One conversation. It may have been opened behind what the seller looks at: that it is read, the page says."""
    said = request.args.get("said")
    return await _chat_page(request, customer_id, said=said if said in _SAID else None)


@pages.post("/chats/<customer_id:row>/write", ctx_may=May.CHAT, ctx_most_bytes=MOST)
async def write(request: Request, customer_id: int) -> HTTPResponse:
    """Send what was typed, and the pictures chosen. A second click on the same form sends nothing; "/shortcut" alone is
    put in, not sent.
    """
    text, form = access.field(request, "text"), access.field(request, "form")
    words = text.strip()
    if words.startswith("/") and not any(map(str.isspace, words)):
        return await _put_in(request, customer_id, words.removeprefix("/").lower(), before="", given=text)
    if quick_answers.unfilled(words):
        return await _chat_page(request, customer_id, status=409, typed=text, wrong="unfilled")
    try:
        await _send(request, customer_id, text, form)
    except BadFields as error:
        return await _chat_page(request, customer_id, status=409, typed=text, unsent=error.reasons)
    except BadInput as error:
        return await _chat_page(request, customer_id, status=409, typed=text, wrong=error.reason)
    except NotReachable:
        return await _chat_page(request, customer_id, status=409, typed=text, wrong="late")
    return redirect(f"/chats/{customer_id}?said=sent", status=303)


async def _send(request: Request, customer_id: int, text: str, form: str) -> None:
    context = request.app.ctx
    files = [(file.name, file.body) for file in forms.files(request, "pictures")]
    pictures: Sequence[Outgoing] = ()
    if files:
        pictures = await asyncio.to_thread(chat_pictures.made, files, context.settings.public_url)
        await context.database.run(chat_pictures.announce, pictures, utc_now())
        await asyncio.to_thread(chat_pictures.store, context.media, pictures)
    how = {"pictures": pictures, "form": form, "by": request.ctx.seller.email, "now": utc_now()}
    await change(request, str(customer_id), if_new(seller_words.write_in_chat), customer_id, text, **how)


@pages.post("/chats/<customer_id:row>/answer", ctx_may=May.CHAT)
async def answer(request: Request, customer_id: int) -> HTTPResponse:
    """Put a quick answer into what is typed, for browsers without script; nothing is sent."""
    return await _put_in(
        request, customer_id, access.field(request, "answer"), before=access.field(request, "text"), given=""
    )


@pages.post("/chats/<customer_id:row>/read", ctx_may=May.CHAT)
async def read(request: Request, customer_id: int) -> HTTPResponse:
    """The seller has what came last before their eyes: `seen` is how many messages the page said were unread."""
    await _have_read(request, customer_id, access.field(request, "seen"))
    return empty()


@pages.get("/chats/<customer_id:row>/read", ctx_may=May.CHAT)
async def read_without_script(request: Request, customer_id: int) -> HTTPResponse:
    """The same, for a browser that runs no script: it fetches this like a picture when it shows the page."""
    await _have_read(request, customer_id, str(request.args.get("seen") or ""))
    return empty()


async def _have_read(request: Request, customer_id: int, seen: str) -> None:
    if seen.isdecimal() and len(seen) < 10:
        await request.app.ctx.database.run(handoff.have_read, customer_id, int(seen))


@pages.post("/chats/<customer_id:row>/take", ctx_may=May.CHAT)
async def take(request: Request, customer_id: int) -> HTTPResponse:
    """The seller sees to the customer; the bot keeps silent."""
    await change(request, str(customer_id), if_new(handoff.answered), customer_id, utc_now())
    return redirect(f"/chats/{customer_id}?said=taken", status=303)


@pages.post("/chats/<customer_id:row>/back", ctx_may=May.CHAT)
async def back(request: Request, customer_id: int) -> HTTPResponse:
    """The bot has the chat again, and says so. Pressed twice, it says so once."""
    await change(request, str(customer_id), if_new(handoff.hand_back_and_tell), customer_id, utc_now())
    return redirect(f"/chats/{customer_id}?said=back", status=303)


@pages.get("/chats/slips", ctx_may=May.CHAT)
async def slips(request: Request) -> HTTPResponse:
    """Slips that nobody could say an order for."""
    found: Sequence[LooseSlip] = await request.app.ctx.database.read(views.loose_slips)
    said = request.args.get("said")
    return page(
        request,
        "loose_slips.html",
        fragment="_loose_slips.html",
        slips=found,
        said=said if said in _SAID else None,
    )


@pages.post("/chats/slips/<slip_id:row>/order/<order_id:row>", ctx_may=May.SELL)
async def assign(request: Request, slip_id: int, order_id: int) -> HTTPResponse:
    """The slip is for this order, which is then looked at. Pressed twice, or too late, it is no longer listed."""
    who = {"by": request.ctx.seller.email, "now": utc_now()}
    try:
        taken = await change(request, str(slip_id), intake.assign, slip_id, order_id, **who)
    except NoOpenOrder:
        return redirect("/chats/slips?said=too_late", status=303)
    return redirect(f"/orders/{taken.order.number}?said=done", status=303)


@pages.post("/chats/slips/<slip_id:row>/done", ctx_may=May.SELL)
async def done(request: Request, slip_id: int) -> HTTPResponse:
    """The seller has seen to a slip that no order needs."""
    await change(request, str(slip_id), intake.dismiss_one, slip_id)
    return redirect("/chats/slips", status=303)


async def _put_in(
    request: Request, customer_id: int, shortcut: str, *, before: str, given: str
) -> HTTPResponse:
    """The page with the quick answer after what was typed before; with what was `given` when there is none."""
    found: Mapping[str, str] = await request.app.ctx.database.read(_answers, customer_id)
    if shortcut not in found:
        return await _chat_page(request, customer_id, status=409, typed=before or given, wrong="shortcut")
    typed = "\n".join(part for part in (before.rstrip(), found[shortcut]) if part)
    return await _chat_page(request, customer_id, typed=typed)


async def _chat_page(
    request: Request,
    customer_id: int,
    *,
    said: str | None = None,
    status: int = 200,
    typed: str = "",
    wrong: str = "",
    unsent: Mapping[str, str] | None = None,
) -> HTTPResponse:
    """The chat's page; `typed` is what was typed and not sent, `wrong` why: "missing", "long", "late", "shortcut",
    "unfilled", "many"; `unsent` are the pictures that cannot be: "large" or "picture" by name of the file.
    """
    database = request.app.ctx.database
    before = str(request.args.get("before") or "")
    seen: _Chat = await database.read(_see, customer_id, before)
    values = _list_values(request, await database.read(_list, *_asked(request))) | {
        "chat": seen,
        "said": said,
        "is_latest": not before,
        "typed": typed,
        "wrong": wrong,
        "unsent": unsent or {},
        "again": bool(forms.files(request, "pictures")),
        "way": seen.way,
        "way_ends": _seconds_until(seen.way_ends),
        "new_form": forms.once(),
        "most_letters": seller_words.LONGEST,
        "most_pictures": chat_pictures.MOST,
        "page_link": seller_words.page_link(seen.customer),
        "inbox_link": seller_words.inbox_link(seen.customer),
    }
    return page(request, "chat.html", fragment="_chat.html", status=status, **values)


def _seconds_until(end: datetime | None) -> int | None:
    """How long it is until then, rounded up: a page that looks again so late finds it over."""
    return None if end is None else int((end - utc_now()).total_seconds()) + 2


def _asked(request: Request) -> tuple[str, str, str]:
    """What of the list is asked for: words of a name, or from where on those in hands or the others."""
    words, beyond, before = (str(request.args.get(name) or "") for name in ("q", "held", "from"))
    return words, beyond, before


def _list_values(request: Request, found: _List) -> dict[str, Any]:
    return {"found": found, "words": _asked(request)[0], "chat": None}


def _list(session: Session, words: str, beyond: str, before: str) -> _List:
    if words.strip():
        listed = chats.named(session, words, before=before)
    else:
        listed = chats.listed(session, utc_now(), beyond=beyond, before=before)
    return _List(listed, chats.count_loose_slips(session), len(accounts.connected(session)) > 1)


def _answers(session: Session, customer_id: int) -> dict[str, str]:
    return quick_answers.for_chat(session, chats.get(session, customer_id))


def _way(customer: Customer, now: datetime) -> str:
    """In which way a person may write, a `Way`; or why not: "erased", "disconnected", "closed"."""
    if customer.erased_at is not None:
        return "erased"
    return (seller_words.how(customer, now) or "closed") if customer.channel.active else "disconnected"


def _see(session: Session, customer_id: int, before: str) -> _Chat:
    customer, now = chats.get(session, customer_id), utc_now()
    return _Chat(
        customer=customer,
        talk=conversation.page(session, customer_id, before=before),
        way=_way(customer, now),
        way_ends=reach.persons_way_ends(customer.last_inbound_at, now),
        with_person=handoff.is_with_person(customer, now),
        cart=carts.lines(session, customer_id),
        orders=orders.latest(session, customer_id, _MOST_ORDERS),
        currency=catalogue.the_shop(session).currency,
        answers=quick_answers.for_chat(session, customer),
    )
