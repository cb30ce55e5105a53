"""The accounts on chat platforms that the shop is connected to: for Messenger, its Pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from shop.db import utc_now
from shop.errors import BadInput, NotFound
from shop.models import Channel, Order
from shop.vault import Vault, WrongKey

#: The longest of each, in characters. Meta's tokens have about 200.
_LONGEST = {"name": 60, "token": 1000, "app_secret": 100, "verify_token": 100, "app_id": 32}
SECRETS = ("token", "app_secret")


@dataclass(frozen=True)
class Connection:
    """A Page as somebody connects it. `token`, `app_secret` and `verify_token` are encrypted (shop.vault)."""

    account_id: str
    name: str
    app_id: str
    token: str
    app_secret: str
    verify_token: str


def connect(
    session: Session,
    vault: Vault,
    *,
    account_id: str,
    name: str,
    token: str,
    app_secret: str,
    verify_token: str,
    app_id: str = "",
) -> Channel:
    """Connect a Page, or give a connected one new secrets. What was wrong with it before is forgotten."""
    locked = (vault.lock(secret) for secret in (token, app_secret, verify_token))
    return keep(session, vault, Connection(account_id, name, app_id, *locked), now=utc_now())


def keep(session: Session, vault: Vault, new: Connection, *, now: datetime) -> Channel:
    """As `connect`, with secrets that are encrypted already."""
    channel = by_account(session, new.account_id)
    if channel is None:
        channel = Channel(platform="messenger", account_id=new.account_id)
        session.add(channel)
    channel.name, channel.app_id = new.name, new.app_id or channel.app_id or ""
    if not _same(vault, channel.token, new.token):
        channel.token, channel.token_at = new.token, now
    if not _same(vault, channel.app_secret, new.app_secret):
        channel.app_secret, channel.app_secret_at = new.app_secret, now
    channel.verify_token = new.verify_token
    go_on(channel)
    session.flush()
    return channel


def _same(vault: Vault, before: str | None, now: str) -> bool:
    try:
        return before is not None and vault.open(before) == vault.open(now)
    except WrongKey:
        return False


def typed(vault: Vault, fields: Mapping[str, str], known: Channel | None = None) -> Connection:
    """What was typed into a form, its secrets encrypted; of a `known` Page an empty secret is the one it has.

    Raises BadInput(field, "missing" | "long" | "number" | "spaces").
    """
    account_id = known.account_id if known else fields.get("account_id", "").strip()
    if not account_id:
        raise BadInput("account_id", "missing")
    if not (account_id.isascii() and account_id.isdecimal()) or len(account_id) > 32:
        raise BadInput("account_id", "number")
    name = " ".join(_typed(fields, "name").split())
    app_id = _typed(fields, "app_id", is_needed=False)
    if app_id and not (app_id.isascii() and app_id.isdecimal()):
        raise BadInput("app_id", "number")
    secrets = {}
    for secret in SECRETS:
        word = _typed(fields, secret, is_needed=known is None)
        if len(word.split()) > 1 or not word.isascii() or not word.isprintable():
            raise BadInput(secret, "spaces")
        secrets[secret] = vault.lock(word) if word or known is None else getattr(known, secret)
    verify_token = vault.lock(_typed(fields, "verify_token"))
    return Connection(account_id, name, app_id, secrets["token"], secrets["app_secret"], verify_token)


def _typed(fields: Mapping[str, str], name: str, *, is_needed: bool = True) -> str:
    word = fields.get(name, "").strip()
    if is_needed and not word:
        raise BadInput(name, "missing")
    if len(word) > _LONGEST[name]:
        raise BadInput(name, "long")
    return word


def go_on(channel: Channel) -> None:
    """Use the channel (again): what was wrong is taken to be mended, and shows itself again if it is not."""
    channel.active, channel.problem, channel.paused_until = True, None, None


def switch_off(channel: Channel) -> None:
    """Send and answer nothing there any more. Its orders, customers and secrets stay for when it comes back."""
    channel.active = False


def heard_from(session: Session, channel_id: int, now: datetime) -> None:
    """An event came from the channel."""
    session.execute(update(Channel).where(Channel.id == channel_id).values(seen_at=now))


def get(session: Session, channel_id: int) -> Channel:
    """The channel. Raises NotFound."""
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFound(f"channel {channel_id}")
    return channel


def by_account(session: Session, account_id: str) -> Channel | None:
    """The channel of a Page id, or None when that Page is not connected."""
    here = (Channel.platform == "messenger") & (Channel.account_id == account_id)
    return session.scalar(select(Channel).where(here))


def connected(session: Session) -> Sequence[Channel]:
    """Every active channel."""
    return session.scalars(select(Channel).where(Channel.active).order_by(Channel.id)).all()


def every(session: Session) -> Sequence[Channel]:
    """All channels, those that are connected first."""
    return session.scalars(select(Channel).order_by(Channel.active.desc(), Channel.id)).all()


def with_orders(session: Session) -> Sequence[Channel]:
    """The channels whose orders somebody may want to see: those that are connected, and others that have some."""
    has_some = exists().where(Order.channel_id == Channel.id)
    return session.scalars(select(Channel).where(or_(Channel.active, has_some)).order_by(Channel.id)).all()
