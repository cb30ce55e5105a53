"""What people type into forms and tables, read field by field. All that cannot be used is said at once, by field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from shop import money
from shop.errors import BadFields

#: Characters that no database takes.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what no database takes."""
    return _UNSTORABLE.sub("", text)


def both_languages(typed: Mapping[str, str]) -> dict[str, str]:
    """The typed texts; of a pair of fields `…_th` and `…_en` with only one filled, that one stands for both."""
    filled = dict(typed)
    for name in typed:
        one, language = name[:-3], name[-3:]
        other = {"_th": f"{one}_en", "_en": f"{one}_th"}.get(language, name)
        if not filled[name].strip() and filled.get(other, "").strip():
            filled[name] = filled[other]
    return filled


class Fields:
    """The typed texts by field, and in `wrong` what was found so far: one short word by field.

    Every reader returns something usable, also after what was typed could not be used; `check` then raises.
    """

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.wrong: dict[str, str] = {}
        self._typed = typed

    def has(self, name: str) -> bool:
        """Whether something was typed into the field."""
        return bool(self._typed.get(name, "").strip())

    def text(self, name: str, most: int, *, required: bool = False) -> str:
        """One line of at most so many characters. Wrong: missing, long."""
        return self._within(name, " ".join(self._raw(name).split()), most, required)

    def lines(self, name: str, most: int) -> str:
        """Several lines, as they were typed. Wrong: long."""
        plain = "\n".join(line.rstrip() for line in self._raw(name).strip().splitlines())
        return self._within(name, plain, most, required=False)

    def whole(self, name: str, least: int, most: int, *, empty: int | None = None) -> int:
        """A whole number, `empty` when nothing was typed. Wrong: missing, number, range."""
        text = self._raw(name).replace(",", "").strip()
        if not text:
            return self._missing(name, empty)
        if not re.fullmatch(r"[+−-]?[0-9]{1,12}", text):
            return self._wrong(name, "number")
        number = int(text.replace("−", "-"))
        return number if least <= number <= most else self._wrong(name, "range")

    def amount(self, name: str, currency: str, *, empty: int | None = None) -> int:
        """A sum of the major unit ("1,250.50", "฿1,250", "250 บาท"), in minor units. Wrong: missing, number."""
        text = self._raw(name).strip()
        if not text:
            return self._missing(name, empty)
        try:
            return money.typed(text, currency)
        except ValueError:
            return self._wrong(name, "number")

    def one_of(self, name: str, choices: Collection[str]) -> str:
        """One of the choices. Wrong: unknown."""
        text = self._raw(name).strip()
        if text not in choices:
            self._wrong(name, "unknown")
        return text

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self._raw(name) == "on"

    def refuse(self, name: str, reason: str) -> None:
        """Something else is wrong with the field; what was found first counts."""
        self.wrong.setdefault(name, reason)

    def check(self) -> None:
        """Raises BadFields when anything was wrong."""
        if self.wrong:
            raise BadFields(self.wrong)

    def _raw(self, name: str) -> str:
        return storable(self._typed.get(name, ""))

    def _within(self, name: str, text: str, most: int, required: bool) -> str:
        if required and not text:
            self.refuse(name, "missing")
        if len(text) > most:
            self.refuse(name, "long")
        return text

    def _missing(self, name: str, empty: int | None) -> int:
        return self._wrong(name, "missing") if empty is None else empty

    def _wrong(self, name: str, reason: str) -> int:
        self.refuse(name, reason)
        return 0
