"""What a request brings, made readable before anything reads it, so that no page has to think of broken bytes."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic import Request
from sanic.exceptions import BadRequest

from shop.fields import storable


def make_readable(request: Request) -> None:
    """Take what no database keeps out of the address and the form. Raises BadRequest for a host that is none."""
    given = request.headers.get("host", "")
    if given and host(request) is None:
        raise BadRequest("no host")
    for values in (*request.args.values(), *(request.form or {}).values()):
        values[:] = map(storable, values)
    for files in (request.files or {}).values():
        files[:] = [file._replace(name=storable(file.name)) for file in files]


def host(request: Request) -> str | None:
    """The name by which the console was reached, without the port; None where the header is missing or broken."""
    given = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{given}").hostname
    except ValueError:
        return None
    return name if given.isascii() and given.isprintable() and " " not in given else None
