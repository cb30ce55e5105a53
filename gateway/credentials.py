"""A stored channel's secrets, opened for use."""

from __future__ import annotations

from channels.base import Credentials
from shop.models import Channel
from shop.vault import Vault


def credentials_of(channel: Channel, vault: Vault, api_url: str) -> Credentials:
    """What it takes to speak for the channel. Raises shop.vault.WrongKey."""
    return Credentials(
        account_id=channel.account_id,
        token=vault.open(channel.token),
        app_secret=vault.open(channel.app_secret) or None,
        api_url=api_url,
    )
