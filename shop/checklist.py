"""What a new shop needs on its first day, step by step, and which steps are done.

Most steps show in the database by themselves; the others somebody ticks (Shop.ticked). It is shown until it is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from shop import accounts, catalogue, message_templates, shipping, trial_messages
from shop.errors import NotFound
from shop.models import Channel, MessageTemplate, Order, Product, Shop, User


class Step(StrEnum):
    """A step, in the order in which they are done best."""

    SHOP = "shop"  # the shop's own name and greeting
    PRODUCTS = "products"
    PAYMENT = "payment"
    SHIPPING = "shipping"
    ADDRESS = "address"  # customers and Meta reach the shop by https
    PAGE = "page"
    WEBHOOK = "webhook"  # something has come from the Page
    MENU = "menu"
    TEMPLATES = "templates"
    TEST = "test"  # a test message has gone out, or there is an order
    PEOPLE = "people"
    BACKUPS = "backups"


#: Those that somebody may tick, because Talad cannot see them or not every shop wants them.
MAY_BE_TICKED = (Step.PEOPLE, Step.BACKUPS)
#: Stands among the ticked ones when nobody wants to see the list any more.
CLOSED = "closed"


@dataclass(frozen=True)
class Item:
    """A step, and whether it is done."""

    step: Step
    done: bool


def items(session: Session, public_url: str) -> Sequence[Item]:
    """All steps. `public_url` is the shop's address on the internet."""
    shop = session.get(Shop, 1)
    ticked = set(shop.ticked) if shop else set()
    pages = accounts.connected(session)
    done = {
        Step.SHOP: Step.SHOP in ticked,
        Step.PRODUCTS: _any(session, Product, catalogue.ON_SALE),
        Step.PAYMENT: bool(catalogue.payment_accounts(session)),
        Step.SHIPPING: bool(shipping.methods(session)),
        Step.ADDRESS: public_url.startswith("https:"),
        Step.PAGE: bool(pages),
        Step.WEBHOOK: any(page.seen_at for page in pages),
        Step.MENU: bool(pages) and all(page.shown_at for page in pages),
        Step.TEMPLATES: bool(pages) and all(_is_approved(session, page) for page in pages),
        Step.TEST: _was_tried(session),
        Step.PEOPLE: Step.PEOPLE in ticked or _people(session) > 1,
        Step.BACKUPS: Step.BACKUPS in ticked,
    }
    return [Item(step, done[step]) for step in Step]


def left(session: Session, public_url: str) -> int:
    """How many steps are left; 0 also when nobody wants to see the list any more."""
    shop = session.get(Shop, 1)
    if shop is not None and CLOSED in shop.ticked:
        return 0
    return sum(not item.done for item in items(session, public_url))


def tick(session: Session, word: str) -> None:
    """Somebody says that a step is done or not wanted, or that the list may go (`closed`). Raises NotFound."""
    if word not in (*MAY_BE_TICKED, CLOSED):
        raise NotFound(f"{word} cannot be ticked")
    shop = catalogue.the_shop(session)
    shop.ticked = sorted({*shop.ticked, word})


def _is_approved(session: Session, page: Channel) -> bool:
    mine = MessageTemplate.channel_id == page.id
    others = mine & (MessageTemplate.status != message_templates.APPROVED)
    return _any(session, MessageTemplate, mine) and not _any(session, MessageTemplate, others)


def _was_tried(session: Session) -> bool:
    if session.scalar(select(Order.id).limit(1)) is not None:
        return True
    message = trial_messages.last(session)
    return message is not None and message.state == "sent"


def _people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User).where(User.active)) or 0


def _any(session: Session, table: type, condition: object) -> bool:
    return bool(session.scalar(select(exists(select(table.id).where(condition)))))  # type: ignore[attr-defined, arg-type]
