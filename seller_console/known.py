"""Browsers in which somebody was signed in before keep a proof of it, so that others who guess do not keep them out."""

from __future__ import annotations

import hashlib

from sanic import HTTPResponse, Request

from seller_console import access
from shop import people
from shop.vault import Vault, WrongKey

_LASTS_SECONDS = 365 * 24 * 60 * 60


def remember(request: Request, response: HTTPResponse, email: str) -> None:
    """Let the browser keep that the account was signed in there. It opens nothing by itself."""
    proof = _vault(request).lock(_claim(email))
    access.set_cookie(request, response, _cookie(email), proof, _LASTS_SECONDS)


def is_known(request: Request, email: str) -> bool:
    """Whether the browser has such a proof for the account."""
    proof = access.cookie(request, _cookie(email))
    try:
        return proof is not None and _vault(request).open(proof) == _claim(email)
    except WrongKey:
        return False


def _cookie(email: str) -> str:
    """One for each account: colleagues share browsers."""
    return f"talad_known_{hashlib.sha256(people.plain(email).encode()).hexdigest()[:12]}"


def _claim(email: str) -> str:
    return f"was signed in: {people.plain(email)}"


def _vault(request: Request) -> Vault:
    return Vault(request.app.ctx.settings.secret_key)
