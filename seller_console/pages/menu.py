"""All of the menu on a page of its own, for phones, where only some of it has a place at the bottom."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from seller_console.rendering import page

pages = Blueprint("menu")


@pages.get("/menu", ctx_signed_in=True)
async def menu(request: Request) -> HTTPResponse:
    """Where somebody of this role may go."""
    return page(request, "menu.html")
