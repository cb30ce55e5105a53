"""How roles are called, and what they mean, for people who give them. English, and keys of the texts."""

from __future__ import annotations

from seller_console.texts import text
from shop.roles import Role

WORDS = {
    Role.OWNER: ("Owner", "Everything, also settings, money and people."),
    Role.STAFF: ("Seller", "Orders with their money, slips, chats, products and figures."),
    Role.PACKER: ("Packer", "Packs and sends parcels. Sees no money."),
    Role.TRAINER: ("Trainer", "Teaches the bot. Sees no orders."),
}


def role_word(role: str, language: str) -> str:
    """The role's name."""
    return text(language, WORDS[Role(role)][0]) if role in WORDS else role


def role_meaning(role: str, language: str) -> str:
    """What people of this role do, in a sentence."""
    return text(language, WORDS[Role(role)][1])
