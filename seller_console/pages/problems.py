"""What waits for a person: channels that do not work, events that were set aside, messages that did not arrive or wait
for a Page that is disconnected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.changes import change
from seller_console.rendering import page
from seller_console.summary import summary
from shop import connections, deletions, mailbox, privacy, views
from shop.connections import Waiting
from shop.db import utc_now
from shop.models import Channel, Customer, DeletionRequest, InboxEvent, OutboxMessage
from shop.roles import May

pages = Blueprint("problems", url_prefix="/problems")


@dataclass(frozen=True)
class _Problems:
    channels: Sequence[Channel]
    waiting: Sequence[Waiting]
    events: Sequence[InboxEvent]
    messages: Sequence[OutboxMessage]
    customers: dict[str, Customer]
    orders: dict[int, str]
    customers_by_id: dict[int, Customer]
    wishes: Sequence[DeletionRequest]
    open_orders: dict[int, Sequence[str]]


@pages.get("/", ctx_may=May.SEE_PROBLEMS)
async def problems(request: Request) -> HTTPResponse:
    """The list."""
    found = await request.app.ctx.database.read(_find)
    language = request.ctx.language
    return page(
        request,
        "problems.html",
        fragment="_problems.html",
        found=found,
        summaries={message.id: summary(message.body, language) for message in found.messages},
        again=request.args.get("said") == "again",
    )


@pages.post("/events/<event_id:row>/again", ctx_may=May.SEE_PROBLEMS)
async def event_again(request: Request, event_id: int) -> HTTPResponse:
    """Give the event another round of tries."""
    return await _again(request, f"event {event_id}", mailbox.replay_event, event_id)


@pages.post("/messages/<message_id:row>/again", ctx_may=May.SEE_PROBLEMS)
async def message_again(request: Request, message_id: int) -> HTTPResponse:
    """Give the message another round of tries."""
    return await _again(request, f"message {message_id}", mailbox.retry_message, message_id)


@pages.post("/wishes/<request_id:row>/close", ctx_may=May.SEE_PROBLEMS)
async def nothing_is_kept(request: Request, request_id: int) -> HTTPResponse:
    """Whoever wanted to be forgotten is not among the customers, or not any more."""
    await change(request, f"wish {request_id}", deletions.close, request_id, now=utc_now())
    return redirect("/problems", status=303)


async def _again(
    request: Request, subject: str, reopen: Callable[[Session, int], bool], row_id: int
) -> HTTPResponse:
    """Pressed twice, or by two people, the second press finds nothing to do; the page is the same for both."""
    await change(request, subject, reopen, row_id)
    return redirect("/problems?said=again", status=303)


def _find(session: Session) -> _Problems:
    events, messages = views.set_aside(session), views.unsent(session)
    wishes = deletions.unsettled(session)
    written_to = views.customers_by_id(session, {message.customer_id for message in messages})
    return _Problems(
        channels=views.troubled_channels(session),
        waiting=connections.waiting(session),
        events=events,
        messages=messages,
        customers=views.customers_of(session, events),
        orders=views.orders_told_of(session, messages),
        customers_by_id=written_to,
        wishes=wishes,
        open_orders={
            wish.id: privacy.open_orders(session, wish.customer_id)
            for wish in wishes
            if wish.customer_id is not None
        },
    )
