"""The categories of the shop's goods, as the seller keeps them: made, renamed, ordered, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop import audit
from shop.errors import NotFound
from shop.fields import Fields
from shop.models import Category, Product

#: A tap in Messenger shows 20 characters; longer names are cut there.
MOST_LETTERS = 40


def all_of_them(session: Session) -> Sequence[Category]:
    """Every category in the seller's order, empty ones included."""
    return session.scalars(select(Category).order_by(Category.position, Category.id)).all()


def sizes(session: Session) -> Mapping[int, int]:
    """How many products, hidden ones included, stand in each category; without an entry none."""
    counted = select(Product.category_id, func.count()).where(Product.category_id.is_not(None))
    rows = session.execute(counted.where(~Product.archived).group_by(Product.category_id))
    return {category_id: number for category_id, number in rows if category_id is not None}


def save(session: Session, category_id: int | None, typed: Mapping[str, str]) -> Category:
    """Add a category at the end, or rename one; `name_th` and `name_en`, of which one is enough.

    Adding what is there (in either language) finds it. Raises NotFound, BadFields.
    """
    fields = Fields(typed)
    thai, english = fields.text("name_th", MOST_LETTERS), fields.text("name_en", MOST_LETTERS)
    if not (thai or english):
        fields.refuse("name_th", "missing")
    fields.check()
    if category_id is None:
        return named(session, thai, english)
    category = _existing(session, category_id)
    audit.note(session, name=[category.name("th"), thai or english])
    category.name_th, category.name_en = thai, english
    session.flush()
    return category


def named(session: Session, thai: str, english: str = "") -> Category:
    """The category of this name, made if there is none."""
    names = {name.casefold() for name in (thai, english) if name}
    known = all_of_them(session)
    for category in known:
        if names & {name.casefold() for name in (category.name_th, category.name_en) if name}:
            return category
    last = max((category.position for category in known), default=-1)
    category = Category(name_th=thai, name_en=english, position=last + 1)
    session.add(category)
    session.flush()
    return category


def move(session: Session, category_id: int, by: int) -> None:
    """Move the category up (-1) or down (1) by one place; at the end it stays. Raises NotFound."""
    known = list(all_of_them(session))
    place = known.index(_existing(session, category_id))
    known.insert(max(0, place + by), known.pop(place))
    for position, category in enumerate(known):
        category.position = position
    session.flush()


def remove(session: Session, category_id: int) -> None:
    """Take the category away; its products stay, without one. Removed before, nothing changes."""
    category = session.get(Category, category_id)
    if category is not None:
        session.execute(update(Product).where(Product.category_id == category_id).values(category_id=None))
        audit.note(session, name=category.name("th"))
        session.delete(category)
        session.flush()


def _existing(session: Session, category_id: int) -> Category:
    category = session.get(Category, category_id)
    if category is None:
        raise NotFound(f"category {category_id}")
    return category
