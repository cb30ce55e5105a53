"""Pictures of products, made web-sized once when they come in, so that no phone loads a camera's original."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime

from PIL import Image
from sqlalchemy import update
from sqlalchemy.orm import Session

from shop import audit, media, privacy
from shop.errors import BadInput, NotFound
from shop.fields import Fields
from shop.media import MediaStore
from shop.models import Product, ProductPicture, Variant
from shop.slips.picture import cleaned_apart

#: Longest sides in pixels: of the picture itself (sharp on a phone's whole width), and of the one in lists.
_LARGE, _SMALL = 1200, 480
MOST = 12
_MOST_ALT = 200


def keep(store: MediaStore, data: bytes, position: int = 0) -> ProductPicture:
    """Store the picture in `data` (JPEG, PNG or WebP) in both sizes. The row is not added to any product yet.

    Raises BadPicture. The keys are new each time: what is served under one never changes and may be cached for ever.
    Decodes in a child process, and blocks.
    """
    picture = Image.open(io.BytesIO(cleaned_apart(data, is_read=False).jpeg))
    keys = []
    for side in (_LARGE, _SMALL):
        smaller = picture.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "JPEG", quality=82, optimize=True, progressive=True)
        keys.append(media.new_key(media.PUBLIC, "products", "jpg"))
        store.put(keys[-1], out.getvalue())
    return ProductPicture(key=keys[0], small_key=keys[1], position=position)


def existing(session: Session, picture_id: int) -> ProductPicture:
    """A picture of any product. Raises NotFound."""
    picture = session.get(ProductPicture, picture_id)
    if picture is None:
        raise NotFound(f"picture {picture_id}")
    return picture


def add(session: Session, product: Product, picture: ProductPicture) -> None:
    """Put a picture from `keep` behind the product's others. Raises BadInput("pictures", "many") beyond `MOST`."""
    if len(product.pictures) >= MOST:
        raise BadInput("pictures", "many")
    picture.position = max((one.position for one in product.pictures), default=-1) + 1
    product.pictures.append(picture)
    session.flush()
    audit.note(session, **{f"picture {picture.id}": "added"})


def move(session: Session, product: Product, picture_id: int, place: int) -> None:
    """Have the picture stand at `place`, counted from 0, which is the cover. Raises NotFound."""
    picture = _of(product, picture_id)
    others = [one for one in product.pictures if one is not picture]
    others.insert(max(0, min(place, len(others))), picture)
    for position, one in enumerate(others):
        one.position = position
    session.flush()
    session.expire(product, ["pictures"])


def describe(session: Session, product: Product, picture_id: int, typed: Mapping[str, str]) -> None:
    """Say what the picture shows: `alt_th`, `alt_en`, both may be empty. Raises NotFound, BadFields."""
    picture = _of(product, picture_id)
    fields = Fields(typed)
    picture.alt_th, picture.alt_en = fields.text("alt_th", _MOST_ALT), fields.text("alt_en", _MOST_ALT)
    fields.check()
    session.flush()


def remove(session: Session, product: Product, picture_id: int, *, now: datetime) -> None:
    """Take the picture away; its files are deleted later. Taken away before, nothing changes."""
    picture = next((one for one in product.pictures if one.id == picture_id), None)
    if picture is None:
        return
    session.execute(update(Variant).where(Variant.picture_id == picture_id).values(picture_id=None))
    privacy.leave(session, privacy.PICTURE, {picture.key, picture.small_key}, now)
    product.pictures.remove(picture)
    session.flush()
    audit.note(session, **{f"picture {picture_id}": "removed"})


def _of(product: Product, picture_id: int) -> ProductPicture:
    for picture in product.pictures:
        if picture.id == picture_id:
            return picture
    raise NotFound(f"picture {picture_id} of product {product.id}")
