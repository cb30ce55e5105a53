"""The shop's general settings, section by section: each is checked whole, then written whole.

What customers see in Messenger before the first word is made of them, so a change of that asks the gateway to show it
anew, in the same transaction. Payment accounts and ways to send are in settings.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop import accounts, audit, catalogue, errands
from shop.errands import Kind
from shop.errors import NotFound
from shop.fields import Fields, both_languages
from shop.models import Customer, Shop

LANGUAGES = ("th", "en")


@dataclass(frozen=True)
class Section:
    """Some settings that are changed together: columns of the shop, and fields of the form.

    `texts` have their most characters, `numbers` their least and most, `choices` what is offered; a switch that is
    missing from a form is off.
    """

    texts: Mapping[str, int]
    numbers: Mapping[str, tuple[int, int]]
    switches: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All of its fields."""
        return (*self.texts, *self.numbers, *self.switches, *(self.choices or {}))


SECTIONS = {
    # Messenger Platform: a greeting has 160 characters, a menu entry 30.
    "shop": Section(
        texts={
            "name_th": 60,
            "name_en": 60,
            "greeting_th": 160,
            "greeting_en": 160,
            "menu_products_th": 30,
            "menu_products_en": 30,
        },
        numbers={},
    ),
    "selling": Section(
        texts={},
        numbers={},
        switches=("auto_billing", "cash_on_delivery", "auto_confirm"),
        choices={"buy_now_opens": ("chat", "store")},
    ),
    "times": Section(
        texts={}, numbers={"payment_hours": (1, 720), "reminder_hours": (0, 168), "handoff_hours": (1, 168)}
    ),
    "privacy": Section(
        texts={},
        numbers={
            "keep_slips_days": (7, 3650),
            "keep_addresses_days": (7, 3650),
            "keep_chats_days": (7, 3650),
        },
    ),
}
#: What a menu may call the products without further thought: Thai and English.
MENU_LABELS = {"products": ("สินค้า", "Products"), "items": ("รายการสินค้า", "Items")}
OWN_LABEL = "own"
#: What a Page shows of the settings.
_SHOWN = {"greeting_th", "greeting_en", "menu_products_th", "menu_products_en", "languages"}


def change(session: Session, name: str, typed: Mapping[str, str], *, by: str, now: datetime) -> Shop:
    """Write a section's settings from a form's fields.

    Of the section "shop" the field `menu` may name one of MENU_LABELS in place of the two labels; the first time, it
    makes the shop. A reminder has to come before the time to pay is up, but after the order. Raises NotFound for a
    section that is none, and BadFields (missing, long, number, range, unknown); then nothing is changed.
    """
    section = SECTIONS.get(name)
    if section is None:
        raise NotFound(f"section {name}")
    if typed.get("menu") in MENU_LABELS:
        thai, english = MENU_LABELS[typed["menu"]]
        typed = {**typed, "menu_products_th": thai, "menu_products_en": english}
    fields = Fields(both_languages(typed))
    values: dict[str, object] = {
        one: fields.text(one, most, required=True) for one, most in section.texts.items()
    }
    values |= {one: fields.whole(one, *ends) for one, ends in section.numbers.items()}
    values |= {one: fields.ticked(one) for one in section.switches}
    values |= {one: fields.one_of(one, offered) for one, offered in (section.choices or {}).items()}
    if (
        name == "times"
        and not fields.wrong
        and int(str(values["reminder_hours"])) >= int(str(values["payment_hours"]))
    ):
        fields.refuse("reminder_hours", "range")
    fields.check()
    if name == "shop" and session.get(Shop, 1) is None:
        session.add(Shop(id=1, **values))
        session.flush()
    _write(session, {**values, "ticked": _ticked(catalogue.the_shop(session), name)}, by, now)
    return catalogue.the_shop(session)


def offer_languages(session: Session, typed: Mapping[str, str], *, by: str, now: datetime) -> Shop:
    """Answer customers in these languages only (fields `offer_th` and `offer_en`), strangers in `language`.

    Customers who were answered in a language that is offered no longer are answered in that of strangers. Raises
    BadFields: `offered` or `language` is unknown.
    """
    fields = Fields(typed)
    offered = [language for language in LANGUAGES if fields.ticked(f"offer_{language}")]
    if not offered:
        fields.refuse("offered", "unknown")
    first = fields.one_of("language", offered or LANGUAGES)
    fields.check()
    _write(session, {"languages": offered, "language": first}, by, now)
    others = update(Customer).where(Customer.language.not_in(offered)).values(language=first)
    session.execute(others.execution_options(synchronize_session=False))
    return catalogue.the_shop(session)


def _ticked(shop: Shop, step: str) -> list[str]:
    return sorted({*shop.ticked, step})


def _write(session: Session, values: Mapping[str, object], by: str, now: datetime) -> None:
    shop = catalogue.the_shop(session)
    before = {name: getattr(shop, name) for name in values}
    for name, value in values.items():
        setattr(shop, name, value)
    session.flush()
    changed = {name: [before[name], value] for name, value in values.items() if value != before[name]}
    audit.note(session, **{name: pair for name, pair in changed.items() if name != "ticked"})
    if _SHOWN & changed.keys():
        for channel in accounts.connected(session):
            errands.ask(session, Kind.SHOW, channel_id=channel.id, by=by, now=now)
