"""Valid objects for tests; keyword arguments change what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from shop import accounts, carts, conversation, customers, mailbox, orders
from shop.conversation import Kind, Said
from shop.models import (
    Channel,
    Customer,
    Order,
    PaymentAccount,
    Product,
    ShippingMethod,
    ShippingRate,
    Shop,
    Slip,
    Variant,
)
from shop.replies import Reply, to_json
from shop.slips import intake, tlv
from shop.slips.picture import Picture
from shop.vault import Vault

NOW = datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)
VAULT = Vault("a key for tests")


def make_shop(session: Session, **changes: object) -> Shop:
    values: dict[str, object] = {
        "id": 1,
        "name_th": "บ้านฝ้าย",
        "name_en": "Baan Fai",
        "greeting_th": "สวัสดีค่ะ",
        "greeting_en": "Hello",
    }
    shop = Shop(**{**values, **changes})
    session.add(shop)
    session.add(ShippingMethod(name_th="จัดส่งพัสดุ", name_en="Parcel", rates=[ShippingRate(fee=4000)]))
    session.add(PaymentAccount(bank="PromptPay", number="089-111-2223", holder="Baan Fai"))
    session.flush()
    return shop


def make_channel(session: Session, account_id: str = "100", name: str = "Baan Fai") -> Channel:
    return accounts.connect(
        session,
        VAULT,
        account_id=account_id,
        name=name,
        token="t",
        app_secret="s",
        verify_token="v",
        app_id="9",
    )


def make_customer(
    session: Session, channel: Channel, external_id: str = "nok", name: str = "Nok"
) -> Customer:
    customer = customers.meet(session, channel, external_id, "th", NOW)
    customer.name = name
    customers.heard_from(customer, NOW)
    session.flush()
    return customer


def make_variant(
    session: Session, sku: str = "SHIRT", price: int = 25000, stock: int = 5, **names: str
) -> Variant:
    product = Product(
        name_th=names.get("name_th", "เสื้อยืด"),
        name_en=names.get("name_en", "T-shirt"),
        variants=[Variant(sku=sku, price=price, stock=stock)],
    )
    session.add(product)
    session.flush()
    return product.variants[0]


def make_order(
    session: Session, customer: Customer, variant: Variant, quantity: int = 1, cause: str = "e1"
) -> Order:
    carts.put(session, customer.id, variant.id, quantity)
    return orders.place(session, customer.id, cause=cause, now=NOW)


def slip_text(reference: str, bank: str = "004") -> str:
    """The text of a bank's mini-QR on a slip."""
    named = tlv.field("00", "000001") + tlv.field("01", bank) + tlv.field("02", reference)
    return tlv.with_checksum(tlv.field("00", named) + tlv.field("51", "TH"), "91")


def make_slip(
    session: Session,
    customer: Customer,
    cause: str = "s1",
    *,
    codes: tuple[str, ...] = (),
    is_paper: bool = True,
) -> Slip:
    picture = Picture(jpeg=b"", sha256=cause, width=10, height=20, codes=codes, is_paper=is_paper)
    return intake.keep(
        session, customer.id, picture, f"private/slips/{cause}.jpg", cause=cause, part=0, now=NOW
    )


def make_said(
    session: Session, customer_id: int, text: str, at: datetime, kind: Kind = Kind.WORDS, **more: Any
) -> int:
    """The customer did something in their chat; the id of its event. `more` is the rest of `conversation.Said`."""
    customer = session.get_one(Customer, customer_id)
    event = mailbox.open_event(
        account_id="100",
        key=f"mid:{text}{at}{customer_id}",
        channel_id=customer.channel_id,
        conversation=customer.conversation,
        kind="message",
        raw={},
        now=at,
    )
    [event_id] = mailbox.keep_events(session, [event])
    conversation.keep(session, customer_id, event_id, Said(kind, text, **more), at)
    return event_id


def make_reply(session: Session, customer_id: int, reply: Reply, at: datetime, **more: Any) -> None:
    """The shop said something to the customer; `more` are the message's other columns."""
    customer = session.get_one(Customer, customer_id)
    row = {
        "cause": f"{reply}{at}",
        "part": 0,
        "channel_id": customer.channel_id,
        "customer_id": customer_id,
        "conversation": customer.conversation,
        "notice_id": None,
        "body": to_json(reply),
        "page": 0,
        "created_at": at,
        "state": "sent",
    }
    mailbox.queue_messages(session, [row | more])
