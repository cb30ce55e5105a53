"""What a page showed of an order's money, as its forms carry it in `seen`: `entry-outstanding-slip.slip`."""

from __future__ import annotations

import re

from sanic import Request

from seller_console import access
from shop.ledger import Shown
from shop.views import OrderDetail

_SEEN = re.compile(r"([0-9]{1,10})-([0-9]{1,18})-((?:[0-9]{1,10}(?:\.[0-9]{1,10})*)?)", re.ASCII)
#: What no ledger looks like: a form that says something else than pages write has seen nothing that is so.
_NOTHING = Shown(-1, -1, frozenset())


def written(detail: OrderDetail) -> str:
    """The value of the field for a page that shows the order as it is in `detail`."""
    entry = detail.payments[-1].id if detail.payments else 0
    slips = ".".join(str(slip.id) for slip in detail.slips if not slip.verdict)
    return f"{entry}-{detail.balance.outstanding}-{slips}"


def given(request: Request) -> Shown | None:
    """What whoever sent the form had seen; None where it says nothing."""
    text = access.field(request, "seen")
    found = _SEEN.fullmatch(text)
    if found is None:
        return _NOTHING if text else None
    entry, outstanding, slips = found.groups()
    return Shown(int(entry), int(outstanding), frozenset(int(one) for one in slips.split(".") if one))
