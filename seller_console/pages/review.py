"""Review: the slips that wait, one at a time, the oldest first. Look, confirm or reject, next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, shown
from seller_console.addresses import row_id
from seller_console.changes import change
from seller_console.looks import Looks
from seller_console.order_page import just_confirmed
from seller_console.pages.order import confirm_payment
from seller_console.rendering import page
from shop import audit, catalogue, payments, people, review, views
from shop.db import utc_now
from shop.errors import BadInput, LedgerMoved, NotAllowed, NotFound
from shop.models import Payment, Slip
from shop.roles import May
from shop.slips.asking import State
from shop.slips.checks import Checked
from shop.slips.verdicts import REJECTED
from shop.states import PaymentState
from shop.views import OrderDetail

pages = Blueprint("review", url_prefix="/review")

#: What happened to the last one, by the word in the address.
_SAID = ("confirmed", "rejected", "elsewhere", "moved", "not_possible", "bad_words")


@dataclass(frozen=True)
class _Last:
    """The order that was looked at before: who saw to it, and what can be taken back of that with one tap."""

    number: str
    payment_state: str
    by: str
    entry: Payment | None
    rejected: Sequence[Slip]


@dataclass(frozen=True)
class _Item:
    """An order that waits. `following`: the first slip of the next one, whose picture is fetched ahead."""

    detail: OrderDetail
    place: int
    slips: Sequence[Slip]
    following: Slip | None
    keep_slips_days: int


@pages.get("/", ctx_may=May.SELL)
async def start(request: Request) -> HTTPResponse:
    """Go to the next one that nobody else looks at, from beyond the place `after` on; or say that there is none."""
    after = _number(request.args.get("after")) or 0
    looks: Looks = request.app.ctx.looks
    others = looks.of_others(request.ctx.seller.id)
    waiting = await request.app.ctx.database.read(review.queue, after=after)
    found = next((one for one in waiting if one.order_id not in others), None)
    if found is not None:
        return redirect(f"/review/{found.number}{_carried(request)}", status=303)
    looks.away(request.ctx.seller.id)
    rest = await request.app.ctx.database.read(review.queue)
    in_hands = rest if all(one.order_id in others for one in rest) else ()
    values = await request.app.ctx.database.read(_counted, *_last_asked(request))
    return page(request, "review.html", fragment="_review.html", item=None, in_hands=in_hands, **values)


@pages.get("/<number:str>", ctx_may=May.SELL)
async def one(request: Request, number: str) -> HTTPResponse:
    """One order's slips. An order that does not wait any more leads on to the next, which says what became of it."""
    looks: Looks = request.app.ctx.looks
    others = looks.of_others(request.ctx.seller.id)
    found = await request.app.ctx.database.read(_item, number, others)
    if isinstance(found, int):
        return _on(found, "elsewhere", number)
    looks.look(request.ctx.seller.id, found.detail.order.id)
    values = await request.app.ctx.database.read(_counted, *_last_asked(request))
    asks = request.args.get("ask") == "1"
    return page(
        request, "review.html", fragment="_review.html", item=found, asks=asks, **_drawn(found), **values
    )


@pages.post("/<number:str>/confirm", ctx_may=May.SELL)
async def confirm(request: Request, number: str) -> HTTPResponse:
    """The money is there. Somebody else may have said so just before."""
    try:
        did_it = await change(
            request, number, confirm_payment, number, request.ctx.seller.email, shown.given(request)
        )
    except NotAllowed:
        return _on(_place(request), "elsewhere", number)
    except LedgerMoved:
        return redirect(f"/review/{number}?said=moved&last={number}", status=303)
    return _on(_place(request), "confirmed" if did_it else "elsewhere", number)


@pages.post("/<number:str>/reject", ctx_may=May.SELL)
async def reject(request: Request, number: str) -> HTTPResponse:
    """The slip is not accepted, or, of an order with several, none of them."""
    reason, words = access.field(request, "reason"), access.field(request, "words")
    slip_id, seen = _number(access.field(request, "slip")), shown.given(request)

    def write(session: Session) -> bool:
        order_id = views.order_detail(session, number).order.id
        who: dict[str, Any] = {"by": request.ctx.seller.email, "now": utc_now()}
        _, did_it = payments.reject(session, order_id, reason, words, slip_id=slip_id, seen=seen, **who)
        if not did_it:
            audit.nothing_changed(session)
        return did_it

    try:
        did_it = await change(request, number, write)
    except NotAllowed:
        did_it = False
    except LedgerMoved:
        return redirect(f"/review/{number}?said=moved&last={number}", status=303)
    except BadInput:
        return redirect(f"/review/{number}?said=bad_words&last={number}", status=303)
    return _on(_place(request), "rejected" if did_it else "elsewhere", number)


