"""Customers: met by their first message, remembered with their language and when they last wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Channel, Customer


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


def speak(session: Session, customer_id: int, language: str) -> None:
    """From now on the customer is answered in `language` ("th" or "en")."""
    session.get_one(Customer, customer_id).language = language
