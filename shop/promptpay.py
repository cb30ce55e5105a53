"""PromptPay's payment QR: what banks' apps read out of it, its picture, and which account of the shop takes it.

The text is EMVCo's merchant-presented QR (EMV QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1)
as Thailand's PromptPay fills it (Bank of Thailand, "Thai QR Code Payment Standard"; the public generators named in
tests/shop/test_promptpay.py agree). Each field is a tag of two digits, a length of two, and the value (shop.slips.tlv):

    00  01                  version of the format, always first
    01  11 or 12            may be scanned again, or is for one payment
    29  PromptPay           00: A000000677010111, the application; then one of
                            01: phone, `66` and nine digits, filled with zeros to 13
                            02: national id or tax id, 13 digits
                            03: e-wallet, 15 digits
    53  764                 Thai baht (ISO 4217)
    54  1234.50             the amount with two decimals
    58  TH                  the country
    63  CRC                 of all before it and its own `6304`, always last

Sub-tag 04, a bank account's number, is left out: banks' apps refuse it.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import segno
from sqlalchemy.orm import Session

from shop import catalogue, ways_to_pay
from shop.errors import BadInput
from shop.models import Order, PaymentAccount
from shop.slips import tlv

_APPLICATION = "A000000677010111"
#: EMVCo: tag 54 has at most 13 characters, three of them for the decimals.
_MOST_SATANG = 10**12
_PHONE = re.compile(r"(?:0|(?:00|\+)?66|0066)(?P<rest>[689][0-9]{8})", re.ASCII)
_ID, _WALLET = re.compile(r"[0-9]{13}", re.ASCII), re.compile(r"[0-9]{15}", re.ASCII)
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212]+")
_NAMES = ("promptpay", "พร้อมเพย์")
#: Version 4 has 33 modules, the border 4 on each side: 492 pixels.
_SCALE, _BORDER = 12, 4


@dataclass(frozen=True)
class Target:
    """Whom PromptPay pays: the sub-tag of field 29 and its value."""

    tag: str
    value: str


@dataclass(frozen=True)
class Request:
    """What an order asks its customer to pay by PromptPay: to which account, how much (satang), the QR's text."""

    account: PaymentAccount
    amount: int
    payload: str


def target(number: str) -> Target:
    """Whom a number names, as sellers type it: a mobile phone (081-234-5678, +66 81 234 5678), a national or tax id
    (13 digits) or an e-wallet (15 digits), Thai digits too.

    Raises BadInput("number", "promptpay"). Check digits of ids are not judged: the bank's app shows whom it will pay.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", number))
    plain = "".join(_ascii_digit(character) for character in plain)
    if phone := _PHONE.fullmatch(plain):
        return Target("01", f"66{phone['rest']}".zfill(13))
    if _ID.fullmatch(plain):
        return Target("02", plain)
    if _WALLET.fullmatch(plain):
        return Target("03", plain)
    raise BadInput("number", "promptpay")


def payload(number: str, satang: int | None) -> str:
    """The text of a QR that pays `satang` to the PromptPay `number`; None leaves the sum to whoever pays.

    Raises BadInput("number", "promptpay"), and BadInput("amount", "range") for a sum that is not above zero: apps take
    an amount of 0 for an open one.
    """
    whom = target(number)
    if satang is not None and not 0 < satang < _MOST_SATANG:
        raise BadInput("amount", "range")
    fields = [
        tlv.field("00", "01"),
        tlv.field("01", "11" if satang is None else "12"),
        tlv.field("29", tlv.field("00", _APPLICATION) + tlv.field(whom.tag, whom.value)),
        tlv.field("53", "764"),
        *([] if satang is None else [tlv.field("54", f"{satang // 100}.{satang % 100:02}")]),
        tlv.field("58", "TH"),
    ]
    return tlv.with_checksum("".join(fields), "63")


def picture(text: str) -> bytes:
    """The QR of `text` as a black and white PNG, 492 pixels wide for an order's payload, with a plain border."""
    png = io.BytesIO()
    segno.make(text, error="m", micro=False).save(png, kind="png", scale=_SCALE, border=_BORDER)
    return png.getvalue()


def inline_picture(text: str) -> str:
    """The same picture as a `data:` address, so that a page holds it itself."""
    return "data:image/png;base64," + base64.b64encode(picture(text)).decode()


def is_promptpay(bank: str) -> bool:
    """Whether a payment account's `bank`, as sellers type it, says PromptPay."""
    said = _BETWEEN.sub("", unicodedata.normalize("NFC", bank)).casefold()
    return any(name in said for name in _NAMES)


def account(accounts: Iterable[PaymentAccount]) -> PaymentAccount | None:
    """The first of the shop's accounts that is PromptPay and has a number a QR can be made for."""
    return next((one for one in accounts if is_promptpay(one.bank) and _usable(one.number)), None)


def request(session: Session, order: Order) -> Request | None:
    """What the order's customer can pay by PromptPay now: what is outstanding, while the order waits for a transfer.

    None once a slip has come (it could be paid twice), for cash on delivery, an order that is over, another currency,
    and a shop without PromptPay.
    """
    if not ways_to_pay.awaits_transfer(order) or order.currency != "THB":
        return None
    paid_to = account(catalogue.payment_accounts(session))
    outstanding = order.total - order.received
    if paid_to is None or not 0 < outstanding < _MOST_SATANG:
        return None
    return Request(paid_to, outstanding, payload(paid_to.number, outstanding))


def digits(number: str) -> str:
    """The number of an account as banks' apps take it from the clipboard: its digits, nothing between them."""
    return "".join(_ascii_digit(character) for character in number if character.isdecimal())


def _usable(number: str) -> bool:
    try:
        target(number)
    except BadInput:
        return False
    return True


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
