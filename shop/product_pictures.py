"""Pictures of products, made web-sized once when they come in, so that no phone loads a camera's original."""

from __future__ import annotations

import io

from PIL import Image

from shop import media
from shop.media import MediaStore
from shop.models import ProductPicture
from shop.slips.picture import cleaned

#: Longest sides in pixels: of the picture itself (sharp on a phone's whole width), and of the one in lists.
_LARGE, _SMALL = 1200, 480


def keep(store: MediaStore, data: bytes, position: int = 0) -> ProductPicture:
    """Store the picture in `data` (JPEG, PNG or WebP) in both sizes. The row is not added to any product yet.

    Raises BadPicture. The keys are new each time: what is served under one never changes and may be cached for ever.
    """
    picture = Image.open(io.BytesIO(cleaned(data).jpeg))
    keys = []
    for side in (_LARGE, _SMALL):
        smaller = picture.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "JPEG", quality=82, optimize=True, progressive=True)
        keys.append(media.new_key(media.PUBLIC, "products", "jpg"))
        store.put(keys[-1], out.getvalue())
    return ProductPicture(key=keys[0], small_key=keys[1], position=position)
