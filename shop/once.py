"""Forms of pages that do once what is sent twice: each is drawn with a name of its own, kept with what it did."""

from __future__ import annotations

_LONGEST = 80


def named(form: str) -> str:
    """The form's name as it is kept: whoever sends one of their own choosing fills no table with it."""
    return form[:_LONGEST]
