"""The pictures of slips: for sellers only, and nothing but pictures."""

from __future__ import annotations

import io

from PIL import Image

from shop import views


async def test_a_signed_in_seller_sees_the_picture(console, ploy, order):
    async with ploy.client.get(console.url + "/slips/1") as answer:
        assert answer.status == 200 and answer.headers["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(await answer.read())).size == (300, 600)
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_nobody_else_does(console, stranger, order):
    for accept in ("text/html", "image/avif,*/*"):
        async with stranger.client.get(
            console.url + "/slips/1", headers={"Accept": accept}, allow_redirects=False
        ) as answer:
            assert answer.status in (303, 401) and answer.headers["Content-Type"] != "image/jpeg"


async def test_the_key_in_the_store_is_no_address(database, ploy, order):
    with database.reading() as session:
        key = views.slip(session, 1).picture
    for path in (f"/{key}", f"/slips/{key}", f"/slips/../{key}", f"/static/x/{key}"):
        assert (await ploy.get(path))[0].status == 404


async def test_a_picture_that_is_gone_is_not_found(database, ploy, order):
    with database.transaction() as session:
        views.slip(session, 1).picture = "private/slips/gone.jpg"
    assert (await ploy.get("/slips/1"))[0].status == 404
