"""Pictures that a seller sends in a chat: all or none, once, and gone with the customer, with age, or unsent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import chat_pictures, conversation, dossier, privacy, retention, seller_words
from shop.chat_pictures import Outgoing
from shop.conversation import SentPicture
from shop.db import Database
from shop.errors import BadFields, BadInput, NotFound, NotReachable
from shop.media import MediaStore
from shop.models import Customer, OutboxMessage
from shop.slips.picture import MOST_BYTES
from tests.factories import NOW, make_channel, make_customer, make_shop

DAY = timedelta(days=1)
SHOP = "https://shop.example"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """With the shop and two customers: Nok, whose id is 1, and Chai."""
    with database.transaction() as session:
        make_shop(session, keep_chats_days=90)
        channel = make_channel(session)
        make_customer(session, channel)
        make_customer(session, channel, "chai", "Chai")
        yield session


def file(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **how)
    return out.getvalue()


def outgoing(name: str) -> Outgoing:
    key = f"public/chats/{name}.jpg"
    return Outgoing(key, f"{SHOP}/media/{key}", 40, 30, b"jpeg")


def write(session: Session, *names: str, text: str = "", form: str = "f1", customer_id: int = 1) -> bool:
    pictures = [outgoing(name) for name in names]
    chat_pictures.announce(session, pictures, NOW)
    return seller_words.write_in_chat(
        session, customer_id, text, pictures=pictures, form=form, by="ploy", now=NOW
    )


def queued(session: Session) -> list[tuple[int, dict[str, Any], str | None]]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.part, row.body, row.picture) for row in rows]


def to_delete(session: Session, when: timedelta) -> list[str]:
    return sorted(one.key for one in privacy.leftovers(session, NOW + when))


def test_what_is_sent_is_a_plain_jpeg_under_an_address_that_nobody_guesses(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "hidden words"
    files = [
        ("a.jpg", file(exif=exif)),
        ("b.png", file("PNG", (4000, 3000))),
        ("c.webp", file("WEBP")),
    ]
    made = chat_pictures.made(files, SHOP + "/")
    store = MediaStore(str(tmp_path))
    chat_pictures.store(store, made)
    assert [(one.width, one.height) for one in made] == [(40, 30), (2400, 1800), (40, 30)]
    for one in made:
        assert (
            one.url == f"{SHOP}/media/{one.key}" and one.key.startswith("public/chats/") and len(one.key) > 40
        )
        stored = store.get(one.key)
        assert Image.open(io.BytesIO(stored)).format == "JPEG" and b"hidden words" not in stored
    assert len({one.key for one in made}) == 3


def test_one_that_cannot_be_sent_stops_all_and_is_named() -> None:
    bomb = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
    files = [
        ("good.jpg", file()),
        ("x.svg", b"<svg onload='alert(1)'/>"),
        ("bomb.png", bomb),
        ("big.jpg", b"\0" * (MOST_BYTES + 1)),
    ]
    with pytest.raises(BadFields) as refused:
        chat_pictures.made(files, SHOP)
    assert refused.value.reasons == {"x.svg": "picture", "bomb.png": "picture", "big.jpg": "large"}
    with pytest.raises(BadInput, match="many"):
        chat_pictures.made([("a.jpg", b"")] * 11, SHOP)


def test_pictures_go_first_and_the_words_after_them(session: Session) -> None:
    assert write(session, "a", "b", text=" here it is ")
    assert queued(session) == [
        (0, {"kind": "image", "url": f"{SHOP}/media/public/chats/a.jpg", "alt": ""}, "public/chats/a.jpg"),
        (1, {"kind": "image", "url": f"{SHOP}/media/public/chats/b.jpg", "alt": ""}, "public/chats/b.jpg"),
        (2, {"kind": "text", "text": "here it is"}, None),
    ]
    assert to_delete(session, DAY) == []
    first, second, words = conversation.page(session, 1).entries
    assert first.picture == SentPicture(customer_id=1, message_id=1, width=40, height=30)
    assert (second.seller, words.picture, words.text) == ("ploy", None, "here it is")


def test_pictures_take_no_words_but_something_has_to_be_said(session: Session) -> None:
    assert write(session, "a")
    with pytest.raises(BadInput, match="missing"):
        write(session, text=" ", form="f2")
    with pytest.raises(BadInput, match="long"):
        write(session, "b", text="x" * 1901, form="f3")
    assert [picture for _, _, picture in queued(session)] == ["public/chats/a.jpg"]


def test_the_same_form_sends_once_though_it_brings_more_and_the_losers_files_go(session: Session) -> None:
    assert write(session, "a")
    assert not write(session, "a2", "b2", text="words")
    assert write(session, "c", form="f2")
    assert [picture for _, _, picture in queued(session)] == ["public/chats/a.jpg", "public/chats/c.jpg"]
    assert to_delete(session, timedelta(minutes=1)) == []  # another request may be about to send it
    assert to_delete(session, timedelta(minutes=15)) == ["public/chats/a2.jpg", "public/chats/b2.jpg"]


def test_to_whom_nobody_may_write_no_picture_goes_either(session: Session) -> None:
    session.get_one(Customer, 1).last_inbound_at = NOW - 8 * DAY
    session.flush()
    with pytest.raises(NotReachable):
        write(session, "a")
    privacy.erase(session, 2, now=NOW)
    with pytest.raises(NotReachable):
        write(session, "b", customer_id=2)
    with pytest.raises(NotFound):
        write(session, "c", customer_id=404)
    assert queued(session) == []
    assert {"public/chats/a.jpg", "public/chats/b.jpg"} <= set(to_delete(session, DAY))


def test_a_picture_is_found_in_its_own_chat_only(session: Session) -> None:
    write(session, "a", text="words")
    assert chat_pictures.key(session, 1, 1) == "public/chats/a.jpg"
    for customer_id, message_id in ((2, 1), (1, 2), (1, 99)):
        with pytest.raises(NotFound):
            chat_pictures.key(session, customer_id, message_id)


def test_an_erased_customers_pictures_go_and_nobody_elses(session: Session) -> None:
    write(session, "a", "b", text="words")
    write(session, "c", customer_id=2)
    held = dossier.of_customer(session, session.get_one(Customer, 1))
    assert dict(dossier.pictures(held)) == {"sent/1": "public/chats/a.jpg", "sent/2": "public/chats/b.jpg"}
    privacy.erase(session, 1, now=NOW)
    assert to_delete(session, DAY) == ["1:nok", "public/chats/a.jpg", "public/chats/b.jpg"]
    assert [picture for _, _, picture in queued(session)] == ["public/chats/c.jpg"]


def test_pictures_go_with_what_was_sent_long_ago(session: Session) -> None:
    write(session, "a", text="words")
    write(session, "waits", form="f2")
    for row in session.scalars(select(OutboxMessage).where(OutboxMessage.cause == "chat:1:f1")):
        row.state = "sent"
    assert retention.forget_chats(session, NOW + 89 * DAY) == 0
    session.flush()
    retention.forget_chats(session, NOW + 91 * DAY)
    assert to_delete(session, 91 * DAY) == ["public/chats/a.jpg"]
    assert "public/chats/waits.jpg" in [picture for _, _, picture in queued(session)]
