"""Pictures of products: sent, put in order, described, taken away, and shown within the console.

The customers' address of a picture is another host than the console's, whose pages take pictures from nowhere else: so
the console serves them itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import raw, redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.body_limits import MOST
from seller_console.changes import change
from seller_console.rendering import is_fragment, page, picture_version
from shop import catalogue, product_pictures
from shop.db import utc_now
from shop.errors import BadFields, BadInput, BadPicture, ShopError
from shop.models import Product, ProductPicture
from shop.roles import May

pages = Blueprint("pictures")
_SANDBOX = {"content-security-policy": "default-src 'none'; sandbox"}
_FOR_EVER = "private, max-age=31536000, immutable"


@pages.get("/pictures/<picture_id:row>", ctx_signed_in=True)
async def picture(request: Request, picture_id: int) -> HTTPResponse:
    """The picture in the size for a phone's whole width."""
    return await _file(request, picture_id, lambda one: one.key)


@pages.get("/pictures/<picture_id:row>/small", ctx_signed_in=True)
async def small(request: Request, picture_id: int) -> HTTPResponse:
    """The picture in the size for lists."""
    return await _file(request, picture_id, lambda one: one.small_key)


@pages.post("/products/<product_id:row>/pictures", ctx_may=May.KEEP_PRODUCTS, ctx_most_bytes=MOST)
async def add(request: Request, product_id: int) -> HTTPResponse:
    """Take the pictures that were sent; our script is told by the pictures' part of the page."""
    refused = await keep_all(request, product_id)
    return await _answer(request, product_id, refused)


@pages.post("/products/<product_id:row>/pictures/<picture_id:row>", ctx_may=May.KEEP_PRODUCTS)
async def change_one(request: Request, product_id: int, picture_id: int) -> HTTPResponse:
    """Describe a picture (`alt_th`, `alt_en`), move it to a place (`place`), or take it away (`remove`)."""
    typed = forms.fields(request)

    def write(session: Session) -> None:
        product = catalogue.any_product(session, product_id)
        if "remove" in typed:
            product_pictures.remove(session, product, picture_id, now=utc_now())
            return
        if "alt_th" in typed:
            product_pictures.describe(session, product, picture_id, typed)
        if typed.get("place", "").isdecimal():
            product_pictures.move(session, product, picture_id, int(typed["place"][:4]))

    refused = {}
    try:
        await change(request, str(product_id), write)
    except BadFields as error:
        refused = {"": next(iter(error.reasons.values()))}
    return await _answer(request, product_id, refused)


async def keep_all(request: Request, product_id: int) -> Mapping[str, str]:
    """Keep every picture that was sent for the product; why not, by the name of the file, of those that cannot be."""
    product: Product = await request.app.ctx.database.read(catalogue.any_product, product_id)
    files = forms.files(request, "pictures")
    room = max(0, product_pictures.MOST - len(product.pictures))
    refused: dict[str, str] = {file.name: "many" for file in files[room:]}  # none of these is worth decoding
    for file in files[:room]:
        try:
            await _keep(request, product_id, file.body)
        except BadPicture as error:
            refused[file.name] = "large" if str(error) == "too large" else "picture"
        except BadInput as error:
            refused[file.name] = error.reason
    return refused


async def _keep(request: Request, product_id: int, data: bytes) -> None:
    media = request.app.ctx.media
    kept = await asyncio.to_thread(product_pictures.keep, media, data)
    keys = kept.key, kept.small_key
    try:
        await change(request, str(product_id), _add, product_id, kept)
    except ShopError:  # another request was first: then nobody would know of these files
        for key in keys:
            await asyncio.to_thread(media.delete, key)
        raise


def _add(session: Session, product_id: int, kept: ProductPicture) -> None:
    product_pictures.add(session, catalogue.any_product(session, product_id), kept)


async def _answer(request: Request, product_id: int, refused: Mapping[str, str]) -> HTTPResponse:
    status = 409 if refused else 200
    if is_fragment(request):
        product: Product = await request.app.ctx.database.read(catalogue.any_product, product_id)
        return page(request, "_product_pictures.html", status=status, product=product, refused=refused)
    if refused:
        why = next(iter(refused.values()))
        return redirect(f"/products/{product_id}?said=pictures&why={why}#pictures", status=303)
    return redirect(f"/products/{product_id}#pictures", status=303)


async def _file(request: Request, picture_id: int, key: Callable[[ProductPicture], str]) -> HTTPResponse:
    found: ProductPicture = await request.app.ctx.database.read(product_pictures.existing, picture_id)
    try:
        jpeg = await asyncio.to_thread(request.app.ctx.media.get, key(found))
    except FileNotFoundError as error:
        raise NotFound(f"the files of picture {picture_id} are gone") from error
    # An id may be given again, its version never is.
    cached = _FOR_EVER if request.args.get("v") == picture_version(found) else "no-store"
    return raw(jpeg, content_type="image/jpeg", headers=_SANDBOX | {"cache-control": cached})
