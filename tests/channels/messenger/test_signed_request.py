"""Meta's signed_request: only what an app secret has signed counts, whatever else is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from channels.messenger.signed_request import NotAPerson, WrongSignature, read

SECRETS = {"100": "secret of the app", "200": "secret of the app", "300": "another app's"}
PERSON = {"algorithm": "HMAC-SHA256", "issued_at": 1766000000, "user_id": "218471"}


def encoded(data: bytes, *, padded: bool = False) -> str:
    text = base64.urlsafe_b64encode(data).decode()
    return text if padded else text.rstrip("=")


def signed(payload: Any, secret: str = SECRETS["100"], *, padded: bool = False) -> str:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    body = encoded(raw, padded=padded)
    return (
        f"{encoded(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest(), padded=padded)}.{body}"
    )


def test_the_signature_is_over_the_encoded_payload() -> None:
    """Made with: printf %s "$payload" | openssl dgst -sha256 -hmac "s" -binary | basenc --base64url"""
    payload = "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsInVzZXJfaWQiOiIxIn0"
    assert read(f"EcYZBNoEdHb0F_A3MTS5NtXK4Blhjl2mHrB48v33vtw.{payload}", {"100": "s"}).user_id == "1"


@pytest.mark.parametrize("padded", [False, True])
def test_who_is_meant_and_which_pages_app_signed(padded: bool) -> None:
    found = read(signed(PERSON, padded=padded), SECRETS)
    assert (found.user_id, found.accounts, found.has_time) == ("218471", ("100", "200"), True)
    assert read(signed(PERSON, SECRETS["300"]), SECRETS).accounts == ("300",)
    assert read(signed({**PERSON, "user_id": 218471}), SECRETS).user_id == "218471"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "x",
        "a.b.c",
        signed(PERSON, "a wrong secret"),
        signed(PERSON, ""),
        signed(PERSON)[:-2],
        signed(PERSON).upper(),
        "." + signed(PERSON).partition(".")[2],
        signed(PERSON).partition(".")[0] + ".",
        signed({**PERSON, "algorithm": "HMAC-MD5"}),
        signed({"user_id": "1"}),
        "ก.ข",
        "\ud83d." + "x" * 1000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(WrongSignature):
        read(text, {**SECRETS, "400": ""})


@pytest.mark.parametrize(
    "payload", [b"no json", b"[]", b"[" * 100_000, {**PERSON, "user_id": None}, {**PERSON, "user_id": {}}]
)
def test_signed_but_naming_nobody(payload: Any) -> None:
    with pytest.raises((NotAPerson, WrongSignature)):
        read(signed(payload), SECRETS)
