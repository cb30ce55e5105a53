"""What a form has made and nobody can look up again, such as an invite's link: shown on the page it leads to.

The browser keeps it, encrypted, for a few minutes and for this session only. So it is still there when the page is
loaded again or read in the other language, and the server keeps no secret for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sanic import HTTPResponse, Request
from sanic.response import redirect

from seller_console import access
from shop import sign_ins
from shop.vault import Vault, WrongKey

_COOKIE = "talad_just_made"
_SECONDS = 5 * 60
#: What else is locked with the shop's key, such as the proof in `known`, is nothing that was made here.
_PURPOSE = "just made: "


def show_at(request: Request, path: str, what: str, made: Sequence[str]) -> HTTPResponse:
    """Lead to the page at `path`, which finds it by `found`."""
    response = redirect(path, status=303)
    kept = _PURPOSE + json.dumps([what, sign_ins.hashed(request.ctx.seller.secret), *made])
    access.set_cookie(request, response, _COOKIE, _vault(request).lock(kept), _SECONDS)
    return response


def found(request: Request, what: str) -> Sequence[str]:
    """What was just made; nothing after a while, and in another session."""
    locked = access.cookie(request, _COOKIE)
    try:
        text = _vault(request).open(locked) if locked else ""
    except WrongKey:
        return ()
    if not text.startswith(_PURPOSE):
        return ()
    kept: list[str] = json.loads(text.removeprefix(_PURPOSE))
    mine = [what, sign_ins.hashed(request.ctx.seller.secret)]
    return kept[2:] if kept[:2] == mine else ()


def _vault(request: Request) -> Vault:
    return Vault(request.app.ctx.settings.secret_key)
