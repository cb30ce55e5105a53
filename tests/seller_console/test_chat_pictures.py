"""Pictures that sellers send in a chat: on their way, refused, shown to whoever may chat, and to nobody else."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from gateway import leftovers
from gateway.conversations import Conversations
from shop import people, privacy
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Leftover, OutboxMessage
from shop.roles import Role
from shop.slips.picture import MOST_BYTES
from tests.factories import make_customer
from tests.seller_console.support import PASSWORD

HOSTILE = "<b>.svg"


def photo(colour="red", kind="JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, kind)
    return out.getvalue()


@pytest.fixture
def nok(database):
    return someone(database, "nok")


def someone(database, external_id, **ago):
    with database.transaction() as session:
        customer = make_customer(session, session.get_one(Channel, 1), external_id, external_id)
        customer.last_inbound_at = utc_now() - timedelta(**ago)
        return customer.id


def queued(database):
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def stored(store):
    """The keys of all chats' pictures that the media store has."""
    return sorted(path.split("/media/")[1] for path in store._files.find(store._root) if "/chats/" in path)


async def write(seller, customer_id, *files, text="", form="f1", **headers):
    return await seller.send_files(
        f"/chats/{customer_id}/write", {"text": text, "form": form}, *files, **headers
    )


async def test_pictures_and_words_are_sent_and_shown_in_the_conversation(database, store, ploy, nok):
    answer, _ = await write(
        ploy, nok, ("a.jpg", photo()), ("b.png", photo("blue", "PNG")), text="here <it> is"
    )
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{nok}?said=sent")
    first, second, words = queued(database)
    assert stored(store) == sorted([first.picture, second.picture]) and words.picture is None
    assert first.body == {"kind": "image", "url": f"http://localhost:8001/media/{first.picture}", "alt": ""}
    assert words.body["text"] == "here <it> is" and (first.cause, words.part) == (words.cause, 2)
    _, body = await ploy.get(f"/chats/{nok}")
    assert re.findall(r'<img src="(/chats/[^"]+)" width="80" height="60"', body) == [
        f"/chats/{nok}/pictures/{row.id}" for row in (first, second)
    ]
    answer, _ = await ploy.get(f"/chats/{nok}/pictures/{second.id}")
    assert answer.headers["Content-Type"] == "image/jpeg" and "no-store" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with Image.open(io.BytesIO(store.get(second.picture))) as seen:
        assert seen.getpixel((40, 30))[2] > 200
    with database.reading() as session:
        assert session.scalars(select(Leftover)).all() == []
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "chats.write"))
        assert entry.detail == {"pictures": 2}


async def test_a_picture_alone_is_enough(database, ploy, nok):
    answer, _ = await write(ploy, nok, ("a.jpg", photo()))
    assert answer.status == 303 and [row.body["kind"] for row in queued(database)] == ["image"]
    answer, body = await write(ploy, nok, form="f2")
    assert answer.status == 409 and "write something or choose a picture first" in body


async def test_two_clicks_at_once_send_once_and_the_second_ones_file_is_deleted(database, store, ploy, nok):
    answers = await asyncio.gather(*(write(ploy, nok, ("a.jpg", photo()), text="words") for _ in range(2)))
    assert [answer.status for answer, _ in answers] == [303, 303]
    picture, words = queued(database)
    assert len(stored(store)) == 2
    later_is_now(database)
    leftovers.delete_all(database, store, Conversations("sqlite://", "t" * 40))
    assert stored(store) == [picture.picture] and words.body["text"] == "words"


