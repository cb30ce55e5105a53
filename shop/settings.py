"""The shop's settings as the seller changes them: checked whole, then written whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import geothai
from sqlalchemy.orm import Session

from shop import catalogue
from shop.errors import BadInput, NotFound
from shop.models import PaymentAccount, ShippingMethod, ShippingRate, Shop
from shop.money import as_decimal, as_minor

#: The longest texts, in characters. Messenger Platform: a greeting has 160, a menu entry 30.
_TEXTS = {
    "name_th": 60,
    "name_en": 60,
    "greeting_th": 160,
    "greeting_en": 160,
    "menu_products_th": 30,
    "menu_products_en": 30,
}
#: The least and the most of each number.
_NUMBERS = {"payment_hours": (1, 720), "reminder_hours": (0, 168), "handoff_hours": (1, 168)}
_SWITCHES = ("auto_billing", "cash_on_delivery")
BUY_NOW = ("chat", "store")
#: The names of all general settings: columns of the shop and fields of the form.
GENERAL = (*_TEXTS, *_NUMBERS, *_SWITCHES, "buy_now_opens")
R = TypeVar("R")
_NUMBER_OF_ACCOUNT = re.compile(r"[0-9][0-9 -]{4,30}[0-9]")


def change(session: Session, fields: Mapping[str, str]) -> Shop:
    """Write the general settings from a form's fields; a switch that is missing is off.

    Raises BadInput(field, "missing" | "long" | "number" | "range" | "unknown"); then nothing is changed.
    """
    shop = catalogue.the_shop(session)
    values: dict[str, object] = {name: _text(fields, name, most) for name, most in _TEXTS.items()}
    values |= {name: _number(fields, name, *ends) for name, ends in _NUMBERS.items()}
    values |= {name: fields.get(name, "") == "on" for name in _SWITCHES}
    opens = fields.get("buy_now_opens", "")
    if opens not in BUY_NOW:
        raise BadInput("buy_now_opens", "unknown")
    for name, value in {**values, "buy_now_opens": opens}.items():
        setattr(shop, name, value)
    session.flush()
    return shop


def save_account(session: Session, account_id: int | None, fields: Mapping[str, str]) -> PaymentAccount:
    """Add a payment account, or change one. Raises BadInput, NotFound."""
    bank, holder = _text(fields, "bank", 60), _text(fields, "holder", 80)
    number = _text(fields, "number", 32)
    if not _NUMBER_OF_ACCOUNT.fullmatch(number):
        raise BadInput("number", "number")
    if account_id is None:
        positions = [account.position for account in catalogue.payment_accounts(session)]
        account = PaymentAccount(position=max(positions, default=-1) + 1)
    else:
        account = _existing(session, PaymentAccount, account_id)
    account.bank, account.number, account.holder = bank, number, holder
    session.add(account)
    session.flush()
    return account


def remove_account(session: Session, account_id: int) -> None:
    """Take a payment account away; doing so again changes nothing."""
    account = session.get(PaymentAccount, account_id)
    if account is not None:
        session.delete(account)


@dataclass(frozen=True)
class Method:
    """A way to send as a form shows it: amounts in the major unit, one rate a line ("grams; provinces; fee")."""

    name_th: str = ""
    name_en: str = ""
    free_from: str = ""
    rates: str = "0; ; 40"


def shown(method: ShippingMethod, currency: str) -> Method:
    """The method as a form shows it."""
    return Method(
        method.name_th,
        method.name_en,
        "" if method.free_from is None else _plain(method.free_from, currency),
        "\n".join(
            f"{rate.from_weight}; {', '.join(rate.provinces)}; {_plain(rate.fee, currency)}"
            for rate in method.rates
        ),
    )


def save_method(session: Session, method_id: int | None, fields: Mapping[str, str]) -> ShippingMethod:
    """Add a way to send, or change one. Raises NotFound, BadInput; of "rates" the reason is the line that is wrong."""
    currency = catalogue.the_shop(session).currency
    name_th, name_en = _text(fields, "name_th", 40), _text(fields, "name_en", 40)
    free_from = (
        _amount(fields["free_from"], currency, "free_from") if fields.get("free_from", "").strip() else None
    )
    lines = [line for line in fields.get("rates", "").splitlines() if line.strip()]
    if not lines:
        raise BadInput("rates", "missing")
    rates = [_rate(line, currency) for line in lines]
    method = ShippingMethod() if method_id is None else _existing(session, ShippingMethod, method_id)
    method.name_th, method.name_en, method.free_from, method.rates = name_th, name_en, free_from, rates
    method.active = True
    session.add(method)
    session.flush()
    return method


def remove_method(session: Session, method_id: int) -> None:
    """Offer a way to send no longer. Orders that were placed with it keep its name and price."""
    method = session.get(ShippingMethod, method_id)
    if method is not None:
        method.active = False


def _rate(line: str, currency: str) -> ShippingRate:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != 3 or not parts[0].isdecimal():
        raise BadInput("rates", line)
    names = [name.strip() for name in parts[1].split(",") if name.strip()]
    provinces = [_province(name, line) for name in names]
    return ShippingRate(
        from_weight=int(parts[0]), provinces=provinces, fee=_amount(parts[2], currency, "rates", line)
    )


def _province(name: str, line: str) -> str:
    for province in geothai.provinces():
        if name.casefold() in (province.name_th, province.name_en.casefold()):
            return str(province.name_th)
    raise BadInput("rates", line)


def _amount(text: str, currency: str, field: str, reason: str = "number") -> int:
    try:
        return as_minor(Decimal(text.replace(",", "").strip()), currency)
    except (InvalidOperation, ValueError) as error:
        raise BadInput(field, reason) from error


def _plain(amount: int, currency: str) -> str:
    return f"{as_decimal(amount, currency).normalize():f}"


def _text(fields: Mapping[str, str], name: str, most: int) -> str:
    text = " ".join(fields.get(name, "").split())
    if not text:
        raise BadInput(name, "missing")
    if len(text) > most:
        raise BadInput(name, "long")
    return text


def _number(fields: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = fields.get(name, "").strip()
    if not text.isdecimal():
        raise BadInput(name, "number")
    if not least <= int(text) <= most:
        raise BadInput(name, "range")
    return int(text)


def _existing(session: Session, model: type[R], row_id: int) -> R:
    found = session.get(model, row_id)
    if found is None:
        raise NotFound(f"{model.__name__} {row_id}")
    return found
