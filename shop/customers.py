"""Customers: met by their first message, remembered with their language and when they last wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import insert_new
from shop.errors import NotFound
from shop.models import Channel, ChatDay, Customer, Order, Shop
from shop.words import BANGKOK


def meet(session: Session, channel: Channel, external_id: str, language: str, now: datetime) -> Customer:
    """The customer with this id on the channel, made at the first meeting with `language` ("th" or "en")."""
    customer = met(session, channel.id, external_id)
    if customer is None:
        customer = Customer(channel_id=channel.id, external_id=external_id, language=language, created_at=now)
        customer.channel = channel
        session.add(customer)
        session.flush()
    return customer


def met(session: Session, channel_id: int, external_id: str) -> Customer | None:
    """The customer with this id on the channel, None when the shop has never met them."""
    here = (Customer.channel_id == channel_id) & (Customer.external_id == external_id)
    return session.scalar(select(Customer).where(here))


def heard_from(customer: Customer, at: datetime) -> None:
    """The customer did something at `at` that lets the shop answer for 24 hours (Messenger's window)."""
    if customer.last_inbound_at is None or at > customer.last_inbound_at:
        customer.last_inbound_at = at


def lock(session: Session, customer_id: int) -> Customer:
    """The customer, held against other writers until the transaction ends, as they are now. Raises NotFound."""
    one = select(Customer).where(Customer.id == customer_id)
    customer = session.scalar(one.with_for_update(of=Customer).execution_options(populate_existing=True))
    if customer is None:
        raise NotFound(f"customer {customer_id}")
    return customer


def lock_of_order(session: Session, order_id: int) -> None:
    """Hold the order's customer, if there is one, against other writers until the transaction ends."""
    theirs = select(Customer).join(Order, Order.customer_id == Customer.id).where(Order.id == order_id)
    session.scalar(theirs.with_for_update(of=Customer).execution_options(populate_existing=True))


def was_in_chat(session: Session, customer_id: int, at: datetime) -> None:
    """Count the customer among those who were in the chat on this day in Thailand, once."""
    here = {"customer_id": customer_id, "day": at.astimezone(BANGKOK).date()}
    insert_new(session, ChatDay, here, unique=("customer_id", "day"))


def speak(session: Session, customer_id: int, language: str) -> bool:
    """From now on the customer is answered in `language` ("th" or "en"); False when the shop does not offer it."""
    shop = session.get(Shop, 1)
    if shop is not None and language not in shop.languages:
        return False
    session.get_one(Customer, customer_id).language = language
    return True
