"""The shop's pair of keys by which push services know it (VAPID, RFC 8292). Made once, by whoever first needs it."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import delete
from sqlalchemy.orm import Session

from shop.db import insert_new
from shop.models import PushDevice, PushKey
from shop.vault import Vault, WrongKey

_ID = 1


@dataclass(frozen=True)
class Key:
    """`private` in PEM; `public` as browsers take it, the point in base64url."""

    private: str
    public: str


def get(session: Session, vault: Vault) -> Key | None:
    """The pair; None when there is none yet, or it was made with another TALAD_SECRET_KEY."""
    kept = session.get(PushKey, _ID)
    try:
        return Key(vault.open(kept.private), kept.public) if kept else None
    except WrongKey:
        return None


def make(session: Session, vault: Vault) -> Key:
    """The pair, made anew where `get` finds none. Browsers that know another one are to be asked again."""
    known = get(session, vault)
    if known is not None:
        return known
    kept = session.get(PushKey, _ID, with_for_update=True, populate_existing=True)
    if kept is not None and get(session, vault) is None:
        session.execute(delete(PushDevice))
        session.delete(kept)
        session.flush()
    key = _new()
    row = {"id": _ID, "private": vault.lock(key.private), "public": key.public}
    insert_new(session, PushKey, row, unique=("id",))  # of two at the same time one is first
    made = get(session, vault)
    assert made is not None
    return made


def _new() -> Key:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Key(pem, base64.urlsafe_b64encode(point).rstrip(b"=").decode())
