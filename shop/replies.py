"""What the shop can say to a customer, in no channel's own format.

Actions and notices make these values, the outbox keeps them as JSON, and a channel's renderer turns
them into its own messages. A channel's limits are the renderer's business: none are applied here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_origin, get_type_hints


class BadReply(ValueError):
    """A JSON value that is no reply; the text says which part is wrong."""


@dataclass(frozen=True)
class Button:
    """A tap: `payload` comes back to the bot (Rasa's form `/intent{"entity": "value"}`), `url` opens a page.

    Exactly one of the two is set.
    """

    title: str
    payload: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if not self.title or (self.payload is None) == (self.url is None):
            raise BadReply("a button needs a title and either a payload or a url")


@dataclass(frozen=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True)
class Choices:
    """Words with taps below them. `more` labels the tap that shows further choices where a channel has to page."""

    text: str
    buttons: tuple[Button, ...]
    more: str = "More"


@dataclass(frozen=True)
class Card:
    """One product, order or account: a picture (public address), two lines of words, taps."""

    title: str
    subtitle: str = ""
    image_url: str | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Cards side by side. `more` labels the tap that shows the next page where a channel has to page."""

    cards: tuple[Card, ...]
    more: str = "More"


@dataclass(frozen=True)
class Image:
    """A picture at a public address; `alt` says in words what it shows."""

    url: str
    alt: str = ""


@dataclass(frozen=True)
class BillLine:
    """One line of a bill; `unit_price` in minor units, before multiplying by `quantity`."""

    title: str
    quantity: int
    unit_price: int
    image_url: str | None = None


@dataclass(frozen=True)
class Bill:
    """An order's bill. Amounts are integers in the minor unit of `currency` (ISO 4217); `total` is the shop's own sum.

    `adjustments` are named amounts taken off (a discount of 50.00 is `("Discount", 5000)`).
    `placed_at` is Unix seconds.
    """

    order_number: str
    recipient_name: str
    currency: str
    payment_method: str
    lines: tuple[BillLine, ...]
    subtotal: int
    shipping: int
    total: int
    placed_at: int
    address: str = ""
    adjustments: tuple[tuple[str, int], ...] = ()


Reply = Text | Choices | Cards | Image | Bill

_KINDS: dict[str, type[Reply]] = {
    "text": Text,
    "choices": Choices,
    "cards": Cards,
    "image": Image,
    "bill": Bill,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_PARTS: dict[str, type[Any]] = {"buttons": Button, "cards": Card, "lines": BillLine}
#: Of each of them the fields that are no lists, with their types.
_SCALARS = {
    kind: {name: hint for name, hint in get_type_hints(kind).items() if get_origin(hint) is not tuple}
    for kind in (*_KINDS.values(), *_PARTS.values())
}


def to_json(reply: Reply) -> dict[str, Any]:
    """The reply as a JSON object: its fields, and `kind`."""
    return {"kind": _NAMES[type(reply)], **asdict(reply)}


def from_json(value: Mapping[str, Any]) -> Reply:
    """The reply that `to_json` wrote.

    Raises BadReply when the value has another shape; nothing is guessed or left out.
    """
    kind = value.get("kind") if isinstance(value, Mapping) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BadReply(f"unknown kind of reply: {kind!r}")
    reply: Reply = _build(_KINDS[kind], {name: part for name, part in value.items() if name != "kind"})
    return reply


def _build(kind: type[Any], fields: Mapping[str, Any]) -> Any:
    if not isinstance(fields, Mapping):
        raise BadReply(f"a {kind.__name__} must be an object, not {fields!r}")
    try:
        built = kind(**{name: _value(name, value) for name, value in fields.items()})
    except TypeError as error:
        raise BadReply(f"{kind.__name__}: {error}") from error
    for name, expected in _SCALARS[kind].items():
        if not isinstance(getattr(built, name), expected):
            raise BadReply(f"{name} of a {kind.__name__} is no {expected}")
    return built


def _value(name: str, value: Any) -> Any:
    if name in _PARTS:
        if not isinstance(value, list | tuple):
            raise BadReply(f"{name} must be a list, not {value!r}")
        return tuple(_build(_PARTS[name], part) for part in value)
    if name == "adjustments":
        return tuple((str(label), int(amount)) for label, amount in value)
    return value
