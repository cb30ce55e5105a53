"""What people of each role may do. A page of the console names what it takes; nothing asks for the role itself."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the shop. A packer sees no money; a trainer teaches the bot and sees no order."""

    OWNER = "owner"
    STAFF = "staff"
    PACKER = "packer"
    TRAINER = "trainer"


class May(StrEnum):
    """Something that not everybody in the shop may do."""

    SEE_ORDERS = "see_orders"  # without what they cost
    PACK = "pack"
    SEE_MONEY = "see_money"  # prices, slips, bills, ledgers
    SELL = "sell"  # change orders and their money: confirm, reject, refund, discount, cancel
    CHAT = "chat"
    SEE_PROBLEMS = "see_problems"
    KEEP_PRODUCTS = "keep_products"
    SEE_FIGURES = "see_figures"
    TEACH = "teach"
    CHANGE_SHOP = "change_shop"  # settings and channels
    KEEP_PEOPLE = "keep_people"  # accounts, and the log of who did what


_STAFF = frozenset(
    {
        May.SEE_ORDERS,
        May.PACK,
        May.SEE_MONEY,
        May.SELL,
        May.CHAT,
        May.SEE_PROBLEMS,
        May.KEEP_PRODUCTS,
        May.SEE_FIGURES,
    }
)
ALLOWED = {
    Role.OWNER: frozenset(May),
    Role.STAFF: _STAFF,
    Role.PACKER: frozenset({May.SEE_ORDERS, May.PACK}),
    Role.TRAINER: frozenset({May.TEACH}),
}


def allowed(role: str) -> frozenset[May]:
    """All that people of this role may do; nothing for a word that is no role."""
    return ALLOWED.get(Role(role), frozenset()) if role in set(Role) else frozenset()
