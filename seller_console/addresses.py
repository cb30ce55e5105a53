"""Ids in addresses, as routes (`/slips/<slip_id:row>`) and query strings hold them."""

from __future__ import annotations

from shop.errors import NotFound

#: Beyond it PostgreSQL's integer, and with it every id of a table, ends.
_LARGEST = 2**31 - 1


def row_id(text: str) -> int:
    """The id. Raises ValueError for what no row can have, so that such an address is simply not found."""
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:20]) <= _LARGEST:
        raise ValueError("no id")
    return int(text)


def id_or_new(text: str) -> int | None:
    """The row's id; None for `new`. Raises NotFound for anything else, which is no address of ours."""
    if text == "new":
        return None
    try:
        return row_id(text)
    except ValueError as error:
        raise NotFound(text) from error
