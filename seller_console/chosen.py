"""Several orders at once: which were chosen, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanic import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import NotFound, ShopError
from shop.models import Order

#: More than a page shows; a carrier's file may name so many.
MOST = 1000
_LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Outcome:
    """Numbers of the orders that were changed, of those that were so already, and of those that could not be."""

    done: Sequence[str]
    already: Sequence[str]
    not_possible: Sequence[str]


def numbers(request: Request) -> Sequence[str]:
    """The orders that are ticked in the form."""
    return _tidy(request.form.getlist("order") if request.form else ())


def named(request: Request) -> Sequence[str]:
    """The orders that the address names: `of`, with commas."""
    return _tidy(str(request.args.get("of", "")).split(","))


def order_id(session: Session, number: str) -> int:
    """The id of the order with this number. Raises NotFound."""
    found = session.scalar(select(Order.id).where(Order.number == number))
    if found is None:
        raise NotFound(f"order {number}")
    return found


def outcome(results: Mapping[str, bool | ShopError]) -> Outcome:
    """What became of each, by what `change_each` returns: True changed it, False found it so."""
    return Outcome(
        [number for number, result in results.items() if result is True],
        [number for number, result in results.items() if result is False],
        [number for number, result in results.items() if isinstance(result, ShopError)],
    )


def _tidy(given: Iterable[str]) -> Sequence[str]:
    fitting = (number.strip() for number in given if 0 < len(number.strip()) <= _LONGEST_NUMBER)
    return list(dict.fromkeys(fitting))[:MOST]
