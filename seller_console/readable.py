"""What a request brings, made readable before anything reads it, so that no page has to think of broken bytes."""

from __future__ import annotations

from sanic import Request
from sanic.exceptions import BadRequest

from seller_console.network import host
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
