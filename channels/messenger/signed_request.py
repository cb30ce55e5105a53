"""Meta's `signed_request`: what its data-deletion callback (and web views) carry, signed otherwise than webhooks.

Meta, "Data Deletion Request Callback": `<base64url signature>.<base64url payload>`, the signature being HMAC-SHA256 of
the still encoded payload under the app secret; the payload is JSON with `algorithm`, `issued_at`, `user_id`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from channels.messenger.clean import as_id, as_object


class WrongSignature(Exception):
    """Nobody who knows one of the app secrets has signed this."""


class NotAPerson(Exception):
    """Signed by Meta, but it names nobody."""


@dataclass(frozen=True)
class SignedRequest:
    """Who it is about: Meta's id of them for our app. `accounts` are the Pages of the app that signed.

    `payload` is as it was signed; `has_time` says that it names the moment of the request.
    """

    user_id: str
    accounts: tuple[str, ...]
    payload: str
    has_time: bool


def read(text: str, secrets: Mapping[str, str]) -> SignedRequest:
    """What the request says; `secrets` are app secrets by Page. Raises WrongSignature, NotAPerson.

    Every wrong signature takes the same time. An empty secret never counts: anybody could sign with it.
    """
    given, _, payload = text.partition(".")
    signature = _decoded(given)
    accounts = tuple(
        account
        for account, secret in secrets.items()
        if hmac.compare_digest(_signature(payload, secret), signature) and secret
    )
    if not accounts:
        raise WrongSignature
    try:
        said = as_object(json.loads(_decoded(payload)))
    except (ValueError, RecursionError) as error:
        raise NotAPerson("the payload is no JSON") from error
    if str(said.get("algorithm", "")).upper() != "HMAC-SHA256":
        raise WrongSignature
    user_id = as_id(said.get("user_id"))
    if not user_id:
        raise NotAPerson("the payload names no user_id")
    return SignedRequest(user_id, accounts, payload, as_id(said.get("issued_at")) is not None)


def _signature(payload: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), payload.encode("utf-8", "replace"), hashlib.sha256).digest()


def _decoded(text: str) -> bytes:
    """Base64url, with or without its padding; empty when it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
