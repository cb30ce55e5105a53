"""The page of one order, as it is drawn after every click on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sanic import HTTPResponse, Request
from sqlalchemy.orm import Session

from seller_console import forms, shown, way_back
from seller_console.looks import Looks
from seller_console.rendering import is_fragment, page
from shop import (
    catalogue,
    conversation,
    fulfilment,
    neighbours,
    order_lines,
    order_notes,
    parcels,
    payments,
    people,
    seller_words,
    stock,
    views,
)
from shop.carriers import CARRIERS
from shop.db import utc_now
from shop.ledger import Entry
from shop.models import Order, OrderNote, OutboxMessage, Payment, Shop
from shop.neighbours import Neighbours
from shop.order_wanted import Wanted
from shop.roles import May
from shop.states import OrderState, PaymentState
from shop.views import OrderDetail

_ANY = Wanted()
#: So much of the chat stands on the order's page.
_TALK = 8
#: So long after a confirmation the page offers to undo it with one tap; the ledger does so for ever.
_JUST_NOW = timedelta(minutes=2)


@dataclass(frozen=True)
class Seen:
    """What the page shows of an order. `names` are those of people, by email; `put_back`: whether the goods of one that
    was cancelled can be sold again.
    """

    detail: OrderDetail
    names: Mapping[str, str]
    shop: Shop
    written: Sequence[OutboxMessage]
    notes: Sequence[OrderNote]
    around: Neighbours
    talk: conversation.Page
    last_carrier: str
    put_back: bool | None


def confirmable(detail: OrderDetail) -> bool:
    """Whether a seller may confirm the payment now; `payments.confirm` has the last word."""
    waits = detail.order.payment_state in (PaymentState.AWAITING_SLIP, PaymentState.PENDING)
    return detail.order.state not in (OrderState.CANCELLED, OrderState.EXPIRED) and waits


def just_confirmed(entries: Sequence[Payment]) -> Payment | None:
    """The newest entry of the ledger, if it was made just now and can be taken back with one tap."""
    last = entries[-1] if entries else None
    fresh = last is not None and last.kind == Entry.ACCEPTED and utc_now() - last.at < _JUST_NOW
    return last if fresh else None


async def order_page(
    request: Request,
    number: str,
    *,
    said: str | None,
    status: int = 200,
    parcel: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    letter: tuple[str, str] = ("", ""),
    note: tuple[str, str] = ("", ""),
) -> HTTPResponse:
    """The order's page with what it says on top; `parcel` and `typed` are what was typed about the parcel, or about
    money, and could not be used (`typed["form"]` names the form). `letter`: what was typed to the customer, and why it
    was not sent ("missing", "long", "late"). `note`: what was typed as a note, and why it was not kept.
    """
    looks: Looks = request.app.ctx.looks
    wanted = way_back.of(request).filters.wanted(utc_now())
    seen = await request.app.ctx.database.read(see, number, wanted, looks.of_others(request.ctx.seller.id))
    _look(request, seen.detail.order)
    paid = seen.detail.order.payment_state == PaymentState.PAID
    # The address could be anybody's: it says "confirmed" only of an order that is.
    truly = None if said in ("confirmed", "already") and not paid else said
    values = drawn(seen) | {
        "said": truly,
        "just_now": just_confirmed(seen.detail.payments) if truly == "confirmed" else None,
        "parcel": parcel or _parcel(seen),
        "typed": typed or {},
        "letter": letter,
        "note": note,
    }
    return page(request, "order.html", fragment="_order.html", status=status, **values)


def see(session: Session, number: str, wanted: Wanted = _ANY, passed_over: Collection[int] = ()) -> Seen:
    """All that the page shows, also its neighbours in the list of the orders `wanted`; its next slip is of none of
    the orders `passed_over`. Raises NotFound.
    """
    detail = views.order_detail(session, number)
    written = seller_words.written(session, detail.order)
    notes = order_notes.of(session, detail.order)
    by = {*(change.by for change in detail.transitions), *(entry.by for entry in detail.payments)}
    by |= {one.written_by or "" for one in written} | {note.by for note in notes}
    return Seen(
        detail,
        people.names(session, by),
        catalogue.the_shop(session),
        written,
        notes,
        neighbours.of(session, detail.order, wanted, now=utc_now(), passed_over=passed_over),
        conversation.page(session, detail.order.customer_id, limit=_TALK),
        parcels.last_carrier(session),
        not stock.was_kept_out(session, detail.order) if detail.order.state == OrderState.CANCELLED else None,
    )


def drawn(seen: Seen) -> dict[str, Any]:
    """The values of the page's templates."""
    detail = seen.detail
    return {
        "order": detail.order,
        "slips": detail.slips,
        "transitions": detail.transitions,
        "notices": detail.notices,
        "names": seen.names,
        "entries": detail.payments,
        "undone": {entry.undoes_id for entry in detail.payments},
        "balance": detail.balance,
        "shown": shown.written(detail),
        "findings": detail.findings,
        "checks": detail.checks,
        "repeats": detail.repeats,
        "reasons": payments.REASONS,
        "keep_slips_days": seen.shop.keep_slips_days,
        "keep_addresses_days": seen.shop.keep_addresses_days,
        "confirmable": confirmable(detail),
        "can_edit": order_lines.can_edit(detail.order),
        "steps": fulfilment.steps(detail.order),
        "put_back": seen.put_back,
        "carriers": CARRIERS,
        "written": seen.written,
        "notes": seen.notes,
        "around": seen.around,
        "talk": seen.talk,
        "can_write": seller_words.can_write(detail.order, utc_now()),
        "new_form": forms.once(),
        "most_letters": seller_words.LONGEST,
        "longest_note": order_notes.LONGEST,
        "chat_link": seller_words.chat_link(detail.order),
        "text_message": seller_words.text_message(detail.order, seen.shop),
        "text_message_link": seller_words.text_message_link(detail.order, seen.shop),
    }


def _look(request: Request, order: Order) -> None:
    """Send nobody else to this order's slip, as long as whoever opened the page may be about to judge it."""
    may_judge = May.SELL in request.ctx.seller.may and order.payment_state == PaymentState.PENDING
    if may_judge and not is_fragment(request):  # a tab that lies open and hears of a change is no look
        request.app.ctx.looks.look(request.ctx.seller.id, order.id)


def _parcel(seen: Seen) -> Mapping[str, str]:
    """What the form about the parcel begins with."""
    sent = seen.detail.order.shipment
    return {
        "carrier": sent.carrier if sent else seen.last_carrier,
        "other": "",
        "tracking": sent.tracking if sent else "",
        "seen": sent.tracking if sent else "",
        "shared": "",
        "wrong": "",
    }
