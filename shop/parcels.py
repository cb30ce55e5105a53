"""Tracking numbers of many orders: which order each line of a carrier's file is for, why one cannot be used, and
entering them. What is shipped already is neither changed nor told again unless somebody asks for just that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carriers, fulfilment, states
from shop.carrier_files import Line
from shop.errors import BadInput, NumberTaken, ParcelMoved
from shop.models import Order, Shipment
from shop.states import OrderState

_TO_BE_SENT = (OrderState.CONFIRMED, OrderState.PACKED)
#: What Excel makes of long numbers when it saves CSV: "8.20012E+11".
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


class Problem(StrEnum):
    """Why a line cannot be used."""

    NO_TRACKING = "no_tracking"
    BAD_TRACKING = "bad_tracking"
    ROUNDED = "rounded"  # Excel has kept only the first digits
    NO_CARRIER = "no_carrier"
    BAD_CARRIER = "bad_carrier"
    NO_ORDER = "no_order"  # it names none, and none can be told from the phone
    UNKNOWN_ORDER = "unknown_order"
    SEVERAL = "several"  # more than one order goes to this phone
    NOT_NOW = "not_now"  # the order cannot be sent as it stands
    TWICE = "twice"  # another line has another number for the same order
    TAKEN = "taken"  # a parcel to somebody else has the same number


class Change(StrEnum):
    """What a line would do to its order."""

    SHIPS = "ships"
    COMPLETES = "completes"  # it was shipped without a number
    CORRECTS = "corrects"  # it was shipped with another number, or another carrier
    NOTHING = "nothing"


@dataclass(frozen=True)
class Parcel:
    """A line: its row in the file, and either what it would do to which order, or its problem.

    `by_phone`: the order was told from the phone alone. `taken_by`: the order whose parcel has the same number.
    """

    row: int
    tracking: str
    carrier: str = ""
    order: Order | None = None
    by_phone: bool = False
    change: Change | None = None
    problem: Problem | None = None
    taken_by: str = ""


@dataclass(frozen=True)
class _Known:
    """The orders that a file may speak of: by number, those to be sent by phone, and by the number of their parcel."""

    by_number: Mapping[str, Order]
    by_phone: Mapping[str, Sequence[Order]]
    by_tracking: Mapping[str, Sequence[Order]]


def last_carrier(session: Session) -> str:
    """The carrier that the shop used last, empty before the first parcel: a shop sends with one, day after day.

    The newest shipment says it, one step along the primary key, so nothing has to be kept beside it.
    """
    return session.scalar(select(Shipment.carrier).order_by(Shipment.id.desc()).limit(1)) or ""


def wants_number(order: Order) -> bool:
    """Whether the order can be shipped, or was shipped without a number: a first one changes nothing for anybody."""
    return "ship" in fulfilment.steps(order) and not (order.shipment and order.shipment.tracking)


def enter(
    session: Session,
    order_id: int,
    *,
    carrier: str,
    tracking: str,
    replaces: str = "",
    shared: bool = False,
    by: str,
    now: datetime,
) -> tuple[Order, bool]:
    """As `fulfilment.ship`, by somebody who saw the parcel's number `replaces` (empty: none). `shared`: they know that
    another customer's parcel has this number.

    A number that was entered meanwhile stays: ParcelMoved, or nothing to do when it is the same. Raises NumberTaken.
    """
    wanted = carriers.checked_tracking(tracking)
    order = states.lock(session, order_id)
    sent = session.scalar(select(Shipment).where(Shipment.order_id == order.id))
    now_there = sent.tracking if sent else ""
    if now_there != replaces:
        if wanted and now_there == wanted:
            return order, False
        raise ParcelMoved(order)
    if wanted and wanted != now_there and not shared:
        for other in _by_tracking(session, [wanted]).get(wanted, ()):
            if _for_others(other, order):
                raise NumberTaken(other)
    return fulfilment.ship(session, order_id, carrier=carrier, tracking=wanted, by=by, now=now)


def match(session: Session, lines: Sequence[Line], carrier: str) -> Sequence[Parcel]:
    """What each line is for. `carrier` stands for lines that name none. Lines that say the same are one."""
    same = {(line.tracking, line.order, *line.phones): line for line in reversed(lines)}
    lines = sorted(same.values(), key=lambda line: line.row)
    known = _known(session, lines)
    found = [_parcel(line, carrier, known) for line in lines]
    beside: defaultdict[int | str, list[Parcel]] = defaultdict(list)
    for parcel in found:
        if parcel.order and parcel.change:
            beside[parcel.order.id].append(parcel)
            beside[parcel.tracking].append(parcel)
    return [_among(parcel, beside) for parcel in found]


def _among(parcel: Parcel, beside: Mapping[int | str, Sequence[Parcel]]) -> Parcel:
    """The parcel as it is beside those for the same order, and those with the same number."""
    if parcel.order is None or parcel.change is None:
        return parcel
    if any(other.tracking != parcel.tracking for other in beside[parcel.order.id]):
        return replace(parcel, change=None, problem=Problem.TWICE)
    for other in beside[parcel.tracking]:
        if other.order and _for_others(other.order, parcel.order):
            return replace(parcel, change=None, problem=Problem.TAKEN, taken_by=other.order.number)
    return parcel


def _parcel(line: Line, carrier: str, known: _Known) -> Parcel:
    parcel = Parcel(line.row, line.tracking)
    try:
        parcel = replace(parcel, tracking=carriers.checked_tracking(line.tracking))
        parcel = replace(parcel, carrier=carriers.checked_carrier(line.carrier or carrier))
    except BadInput as error:
        return replace(parcel, problem=_problem(error, line.tracking))
    if not parcel.tracking:
        return replace(parcel, problem=Problem.NO_TRACKING)
    order = known.by_number.get(line.order)
    return _with(parcel, order, line, known) if order else _of_phone(parcel, line, known)


def _problem(error: BadInput, tracking: str) -> Problem:
    if error.field == "carrier":
        return Problem.NO_CARRIER if error.reason == "missing" else Problem.BAD_CARRIER
    return Problem.ROUNDED if _ROUNDED.fullmatch(tracking.strip()) else Problem.BAD_TRACKING


def _of_phone(parcel: Parcel, line: Line, known: _Known) -> Parcel:
    """The line names no order of ours, maybe one of somebody else's. One order to be sent must go to its phone; but a
    parcel that was entered is that one again, whatever the customer has ordered since.
    """
    entered = known.by_tracking.get(parcel.tracking, ())
    waiting = {order.id: order for phone in line.phones for order in known.by_phone.get(phone, ())}
    again = [order for order in entered if order.phone in line.phones] or ([] if waiting else entered)
    if again:
        return replace(_with(parcel, again[0], line, known), by_phone=True)
    if len(waiting) > 1:
        return replace(parcel, problem=Problem.SEVERAL)
    if not waiting:
        return replace(parcel, problem=Problem.UNKNOWN_ORDER if line.order else Problem.NO_ORDER)
    [order] = waiting.values()
    return replace(_with(parcel, order, line, known), by_phone=True)


def _with(parcel: Parcel, order: Order, line: Line, known: _Known) -> Parcel:
    parcel = replace(parcel, order=order)
    sent = order.shipment
    # A number that is there already is no news because of the carrier that the seller chose for the others.
    if (
        sent is not None
        and sent.tracking == parcel.tracking
        and (not line.carrier or sent.carrier == parcel.carrier)
    ):
        return replace(parcel, carrier=sent.carrier, change=Change.NOTHING)
    if "ship" not in fulfilment.steps(order):
        return replace(parcel, problem=Problem.NOT_NOW)
    for other in known.by_tracking.get(parcel.tracking, ()):
        if _for_others(other, order):
            return replace(parcel, problem=Problem.TAKEN, taken_by=other.number)
    if sent is None:
        return replace(parcel, change=Change.SHIPS)
    return replace(parcel, change=Change.CORRECTS if sent.tracking else Change.COMPLETES)


def _for_others(one: Order, other: Order) -> bool:
    """Whether they go to different people, and so not in one parcel. Of orders whose phone was deleted nobody knows:
    they are old, and carriers use their numbers again.
    """
    return (
        one.customer_id != other.customer_id and one.phone != other.phone and bool(one.phone and other.phone)
    )


def _known(session: Session, lines: Sequence[Line]) -> _Known:
    numbers = {line.order for line in lines if line.order}
    phones = {phone for line in lines for phone in line.phones}
    tracking = {"".join(line.tracking.split()).upper() for line in lines}
    named = session.scalars(select(Order).where(Order.number.in_(numbers))) if numbers else ()
    return _Known(
        {order.number: order for order in named}, _by_phone(session, phones), _by_tracking(session, tracking)
    )


def _by_phone(session: Session, phones: Iterable[str]) -> Mapping[str, Sequence[Order]]:
    """The orders to be sent to each phone. Those that wait to be sent are few, whatever else there is."""
    waiting = select(Order).where(Order.state.in_(_TO_BE_SENT), Order.phone.in_(phones))
    found: defaultdict[str, list[Order]] = defaultdict(list)
    for order in session.scalars(waiting.order_by(Order.id)) if phones else ():
        found[order.phone or ""].append(order)
    return found


def _by_tracking(session: Session, tracking: Iterable[str]) -> Mapping[str, Sequence[Order]]:
    """The orders whose parcels have these numbers, the newest first."""
    entered = select(Shipment.tracking, Order).join(Order, Order.id == Shipment.order_id)
    found: defaultdict[str, list[Order]] = defaultdict(list)
    numbers = [number for number in tracking if number]
    for number, order in session.execute(
        entered.where(Shipment.tracking.in_(numbers)).order_by(Order.id.desc())
    ):
        found[number].append(order)
    return found
