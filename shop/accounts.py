"""The accounts on chat platforms that the shop is connected to: for Messenger, its Pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Channel
from shop.vault import Vault


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
    channel = by_account(session, account_id)
    if channel is None:
        channel = Channel(platform="messenger", account_id=account_id)
        session.add(channel)
    channel.name = name
    channel.token = vault.lock(token)
    channel.app_secret = vault.lock(app_secret)
    channel.verify_token = vault.lock(verify_token)
    channel.app_id = app_id or channel.app_id or ""
    channel.active, channel.problem, channel.paused_until = True, None, None
    session.flush()
    return channel


def by_account(session: Session, account_id: str) -> Channel | None:
    """The channel of a Page id, or None when that Page is not connected."""
    here = (Channel.platform == "messenger") & (Channel.account_id == account_id)
    return session.scalar(select(Channel).where(here))


def connected(session: Session) -> Sequence[Channel]:
    """Every active channel."""
    return session.scalars(select(Channel).where(Channel.active).order_by(Channel.id)).all()
