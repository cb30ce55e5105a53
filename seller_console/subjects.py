"""What entries of the log are about, as people know it: a name in place of an id, and the page where it is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from seller_console.texts import text
from shop import called
from shop.audit import is_among
from shop.models import AuditEntry

_ABOUT_CUSTOMERS = ("chats.write", "chats.take", "chats.back", "new_order", "customer")
_ABOUT_PRODUCTS = ("product", "pictures", "stock")


@dataclass(frozen=True)
class Subject:
    """How an entry's subject is called, and its page's path, "" where it has none."""

    name: str
    path: str = ""


#: Actions (or the first word of some), who knows what their subjects are called, and where those are shown.
_KNOWN: Sequence[tuple[Collection[str], called.Finder, str]] = (
    (_ABOUT_CUSTOMERS, called.customers, "/chats/{}"),
    (("chats.assign", "chats.done"), called.orders_of_slips, "/orders/{}"),
    (_ABOUT_PRODUCTS, called.products, "/products/{}"),
    (("categories",), called.categories, "/products/categories"),
    (("quick_answers",), called.quick_answers, "/chats/answers"),
    (("training", "taught"), called.utterances, "/training/{}"),
    (("channels", "channel"), called.channels, "/channels/{}"),
)
#: Pages that are found by the subject itself, if they need one.
_PATHS = {
    "settings": "/settings/{}",
    "payment_settings": "/settings/payment",
    "shipping_settings": "/settings/shipping",
    "first_day": "/settings/checklist",
    "imports": "/products/import/{}",
    "bot_models": "/training/models/{}",
}
#: What the sections of the settings are called.
SECTIONS = {
    "shop": "Shop and menu",
    "selling": "How you sell",
    "times": "Times",
    "languages": "Languages",
    "privacy": "Personal data",
}


def named(session: Session, entries: Sequence[AuditEntry], language: str) -> Mapping[int, Subject]:
    """The subject of each entry, by its id, in as many queries as there are kinds of things, however many entries."""
    subjects = {entry.id: _unasked(entry, language) for entry in entries}
    for actions, find, path in _KNOWN:
        mine = [entry for entry in entries if is_among(entry.action, actions) and entry.subject]
        found = find(session, {entry.subject for entry in mine}, language) if mine else {}
        for entry in mine:
            if entry.subject in found:
                name, key = found[entry.subject]
                subjects[entry.id] = Subject(name, path.format(key))
    return subjects


def meant(session: Session, words: str) -> tuple[Collection[str], Mapping[str, Collection[str]]]:
    """What the words may be names of: subjects of any action, and for some actions (or their first word) subjects."""
    customers = called.customers_like(session, words)
    products = called.products_like(session, words)
    about = dict.fromkeys(_ABOUT_CUSTOMERS, customers) | dict.fromkeys(_ABOUT_PRODUCTS, products)
    return called.orders_of(session, customers), {action: ids for action, ids in about.items() if ids}


def _unasked(entry: AuditEntry, language: str) -> Subject:
    if entry.subject.startswith("TL-"):
        return Subject(entry.subject, f"/orders/{entry.subject}")
    page, name = entry.action.partition(".")[0], entry.subject
    if page == "settings" and name in SECTIONS:
        name = text(language, SECTIONS[name])
    return Subject(name, _PATHS.get(page, "").format(entry.subject) if entry.subject else "")
