"""A shop in which every address of `who_may.py` leads to something: a row with the id 1 for each of them, and more."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import (
    categories,
    customers,
    errands,
    fulfilment,
    handoff,
    order_notes,
    payments,
    product_import,
    product_pictures,
    quick_answers,
    replies,
    second_factor,
    sign_ins,
    utterances,
)
from shop.db import utc_now
from shop.errands import Kind
from shop.media import MediaStore
from shop.models import (
    Channel,
    Customer,
    DeletionRequest,
    InboxEvent,
    Invite,
    Order,
    OutboxMessage,
    Product,
    User,
)
from shop.vault import Vault
from tests.factories import NOW, make_slip, make_variant
from tests.seller_console import teaching
from tests.seller_console.bot_models import make_compared, make_model, publish
from tests.seller_console.support import EMAIL, OTHER_EMAIL, place
from tests.seller_console.who_may import INVITE, PAID

_TABLE = "sku,name,price,stock\nSKU-e1,,199,\nNEW,แก้วเซรามิกลายช้าง,160,12\nBAD,แก้ว,แพงมาก,1\n"


def fill(session: Session, store: MediaStore, vault: Vault, order: Order) -> None:
    """Beside Nok's order, whose payment is pending: one was paid, one shipped; something waits on every page.

    Ploy has begun to set up her second step, Chai has one.
    """
    goods(session, store)
    orders(session, order)
    chats(session, order)
    bot(session, store, session.get_one(Customer, order.customer_id))
    people(session, vault)
    problems(session, order)


def goods(session: Session, store: MediaStore) -> None:
    """A picture and a category, something that was never ordered, and a table that is to be looked at."""
    png = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(png, "PNG")
    product = session.get_one(Product, 1)
    product_pictures.add(session, product, product_pictures.keep(store, png.getvalue()))
    product.category_id = categories.named(session, "เสื้อ", "Shirts").id
    never_ordered = make_variant(session, "CUP", 16000, 0, name_th="แก้วเซรามิก", name_en="Cup")
    assert never_ordered.product_id == 2
    table = product_import.read("สินค้า.csv", _TABLE.encode())
    product_import.keep(session, table, by=EMAIL, now=utc_now())


def orders(session: Session, order: Order) -> None:
    """One is paid and to be packed, one was shipped, and of the first something is noted."""
    order_notes.add(session, order, "ลูกค้าขอห่อของขวัญ", form="n1", by=EMAIL, now=NOW)
    paid, shipped = (
        place(session, session.get_one(Channel, 2), customer=customer, cause=customer)
        for customer in ("lek", "noi")
    )
    for one in (paid, shipped):
        payments.confirm(session, one.id, by=EMAIL, now=utc_now())
    paid.number = PAID
    fulfilment.ship(session, shipped.id, carrier="flash", tracking="TH0112345678", by=EMAIL, now=utc_now())


def chats(session: Session, order: Order) -> None:
    """Nok wants a person; a slip came that belongs to no order; an answer is ready."""
    handoff.ask_for_person(session, order.customer_id, utc_now())
    customers.was_in_chat(session, order.customer_id, utc_now())
    make_slip(session, session.get_one(Customer, order.customer_id), "loose")
    quick_answers.save(session, None, {"shortcut": "hello", "text_th": "สวัสดีค่ะ", "text_en": "Hello"})


def bot(session: Session, store: MediaStore, customer: Customer) -> None:
    """Some messages are to be taught; what was taught contradicts a file; its model understands something worse."""
    _, _, taught, contrary = teaching.some(session, customer)
    for id_, text, intent in (
        (taught, "lot noi dai pao ka mae", "ask_price"),
        (contrary, "CF", "complaint"),
    ):
        utterances.teach(session, id_, text=text, intent=intent, entities=[], by=EMAIL, now=utc_now())
    before = publish(make_model(session, id=2))
    model = make_compared(session, before, 130, "ask_price", id=1, picture="private/models/1.png")
    png = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(png, "PNG")
    store.put(str(model.picture), png.getvalue())


def people(session: Session, vault: Vault) -> None:
    """Somebody is invited."""
    ploy, chai = (
        session.scalars(select(User).where(User.email == email)).one() for email in (EMAIL, OTHER_EMAIL)
    )
    for user in (ploy, chai):
        second_factor.offer(session, vault, user)
    chai.totp_since = utc_now()
    invite = Invite(token=sign_ins.hashed(INVITE), email="dao@example.com", role="packer", by=EMAIL)
    invite.created_at, invite.expires_at = utc_now(), utc_now() + timedelta(days=1)
    session.add(invite)


def problems(session: Session, order: Order) -> None:
    """An event was set aside, a message was not sent, somebody wants to be forgotten, a Page is being connected."""
    dead = {"account_id": "100", "kind": "message", "state": "dead", "raw": {}, "at": NOW}
    session.add(InboxEvent(**dead, key="k", created_at=NOW, conversation="1:nok"))
    message = {"channel_id": 1, "customer_id": order.customer_id, "conversation": "1:nok", "part": 0}
    body = replies.to_json(replies.Text("สวัสดีค่ะ"))
    session.add(OutboxMessage(**message, cause="m1", state="failed", body=body, created_at=NOW, attempts=3))
    wish = {"code": "c", "user_id": "9", "accounts": ["100"], "state": "unknown"}
    session.add(DeletionRequest(**wish, received_at=NOW))
    page = {"name": "Cotton House", "account_id": "300", "app_id": "9", "verify_token": "v"}
    errands.ask(session, Kind.CONNECT, detail=page, by=EMAIL, now=utc_now())
    session.flush()
