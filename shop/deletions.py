"""Wishes to be forgotten that a platform passes on: kept, looked into, and granted as soon as no order is open.

Who is meant on which Page is found out by the gateway; what may be deleted when is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop import privacy
from shop.errors import NotFound
from shop.models import Channel, Customer, DeletionRequest
from shop.sql import insert_into

#: One that could not be settled is looked at again after this time.
_AGAIN = timedelta(minutes=10)


class RequestState(StrEnum):
    """How far a request is."""

    RECEIVED = "received"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    ERASED = "erased"
    CLOSED = "closed"


def keep(session: Session, *, code: str, user_id: str, accounts: Sequence[str], now: datetime) -> None:
    """Keep a request; told again under the same code, it is the same one."""
    dialect = session.connection().dialect.name
    new = insert_into(DeletionRequest, dialect).values(
        code=code,
        user_id=user_id,
        accounts=list(accounts),
        state=RequestState.RECEIVED,
        received_at=now,
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["code"]))


def by_code(session: Session, code: str) -> DeletionRequest:
    """The request that somebody asks about. Raises NotFound."""
    found = session.scalar(select(DeletionRequest).where(DeletionRequest.code == code))
    if found is None:
        raise NotFound("request")
    return found


def due(session: Session, now: datetime, limit: int = 20) -> Sequence[DeletionRequest]:
    """Requests to look at now, oldest first."""
    unsettled = DeletionRequest.state.in_((RequestState.RECEIVED, RequestState.WAITING))
    its_time = or_(DeletionRequest.looked_at.is_(None), DeletionRequest.looked_at < now - _AGAIN)
    return session.scalars(
        select(DeletionRequest).where(unsettled, its_time).order_by(DeletionRequest.id).limit(limit)
    ).all()


def named(session: Session, accounts: Sequence[str], external_ids: Sequence[str]) -> Sequence[int]:
    """Ids of the customers with one of these ids on one of these Pages."""
    of_those = Channel.account_id.in_(accounts) & Customer.external_id.in_(external_ids)
    return session.scalars(select(Customer.id).join(Channel).where(of_those).order_by(Customer.id)).all()


def settle(session: Session, request_id: int, customer_ids: Sequence[int], *, now: datetime) -> RequestState:
    """Erase these customers, whom the request is about; while an order of theirs is open, it waits.

    Raises BeingAnswered: then nothing is changed, and it is tried again soon.
    """
    request = _locked(session, request_id)
    if request.state in (RequestState.ERASED, RequestState.CLOSED):
        return RequestState(request.state)
    request.looked_at, request.error, request.customer_id = now, None, customer_ids[0]
    if any(privacy.open_orders(session, customer_id) for customer_id in customer_ids):
        request.state = RequestState.WAITING
        return RequestState.WAITING
    for customer_id in customer_ids:
        privacy.erase(session, customer_id, now=now)
    _end(request, RequestState.ERASED, now)
    return RequestState.ERASED


def not_settled(session: Session, request_id: int, error: str, *, now: datetime, final: bool) -> None:
    """Nobody was found; `final`: asking again will not help, so a person has to look."""
    request = _locked(session, request_id)
    if request.state in (RequestState.RECEIVED, RequestState.WAITING):
        request.looked_at, request.error = now, error
        request.state = RequestState.UNKNOWN if final else request.state


def close(session: Session, request_id: int, *, now: datetime) -> None:
    """A person says that nothing is kept of them (any more). Said again, it changes nothing."""
    request = _locked(session, request_id)
    if request.state != RequestState.ERASED:
        _end(request, RequestState.CLOSED, now)


def unsettled(session: Session, limit: int = 100) -> Sequence[DeletionRequest]:
    """Requests that wait for a person or for an order's end, oldest first."""
    waits = DeletionRequest.state.in_((RequestState.WAITING, RequestState.UNKNOWN))
    return session.scalars(
        select(DeletionRequest).where(waits).order_by(DeletionRequest.id).limit(limit)
    ).all()


def _locked(session: Session, request_id: int) -> DeletionRequest:
    found = session.scalar(
        select(DeletionRequest).where(DeletionRequest.id == request_id).with_for_update(of=DeletionRequest)
    )
    if found is None:
        raise NotFound(f"request {request_id}")
    return found


def _end(request: DeletionRequest, state: RequestState, now: datetime) -> None:
    """Whom it was about is forgotten too; the code stays, for whoever asks what has become of it."""
    request.state, request.done_at, request.looked_at = state, now, now
    request.user_id, request.customer_id, request.error = "", None, None
