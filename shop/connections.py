"""Taking a Page out of use and into use again, with what follows at the platform and for those who wait.

Meanwhile nothing is lost, and nothing waits unseen: messages that were queued stay and go out when the Page is used
again (`waiting`), and news of orders stand on the order as not told (shop.notices) and are told then (shop.telling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, literal_column, select
from sqlalchemy.orm import Session

from shop import accounts, errands
from shop.accounts import Connection
from shop.errands import Kind
from shop.models import Channel, Errand, OutboxMessage
from shop.vault import Vault

# Written out as in the partial index: for a parameter no database would use it.
_is_open = OutboxMessage.state == literal_column("'open'")


@dataclass(frozen=True)
class Waiting:
    """A Page that is not used any more, and how many messages wait for it."""

    channel: Channel
    messages: int


def disconnect(session: Session, channel_id: int, *, by: str, now: datetime) -> Errand:
    """Send and answer nothing on the Page any more; the errand takes away what customers see of the shop there.

    On a Page that is disconnected already, that is tried again. Raises NotFound.
    """
    accounts.switch_off(accounts.get(session, channel_id))
    return errands.ask(session, Kind.TAKE_DOWN, channel_id=channel_id, by=by, now=now)


def use_again(session: Session, channel_id: int, *, by: str, now: datetime) -> Errand | None:
    """Use the Page again; the errand puts back what customers see there, None when it was only out of order.

    Raises NotFound.
    """
    channel = accounts.get(session, channel_id)
    was_away = not channel.active
    accounts.go_on(channel)
    return errands.ask(session, Kind.SET_UP, channel_id=channel.id, by=by, now=now) if was_away else None


def keep(session: Session, vault: Vault, new: Connection, *, by: str, now: datetime) -> Channel:
    """As `accounts.keep`; a Page that was disconnected is used again."""
    known = accounts.by_account(session, new.account_id)
    was_away = known is not None and not known.active
    channel = accounts.keep(session, vault, new, now=now)
    if was_away:
        errands.ask(session, Kind.SET_UP, channel_id=channel.id, by=by, now=now)
    return channel


def waiting(session: Session) -> Sequence[Waiting]:
    """The disconnected Pages for which messages wait."""
    found = (
        select(Channel, func.count(OutboxMessage.id))
        .join(OutboxMessage, OutboxMessage.channel_id == Channel.id)
        .where(~Channel.active, _is_open)
        .group_by(Channel.id)
        .order_by(Channel.id)
    )
    return [Waiting(channel, messages) for channel, messages in session.execute(found)]


def count_waiting(session: Session) -> int:
    """How many disconnected Pages there are for which messages wait."""
    has_some = exists().where(OutboxMessage.channel_id == Channel.id, _is_open)
    return session.scalar(select(func.count()).select_from(Channel).where(~Channel.active, has_some)) or 0
