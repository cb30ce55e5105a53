"""Several orders at once: which were chosen, and what became of each."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sanic import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import NotFound, ShopError
from shop.models import Order

#: More than a page shows; a carrier's file may name so many.
MOST = 1000
_LONGEST_NUMBER = 20
#: So many are named in an address as people write them; a thousand would be longer than proxies take (8 KB).
_WRITTEN = 100
_DIGITS = re.compile(r"TL-(\d{8})")
_BYTES = 4


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
    """The orders that the address names, by what `in_address` wrote into it."""
    written = str(request.args.get("of", "")).split(",")
    return _tidy([*written, *_unpacked(str(request.args.get("these", "")))])


def are_named(request: Request) -> bool:
    """Whether the address names orders, be they ones that exist or not."""
    return "of" in request.args or "these" in request.args


def in_address(numbers: Sequence[str]) -> str:
    """The part of an address that names these orders: `of` them with commas, or `these` many, four bytes each."""
    if len(numbers) <= _WRITTEN:
        return urlencode({"of": ",".join(numbers)}, safe=",")
    digits = [found[1] for number in numbers if (found := _DIGITS.fullmatch(number))]
    packed = b"".join(int(one).to_bytes(_BYTES) for one in digits)
    return urlencode({"these": base64.urlsafe_b64encode(packed).decode().rstrip("=")})


def _unpacked(text: str) -> Sequence[str]:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return []
    whole = range(0, len(packed) - len(packed) % _BYTES, _BYTES)
    return [f"TL-{int.from_bytes(packed[start : start + _BYTES]):08d}" for start in whole]


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