@pages.post("/<number:str>/skip", ctx_may=May.SELL)
async def skip(request: Request, number: str) -> HTTPResponse:
    """Leave this one for later, or for somebody else."""
    request.app.ctx.looks.away(request.ctx.seller.id)
    return redirect(f"/review?after={_place(request)}", status=303)


@pages.post("/<number:str>/back", ctx_may=May.SELL)
async def back(request: Request, number: str) -> HTTPResponse:
    """Take back what was done last to this order, and look at it again."""
    entry_id = _number(access.field(request, "entry"))
    slip_ids = [one for one in map(_number, access.field(request, "slips").split("-")) if one]
    reason = access.field(request, "reason")

    def write(session: Session) -> None:
        order_id = views.order_detail(session, number).order.id
        who: dict[str, Any] = {"by": request.ctx.seller.email, "now": utc_now()}
        if entry_id is not None:
            _, did_it = payments.undo(session, order_id, entry_id, reason, **who)
        else:
            _, did_it = payments.look_again(session, order_id, slip_ids, **who)
        if not did_it:
            audit.nothing_changed(session)

    try:
        await change(request, number, write)
    except NotAllowed:
        return redirect(f"/review?said=not_possible&last={number}", status=303)
    except BadInput:
        return redirect(f"/review?said=bad_words&last={number}", status=303)
    return redirect(f"/review/{number}", status=303)


def _on(after: int, said: str, number: str) -> HTTPResponse:
    return redirect(f"/review?{urlencode({'after': after, 'said': said, 'last': number})}", status=303)


def _carried(request: Request) -> str:
    """What the page after a redirect is to say."""
    said, last = _last_asked(request)
    return f"?{urlencode({'said': said, 'last': last})}" if said and last else ""


def _last_asked(request: Request) -> tuple[str | None, str]:
    said = request.args.get("said")
    return (said if said in _SAID else None), str(request.args.get("last") or "")[:20]


def _place(request: Request) -> int:
    return _number(access.field(request, "place")) or 0


def _number(given: object) -> int | None:
    try:
        return row_id(str(given or ""))
    except ValueError:
        return None


def _item(session: Session, number: str, others: Collection[int]) -> _Item | int:
    """The order if it waits, else the place where it stood. Raises NotFound."""
    detail = views.order_detail(session, number)
    place = review.place(session, detail.order)
    if place is None:
        return min((slip.id for slip in detail.slips), default=0)
    rest = review.queue(session, after=place, limit=20)
    following = next((one for one in rest if one.order_id not in others), None)
    return _Item(
        detail,
        place,
        [slip for slip in detail.slips if not slip.verdict],
        session.get(Slip, following.place) if following else None,
        catalogue.the_shop(session).keep_slips_days,
    )


def _drawn(item: _Item) -> dict[str, Any]:
    """The values that the templates of slips and of rejecting need."""
    detail, only = item.detail, item.slips[0]
    return {
        "order": detail.order,
        "slips": item.slips,
        "findings": detail.findings,
        "checks": detail.checks,
        "repeats": detail.repeats,
        "balance": detail.balance,
        "shown": shown.written(detail),
        "reasons": payments.REASONS,
        "keep_slips_days": item.keep_slips_days,
        "confirmable": True,
        # The bank agrees in every part, and nothing is odd about the slip: one tap is enough.
        "fits": len(item.slips) == 1
        and _bank_agrees(detail.checks.get(only.id))
        and not any(finding.is_warning for finding in detail.findings[only.id]),
    }


def _bank_agrees(checked: Checked | None) -> bool:
    match = checked.match if checked and checked.check.state == State.FOUND else None
    return match is not None and match.is_full


def _counted(session: Session, said: str | None, last: str) -> dict[str, Any]:
    """How many wait, and what became of the one before."""
    return {"left": review.count(session), "said": said, "last": _last(session, last) if said else None}


def _last(session: Session, number: str) -> _Last | None:
    try:
        detail = views.order_detail(session, number)
    except NotFound:
        return None
    of_payment = [step for step in detail.transitions if step.of == "payment" and step.by != "customer"]
    by = of_payment[-1].by if of_payment else ""
    paid = detail.order.payment_state == PaymentState.PAID
    rejected = [slip for slip in detail.slips if slip.verdict == REJECTED]
    return _Last(
        number=number,
        payment_state=detail.order.payment_state,
        by=people.names(session, [by]).get(by, by),
        entry=just_confirmed(detail.payments) if paid else None,
        rejected=rejected[-1:] if not paid else [],
    )
