"""Checking what a customer says about where to send the order: name, phone, address."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from shop.errors import BadInput

_NAME_LENGTH = (2, 100)
_ADDRESS_LENGTH = (10, 500)
_SPACES = re.compile(r"\s+")


def checked_recipient(text: str) -> str:
    """The recipient's name, tidied. Raises BadInput("recipient", "short" | "long" | "letters")."""
    name = _tidy(text)
    _check_length("recipient", name, _NAME_LENGTH)
    # A slash begins what people type to command a bot ("/restart"), never a name.
    a_command = name.startswith("/")
    if a_command or not any(map(str.isalpha, name)) or any(map(str.isdigit, name)):
        raise BadInput("recipient", "letters")
    return name


def checked_phone(text: str) -> str:
    """The phone number in E.164 (`+66812345678`); Thai digits, spaces and a missing country code are fine.

    Raises BadInput("phone", "number").
    """
    try:
        # Thai digits become ASCII ones; phonenumbers knows the number plans (libphonenumber's data).
        number = phonenumbers.parse("".join(_ascii_digit(character) for character in text), "TH")
    except phonenumbers.NumberParseException as error:
        raise BadInput("phone", "number") from error
    if not phonenumbers.is_valid_number(number):
        raise BadInput("phone", "number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def written_phone(phone: str) -> str:
    """An E.164 number as people in Thailand write it: 081 234 5678; foreign ones with their country code."""
    number = phonenumbers.parse(phone)
    at_home = number.country_code == phonenumbers.country_code_for_region("TH")
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def checked_address(text: str) -> str:
    """The address on one line, tidied. Raises BadInput("address", "short" | "long" | "number")."""
    address = _tidy(text)
    _check_length("address", address, _ADDRESS_LENGTH)
    if not any(character.isdigit() for character in address):  # a parcel needs a house number or postal code
        raise BadInput("address", "number")
    return address


def _tidy(text: str) -> str:
    visible = (character for character in unicodedata.normalize("NFC", text) if not _hidden(character))
    return _SPACES.sub(" ", "".join(visible)).strip()


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") and not character.isspace()


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _check_length(field: str, text: str, limits: tuple[int, int]) -> None:
    if len(text) < limits[0]:
        raise BadInput(field, "short")
    if len(text) > limits[1]:
        raise BadInput(field, "long")
