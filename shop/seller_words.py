"""What a seller writes or shows to a customer from the console, and the link by which customers come back to the chat.

It counts as a person's word: the bot keeps silent then (shop.handoff). How it may go out is `reach`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import audit, chat_pictures, customers, handoff, mailbox, once, reach, states
from shop.chat_pictures import Outgoing
from shop.errors import BadInput, NotReachable
from shop.models import Customer, Order, OutboxMessage, Shop
from shop.reach import Author, Closed, Way
from shop.replies import Image, Text, to_json

#: Messenger Platform: a text has less than 2,000 characters; the distance is for what is counted differently.
LONGEST = 1900
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
    return _queue(session, order.customer, f"{_cause(order)}{once.named(form)}", [Text(words)], by, now)


def write_in_chat(
    session: Session,
    customer_id: int,
    text: str,
    *,
    pictures: Sequence[Outgoing] = (),
    form: str,
    by: str,
    now: datetime,
) -> bool:
    """As `write`, to a customer and about no order; with `pictures` it takes no words. Raises NotFound too.

    All of it is queued or nothing, the pictures first, as Messenger itself sends what was written below them.
    """
    words = _checked(text, or_else=bool(pictures))
    customer = customers.lock(session, customer_id)
    said: list[Text | Outgoing] = [*pictures]
    if words:
        said.append(Text(words))
    is_new = _queue(session, customer, f"chat:{customer.id}:{once.named(form)}", said, by, now)
    if is_new and pictures:
        chat_pictures.are_sent(session, pictures)
        audit.note(session, pictures=len(pictures))
    return is_new


def _checked(text: str, *, or_else: bool = False) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words and not or_else:
        raise BadInput("text", "missing")
    if len(words) > LONGEST:
        raise BadInput("text", "long")
    return words


def _queue(
    session: Session, customer: Customer, cause: str, said: Sequence[Text | Outgoing], by: str, now: datetime
) -> bool:
    if how(customer, now) is None:
        raise NotReachable(customer)
    row = {
        "cause": cause,
        "channel_id": customer.channel_id,
        "customer_id": customer.id,
        "conversation": customer.conversation,
        "notice_id": None,
        "page": 0,
        "written_by": by,
        "created_at": now,
    }
    first, *others = [row | {"part": part} | _columns(one) for part, one in enumerate(said)]
    # The first decides for all: sent again, a form may bring more than it did before.
    if not mailbox.queue_messages(session, [first]):
        return False
    mailbox.queue_messages(session, others)
    handoff.answered(session, customer.id, now)
    return True


def _columns(said: Text | Outgoing) -> dict[str, Any]:
    if isinstance(said, Text):
        return {"body": to_json(said)}
    # Without a description: in Messenger it would be one more message, in words that the seller did not choose.
    return {
        "body": to_json(Image(said.url)),
        "picture": said.key,
        "picture_width": said.width,
        "picture_height": said.height,
    }


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


def inbox_link(customer: Customer) -> str:
    """The Page's own inbox at Meta, where its people find what is not shown here: voice, videos, files."""
    return f"https://business.facebook.com/latest/inbox/all?asset_id={quote(customer.channel.account_id, safe='')}"


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
