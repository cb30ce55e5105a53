"""Answers that sellers send often: saved once, in Thai and English, put into the message by a tap or by "/shortcut".

A word in braces, such as {name}, is filled in from the chat. What cannot be filled in stays as it is, and is not sent
(`unfilled`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import catalogue, money, orders
from shop.errors import BadInput, NotFound
from shop.models import Customer, Order, QuickAnswer
from shop.states import OPEN
from shop.words import parcel

MOST = 200
LONGEST_SHORTCUT = 20
LONGEST_TEXT = 1000
#: What may stand in braces, and its name in Thai.
PLACEHOLDERS = {"name": "ชื่อ", "order": "ออเดอร์", "total": "ยอด", "parcel": "พัสดุ", "shop": "ร้าน"}
_ENGLISH = {thai: english for english, thai in PLACEHOLDERS.items()}
_BRACED = re.compile(rf"\{{({'|'.join((*PLACEHOLDERS, *_ENGLISH))})\}}")
_SHORTCUT = re.compile(r"[^\s/]+")


def every(session: Session) -> Sequence[QuickAnswer]:
    """All of them, by shortcut."""
    return session.scalars(select(QuickAnswer).order_by(QuickAnswer.shortcut)).all()


def save(session: Session, answer_id: int | None, fields: Mapping[str, str]) -> QuickAnswer:
    """Write a new answer, or a known one anew, from `shortcut`, `text_th` and `text_en`; one text is enough.

    Raises NotFound, and BadInput(field, "missing" | "long" | "unknown" | "taken" | "many").
    """
    shortcut = fields.get("shortcut", "").strip().removeprefix("/").lower()
    texts = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in ("text_th", "text_en")}
    _check(shortcut, texts)
    holder = session.scalar(select(QuickAnswer).where(QuickAnswer.shortcut == shortcut))
    if holder is not None and holder.id != answer_id:
        raise BadInput("shortcut", "taken")
    if answer_id is None:
        if (session.scalar(select(func.count(QuickAnswer.id))) or 0) >= MOST:
            raise BadInput("shortcut", "many")
        answer = QuickAnswer()
        session.add(answer)
    else:
        answer = _get(session, answer_id)
    answer.shortcut, answer.text_th, answer.text_en = shortcut, texts["text_th"], texts["text_en"]
    session.flush()
    return answer


def remove(session: Session, answer_id: int) -> None:
    """Take an answer away; harmless when it is gone already."""
    answer = session.get(QuickAnswer, answer_id)
    if answer is not None:
        session.delete(answer)


def for_chat(session: Session, customer: Customer) -> dict[str, str]:
    """Shortcut → text of every answer, in the customer's language as far as there is one, filled in for them."""
    values = _values(session, customer)
    return {one.shortcut: _filled(_text(one, customer.language), values) for one in every(session)}


def unfilled(text: str) -> str | None:
    """The first word in braces that nobody has filled in; None when there is none."""
    found = _BRACED.search(text)
    return found[0] if found else None


def _check(shortcut: str, texts: Mapping[str, str]) -> None:
    if not shortcut:
        raise BadInput("shortcut", "missing")
    if len(shortcut) > LONGEST_SHORTCUT:
        raise BadInput("shortcut", "long")
    if not _SHORTCUT.fullmatch(shortcut):
        raise BadInput("shortcut", "unknown")
    if not any(texts.values()):
        raise BadInput("text_th", "missing")
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            raise BadInput(name, "long")


def _get(session: Session, answer_id: int) -> QuickAnswer:
    answer = session.get(QuickAnswer, answer_id)
    if answer is None:
        raise NotFound(f"quick answer {answer_id}")
    return answer


def _text(answer: QuickAnswer, language: str) -> str:
    thai, english = answer.text_th, answer.text_en
    return (english or thai) if language == "en" else (thai or english)


def _values(session: Session, customer: Customer) -> dict[str, str]:
    language = customer.language
    shop = catalogue.the_shop(session)
    latest = orders.latest(session, customer.id, 20)
    order: Order | None = next((one for one in latest if one.state in OPEN), next(iter(latest), None))
    values = {"shop": shop.name_en if language == "en" else shop.name_th, "name": customer.name or ""}
    if order is not None:
        values["order"] = order.number
        values["total"] = money.written(order.total, order.currency, language)
        values["parcel"] = parcel(order.shipment, language) if order.shipment else ""
    return values


def _filled(text: str, values: Mapping[str, str]) -> str:
    def fill(found: re.Match[str]) -> str:
        return values.get(_ENGLISH.get(found[1], found[1])) or found[0]

    return _BRACED.sub(fill, text)
