"""What things are called whose ids stand in the log of who did what, and which of them are meant by words.

Entries are kept for ever and hold no names; who or what is still there is found when they are shown. Each function asks
the database once, however many are asked for, and leaves out what is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, lazyload

from shop import chats
from shop.models import Category, Channel, Customer, Order, Product, QuickAnswer, Slip, Utterance
from shop.sql import holds

_MOST, _LONGEST = 50, 60
_LARGEST_ID = 2**31 - 1


class Called(NamedTuple):
    """How people call a thing, and by what its page knows it."""

    name: str
    key: str


#: From subjects of entries to what those are called in `language` ("th" or "en").
Finder = Callable[[Session, Collection[str], str], Mapping[str, Called]]


def customers(session: Session, subjects: Collection[str], _language: str) -> Mapping[str, Called]:
    """By name; by number who has none. Those who are forgotten are left out."""
    query = select(Customer.id, Customer.name).where(Customer.id.in_(_ids(subjects)))
    found = session.execute(query.where(Customer.erased_at.is_(None)))
    return {str(id_): Called(name or str(id_), str(id_)) for id_, name in found}


def products(session: Session, subjects: Collection[str], language: str) -> Mapping[str, Called]:
    """By name."""
    query = select(Product).where(Product.id.in_(_ids(subjects))).options(lazyload("*"))
    return {str(one.id): Called(one.name(language), str(one.id)) for one in session.scalars(query)}


def categories(session: Session, subjects: Collection[str], language: str) -> Mapping[str, Called]:
    """By name."""
    found = session.scalars(select(Category).where(Category.id.in_(_ids(subjects))))
    return {str(one.id): Called(one.name(language), str(one.id)) for one in found}


def quick_answers(session: Session, subjects: Collection[str], _language: str) -> Mapping[str, Called]:
    """By what one types for them."""
    query = select(QuickAnswer.id, QuickAnswer.shortcut).where(QuickAnswer.id.in_(_ids(subjects)))
    return {str(id_): Called(f"/{shortcut}", str(id_)) for id_, shortcut in session.execute(query)}


def utterances(session: Session, subjects: Collection[str], _language: str) -> Mapping[str, Called]:
    """By their masked text, the beginning of a long one."""
    query = select(Utterance.id, Utterance.text).where(Utterance.id.in_(_ids(subjects)))
    return {str(id_): Called(f"“{_short(text)}”", str(id_)) for id_, text in session.execute(query)}


def orders_of_slips(session: Session, subjects: Collection[str], _language: str) -> Mapping[str, Called]:
    """Of slips that are some order's by now: the order's number."""
    query = select(Slip.id, Order.number).join(Order, Order.id == Slip.order_id)
    found = session.execute(query.where(Slip.id.in_(_ids(subjects))))
    return {str(id_): Called(number, number) for id_, number in found}


def channels(session: Session, subjects: Collection[str], _language: str) -> Mapping[str, Called]:
    """Of accounts on a platform: the name of the channel."""
    query = select(Channel.account_id, Channel.name, Channel.id).where(Channel.account_id.in_(subjects))
    return {account: Called(name, str(id_)) for account, name, id_ in session.execute(query)}


def customers_like(session: Session, words: str) -> Collection[str]:
    """Those who wrote last of the customers whose name holds the words, as far as shop.chats looks."""
    return [str(one.id) for one in chats.named(session, words, limit=_MOST).others]


def orders_of(session: Session, customers: Collection[str]) -> Collection[str]:
    """The numbers of the newest orders of these customers."""
    query = select(Order.number).where(Order.customer_id.in_(_ids(customers)))
    return session.scalars(query.order_by(Order.id.desc()).limit(_MOST)).all()


def products_like(session: Session, words: str) -> Collection[str]:
    """The newest of the products whose name holds the words."""
    query = select(Product.id).where(or_(holds(Product.name_th, words), holds(Product.name_en, words)))
    return [str(id_) for id_ in session.scalars(query.order_by(Product.id.desc()).limit(_MOST))]


def _ids(subjects: Collection[str]) -> list[int]:
    return [int(one) for one in subjects if one.isascii() and one.isdigit() and int(one) <= _LARGEST_ID]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
