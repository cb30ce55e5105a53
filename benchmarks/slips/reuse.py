"""Each picture is sent by a customer of its own for an order of its own: which of them are said to be used before?"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from shop.db import Database, migrate
from shop.models import Slip
from shop.slips import intake
from shop.slips.codes import among
from shop.slips.picture import Picture
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant


class Sent(Protocol):
    """A picture, and what the manifest knows of it."""

    @property
    def known(self) -> dict[str, Any]: ...

    @property
    def picture(self) -> Picture: ...


@dataclass(frozen=True)
class Judged:
    """Of the pictures whose code was read: how many show an earlier one's transfer, how many of these were found, and
    how many others were said to be used before.
    """

    readable: int
    found: int
    false_alarms: int


def judged(sent: Sequence[Sent]) -> Judged:
    """Send them one after the other."""
    seen: set[str] = set()
    readable = found = false_alarms = 0
    with tempfile.TemporaryDirectory(prefix="talad-reuse-") as path:
        url = f"sqlite:///{Path(path) / 'shop.db'}"
        migrate(url)
        database = Database(url)
        with database.transaction() as session:
            make_shop(session)
            channel, variant = make_channel(session), make_variant(session, stock=10**6)
            for number, one in enumerate(sent):
                payload = one.known["payload"]
                is_readable = among(one.picture.codes).slip is not None
                customer = make_customer(session, channel, f"customer-{number}")
                order = make_order(session, customer, variant, cause=f"order-{number}")
                slip = intake.keep(
                    session, customer.id, one.picture, "key", cause=f"slip-{number}", part=0, now=NOW
                )
                taken = intake.take_for(session, customer.id, order.number, [slip.id], now=NOW)
                is_repeat = is_readable and payload in seen
                readable += is_repeat
                found += is_repeat and taken.is_reused
                false_alarms += taken.is_reused and not is_repeat
                if is_readable:
                    seen.add(payload)
        database.close()
    return Judged(readable, found, false_alarms)


def is_taken(picture: Picture) -> bool:
    """Whether the chat takes the picture for a slip without asking."""
    return intake.is_slip(Slip(seen=among(picture.codes).seen, is_paper=picture.is_paper, vouched=False))
