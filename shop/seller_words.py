"""What a seller writes to a customer from the console, and the link by which a customer comes back to the chat.

It counts as a person's word: the bot keeps silent then (shop.handoff). How it may go out is `reach`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import chats, customers, handoff, mailbox, reach, states
from shop.errors import BadInput, NotReachable
from shop.models import Customer, Order, OutboxMessage, Shop
from shop.reach import Author, Closed, Way
from shop.replies import Reply, Text, to_json

#: Messenger Platform: a text has less than 2,000 characters; the distance is for what is counted differently.
LONGEST = 1900
_LONGEST_FORM = 80
_ABOUT_ORDER = "seller"


def write(session: Session, order_id: int, text: str, *, form: str, by: str, now: datetime) -> bool:
    """Queue the seller's own message to the order's customer; False when the same `form` was sent before.

    `form` names the form on the page, so that a double click writes once; `by` is the seller's email. Raises
    BadInput("text", "missing" | "long"), NotReachable when the platform lets nobody write now.
    """
    words = _checked(text)
    customers.lock_of_order(
        session, order_id
    )  # before the order, as the gateway does when they say something
    order = states.lock(session, order_id)
    return _queue(session, order.customer, f"{_cause(order)}{form[:_LONGEST_FORM]}", Text(words), by, now)


def write_in_chat(
    session: Session, customer_id: int, text: str, *, form: str, by: str, now: datetime
) -> bool:
    """As `write`, to a customer and about no order. Raises NotFound too."""
    words = _checked(text)
    customer = chats.get(session, customer_id)
    return _queue(session, customer, f"chat:{customer.id}:{form[:_LONGEST_FORM]}", Text(words), by, now)


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise BadInput("text", "missing")
    if len(words) > LONGEST:
        raise BadInput("text", "long")
    return words


def _queue(session: Session, customer: Customer, cause: str, said: Reply, by: str, now: datetime) -> bool:
    if how(customer, now) is None:
        raise NotReachable(customer)
    row = {
        "cause": cause,
        "part": 0,
        "channel_id": customer.channel_id,
        "customer_id": customer.id,
        "conversation": customer.conversation,
        "notice_id": None,
        "body": to_json(said),
        "page": 0,
        "written_by": by,
        "created_at": now,
    }
    is_new = bool(mailbox.queue_messages(session, [row]))
    if is_new:
        handoff.answered(session, customer.id, now)
    return is_new


def can_write(order: Order, now: datetime) -> bool:
    """Whether a person may write to the order's customer now: up to 7 days after what they did last."""
    return how(order.customer, now) is not None


def how(customer: Customer, now: datetime) -> Way | None:
    """In which way a person may write to the customer now; None when nobody may: the platform does not let them, or the
    Page is disconnected."""
    found = reach.way(Author.PERSON, last_inbound_at=customer.last_inbound_at, now=now)
    is_away = customer.erased_at is not None or not customer.channel.active
    return None if is_away or isinstance(found, Closed) else found


def written(session: Session, order: Order, limit: int = 5) -> Sequence[OutboxMessage]:
    """What sellers wrote about the order lately, oldest first."""
    theirs = select(OutboxMessage).where(
        OutboxMessage.written_by.is_not(None), OutboxMessage.cause.startswith(_cause(order), autoescape=True)
    )
    return session.scalars(theirs.order_by(OutboxMessage.id.desc()).limit(limit)).all()[::-1]


def order_number(cause: str) -> str | None:
    """Number of the order that a seller's message was written about; None of one in the chat."""
    about, number, _ = cause.split(":", 2)
    return number if about == _ABOUT_ORDER else None


def _cause(order: Order) -> str:
    return f"{_ABOUT_ORDER}:{order.number}:"


def chat_link(order: Order) -> str:
    """The address that opens the customer's chat; whoever comes through it may be written to again.

    Messenger Platform, m.me links: letters, digits, `-`, `_` and `=` may stand in `ref`.
    """
    return f"https://m.me/{quote(order.channel.account_id, safe='')}?ref=order-{order.number}"


def page_link(customer: Customer) -> str:
    """As `chat_link`, about no order."""
    return f"https://m.me/{quote(customer.channel.account_id, safe='')}?ref=chat"


def text_message(order: Order, shop: Shop) -> str:
    """What to send the customer by SMS, in their language: that there is news, and the link."""
    link = chat_link(order)
    if order.customer.language == "en":
        return f"{shop.name_en}: there is news about your order {order.number}. Please open the chat to read it: {link}"
    return f"ร้าน{shop.name_th} มีข่าวเกี่ยวกับออเดอร์ {order.number} ค่ะ กดลิงก์เพื่ออ่านในแชทได้เลยนะคะ {link}"


def text_message_link(order: Order, shop: Shop) -> str | None:
    """An address that opens the phone's SMS with number and words filled in; None without a phone number.

    RFC 5724 (`sms:`), with `?&body=`, which iPhones and Android phones both read.
    """
    if not order.phone:
        return None
    return f"sms:{order.phone}?&body={quote(text_message(order, shop))}"
