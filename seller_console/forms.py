"""What forms send: their fields and files."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sanic import Request
from sanic.request import File


def fields(request: Request) -> dict[str, str]:
    """The first value of each field that was sent."""
    return {name: str(values[0]) for name, values in (request.form or {}).items()}


def files(request: Request, name: str) -> Sequence[File]:
    """The files that were chosen in the field; a field left empty sends one without a name."""
    sent = request.files.getlist(name) if request.files else None
    return [file for file in sent or () if file.body or file.name]


def still_ticked(request: Request, name: str) -> bool:
    """Whether a box that is ticked unless somebody unticks it was (_put_back.html). A form without it says nothing."""
    given = request.form.getlist(name) if request.form else None
    return not given or "yes" in given


def once() -> str:
    """A word of its own for each form that is drawn, so that what is sent twice is done once."""
    return secrets.token_urlsafe(12)