def later_is_now(database):
    """What is to be deleted soon is to be deleted now."""
    with database.transaction() as session:
        for one in session.scalars(select(Leftover)):
            one.since = utc_now()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            [("a.jpg", photo()), (HOSTILE, b"<svg onload='alert(1)'/>")],
            "&lt;b&gt;.svg</bdi>: This is no picture",
        ),
        ([("big.jpg", b"\xff\xd8" + bytes(MOST_BYTES))], "larger than 15 MB"),
        ([("a.jpg", photo())] * 11, "At most 10 pictures"),
    ],
    ids=["no picture", "too large", "too many"],
)
async def test_what_cannot_be_sent_is_named_nothing_goes_and_the_words_stay(
    database, store, ploy, nok, files, said
):
    answer, body = await write(ploy, nok, *files, text="my words")
    assert answer.status == 409 and said in body and "Nothing was sent." in body and HOSTILE not in body
    assert "my words</textarea>" in body and "Please choose the pictures again." in body
    assert queued(database) == [] and stored(store) == []
    _, part = await write(ploy, nok, *files, text="my words", **{"X-Fragment": "1"})
    assert said in part and "<textarea" not in part


async def test_where_nobody_may_write_the_picture_does_not_stay(database, store, ploy):
    silent, erased = someone(database, "silent", days=8), someone(database, "erased")
    with database.transaction() as session:
        privacy.erase(session, erased, now=utc_now())
    for customer_id in (silent, erased):
        answer, body = await write(ploy, customer_id, ("a.jpg", photo()), text="my words")
        assert answer.status == 409 and "Nothing was sent." in body
    answer, _ = await write(ploy, 987654, ("a.jpg", photo()))
    assert answer.status == 404 and queued(database) == [] and len(stored(store)) == 3
    later_is_now(database)
    with database.transaction() as session:
        privacy.keep(session, privacy.CONVERSATION, ["1:erased"])
    leftovers.delete_all(database, store, Conversations("sqlite://", "t" * 40))
    assert stored(store) == []


async def test_only_whoever_may_chat_sees_it_and_only_in_its_chat(database, store, ploy, visitor, nok):
    other = someone(database, "other")
    await write(ploy, nok, ("a.jpg", photo()), text="words")
    picture, words = queued(database)
    address = f"/chats/{nok}/pictures/{picture.id}"
    with database.transaction() as session:
        people.add_user(session, email="pim@example.com", name="Pim", password=PASSWORD, role=Role.PACKER)
    packer, stranger = visitor(), visitor()
    await packer.sign_in("pim@example.com")
    assert (await packer.get(address))[0].status == 403
    assert (await write(packer, nok, ("a.jpg", photo()), form="f2"))[0].status == 403
    assert (await stranger.get(address))[0].headers["Location"].startswith("/sign-in")
    for wrong in (f"/chats/{other}/pictures/{picture.id}", f"/chats/{nok}/pictures/{words.id}"):
        assert (await ploy.get(wrong))[0].status == 404
    assert len(queued(database)) == 2 and len(stored(store)) == 1
    store.delete(picture.picture)
    assert (await ploy.get(address))[0].status == 404


async def test_an_erased_customers_picture_is_shown_nowhere(database, store, ploy, nok):
    await write(ploy, nok, ("a.jpg", photo()))
    [picture] = queued(database)
    with database.transaction() as session:
        privacy.erase(session, nok, now=utc_now())
        privacy.keep(session, privacy.CONVERSATION, ["1:nok"])
    assert (await ploy.get(f"/chats/{nok}/pictures/{picture.id}"))[0].status == 404
    _, body = await ploy.get(f"/chats/{nok}")
    assert "/pictures/" not in body
    leftovers.delete_all(database, store, Conversations("sqlite://", "t" * 40))
    assert stored(store) == []


async def test_a_quick_answer_is_put_in_without_script_though_pictures_were_chosen(database, ploy, nok):
    """Then browsers send the pictures' names only, and the page says that they are to be chosen again."""
    _, body = await ploy.get(f"/chats/{nok}")
    assert 'enctype="multipart/form-data"' in body
    answer, body = await ploy.post(f"/chats/{nok}/write", text="words", form="f1", pictures="a.jpg")
    assert answer.status == 303 and [row.body["kind"] for row in queued(database)] == ["text"]
