"""How customers pay and how parcels are sent, as the seller changes it: checked whole, then written whole.

The general settings are in sections.py.

Forms may come twice: what is added is found again by its name or number, and changed instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import geothai
from sqlalchemy.orm import Session

from shop import audit, catalogue, money, promptpay, shipping
from shop.errors import BadInput, NotFound
from shop.fields import both_languages
from shop.models import PaymentAccount, ShippingMethod, ShippingRate
from shop.money import as_decimal

R = TypeVar("R")
_RATE = ("weight", "subtotal", "provinces", "fee")
_ROW = re.compile(rf"(?:{'|'.join(_RATE)})-([0-9]{{1,3}})")
_MOST_GRAMS = 1_000_000
_MOST_DAYS = 90
_MOST_DIGITS = 18
#: Commas stand between thousands only: "1,5" is no 15.
_WHOLE = re.compile(r"\d+|\d{1,3}(?:,\d{3})+")
#: How people write Bangkok, and what they write before any province.
_BANGKOK = {"กรุงเทพ", "กรุงเทพฯ", "กทม", "กทม.", "bkk", "krung thep"}
_BEFORE_PROVINCE = re.compile(r"^(?:จังหวัด|จ\.)\s*")
_NUMBER_OF_ACCOUNT = re.compile(r"[0-9][0-9 -]{4,30}[0-9]")


def save_account(session: Session, account_id: int | None, fields: Mapping[str, str]) -> PaymentAccount:
    """Add a payment account, or change one; a PromptPay account needs a number that a QR can be made for.

    Raises BadInput(field, "missing" | "long" | "number" | "promptpay"), NotFound.
    """
    bank, holder = _text(fields, "bank", 60), _text(fields, "holder", 80)
    number = _arabic(_text(fields, "number", 32))
    if promptpay.is_promptpay(bank):
        promptpay.target(number)
    elif not _NUMBER_OF_ACCOUNT.fullmatch(number):
        raise BadInput("number", "number")
    if account_id is None:
        known = catalogue.payment_accounts(session)
        last = max((account.position for account in known), default=-1)
        same = (one for one in known if (one.bank, _digits(one.number)) == (bank, _digits(number)))
        account = next(same, PaymentAccount(position=last + 1))
    else:
        account = _existing(session, PaymentAccount, account_id)
    before = _recognised(account) if account.id else None
    account.bank, account.number, account.holder = bank, number, holder
    audit.note(session, account=[before, _recognised(account)])
    session.add(account)
    session.flush()
    return account


def remove_account(session: Session, account_id: int) -> None:
    """Take a payment account away; doing so again changes nothing."""
    account = session.get(PaymentAccount, account_id)
    if account is not None:
        audit.note(session, account=[_recognised(account), None])
        session.delete(account)
        session.flush()


@dataclass(frozen=True)
class Rate:
    """A price of a way to send as a form shows it: from a weight (grams) and a sum on, in some provinces or in all."""

    weight: str = ""
    subtotal: str = ""
    provinces: str = ""
    fee: str = ""


@dataclass(frozen=True)
class Method:
    """A way to send as a form shows it, amounts in the major unit.

    Its fields are `name_th`, `name_en`, `free_from`, `days_from`, `days_to`, and of the rate in row n `weight-n`,
    `subtotal-n`, `provinces-n` and `fee-n`.
    """

    name_th: str = ""
    name_en: str = ""
    free_from: str = ""
    days_from: str = ""
    days_to: str = ""
    rates: tuple[Rate, ...] = ()


def shown(method: ShippingMethod, currency: str) -> Method:
    """The method as a form shows it."""
    return Method(
        method.name_th,
        method.name_en,
        "" if method.free_from is None else _plain(method.free_from, currency),
        "" if method.days_from is None else str(method.days_from),
        "" if method.days_to is None else str(method.days_to),
        tuple(
            Rate(
                weight=str(rate.from_weight or ""),
                subtotal=_plain(rate.from_subtotal, currency) if rate.from_subtotal else "",
                provinces=", ".join(rate.provinces),
                fee=_plain(rate.fee, currency),
            )
            for rate in method.rates
        ),
    )


def typed(fields: Mapping[str, str]) -> Method:
    """The method as it was typed into a form, unchecked."""
    rows = [int(found[1]) for name in fields if (found := _ROW.fullmatch(name))]
    rates = (
        Rate(*(fields.get(f"{name}-{row}", "").strip() for name in _RATE))
        for row in range(max(rows, default=-1) + 1)
    )
    names = ("name_th", "name_en", "free_from", "days_from", "days_to")
    return Method(**{name: fields.get(name, "") for name in names}, rates=tuple(rates))


def save_method(session: Session, method_id: int | None, fields: Mapping[str, str]) -> ShippingMethod:
    """Add a way to send, or change one; a rate left empty is none. `fields` are those of `Method`.

    Raises NotFound, BadInput(field, "missing" | "long" | "number" | "province"); then nothing is changed.
    """
    currency, fields = catalogue.the_shop(session).currency, both_languages(fields)
    name_th, name_en = _text(fields, "name_th", 40), _text(fields, "name_en", 40)
    free_from = _amount(fields, "free_from", currency) if fields.get("free_from", "").strip() else None
    days = _days(fields)
    typed_rates = typed(fields).rates
    rates = [_rate(fields, row, currency) for row, rate in enumerate(typed_rates) if rate != Rate()]
    if not rates:
        raise BadInput("fee-0", "missing")
    if method_id is None:
        offered = shipping.methods(session)
        last = max((one.position for one in offered), default=-1)
        same = (one for one in offered if (one.name_th, one.name_en) == (name_th, name_en))
        method = next(same, ShippingMethod(position=last + 1))
    else:
        method = _existing(session, ShippingMethod, method_id)
    method.name_th, method.name_en, method.free_from, method.rates = name_th, name_en, free_from, rates
    method.days_from, method.days_to = days
    method.active = True
    session.add(method)
    session.flush()
    return method


def remove_method(session: Session, method_id: int) -> None:
    """Offer a way to send no longer. Orders that were placed with it keep its name and price."""
    method = session.get(ShippingMethod, method_id)
    if method is not None:
        method.active = False


def _days(fields: Mapping[str, str]) -> tuple[int | None, int | None]:
    """From and to; one alone is both."""
    given = [
        _number(fields, name, 0, _MOST_DAYS)
        for name in ("days_from", "days_to")
        if fields.get(name, "").strip()
    ]
    return (min(given), max(given)) if given else (None, None)


def _rate(fields: Mapping[str, str], row: int, currency: str) -> ShippingRate:
    weight = f"weight-{row}"
    names = (name.strip() for name in fields.get(f"provinces-{row}", "").split(","))
    if not fields.get(f"fee-{row}", "").strip():
        raise BadInput(f"fee-{row}", "missing")
    return ShippingRate(
        from_weight=_number(fields, weight, 0, _MOST_GRAMS) if fields.get(weight, "").strip() else 0,
        from_subtotal=_amount(fields, f"subtotal-{row}", currency, empty="0"),
        provinces=list(dict.fromkeys(_province(name, f"provinces-{row}") for name in names if name)),
        fee=_amount(fields, f"fee-{row}", currency),
    )


def _province(name: str, field: str) -> str:
    wanted = _BEFORE_PROVINCE.sub("", name).casefold()
    if wanted in _BANGKOK:
        return "กรุงเทพมหานคร"
    for province in geothai.provinces():
        if wanted in (province.name_th, province.name_en.casefold()):
            return str(province.name_th)
    raise BadInput(field, "province")


def _arabic(text: str) -> str:
    """The text with Thai digits, and those of any other script, as the digits that banks write."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def _amount(fields: Mapping[str, str], name: str, currency: str, empty: str = "") -> int:
    try:
        return money.typed(fields.get(name, "").strip() or empty, currency)
    except ValueError as error:
        raise BadInput(name, "number") from error


def _recognised(account: PaymentAccount) -> str:
    """Enough of an account to see in the log that it became another one."""
    return f"{account.bank} …{_digits(account.number)[-4:]}"


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


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
    if not _WHOLE.fullmatch(text):
        raise BadInput(name, "number")
    text = text.replace(",", "")
    if len(text) > _MOST_DIGITS or not least <= int(text) <= most:
        raise BadInput(name, "range")
    return int(text)


def _existing(session: Session, model: type[R], row_id: int) -> R:
    found = session.get(model, row_id)
    if found is None:
        raise NotFound(f"{model.__name__} {row_id}")
    return found
