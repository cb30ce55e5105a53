"""What the shop sells and how the shop is set up: products, variants, settings, payment accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from shop.errors import NotFound
from shop.models import PaymentAccount, Product, Shop, Variant


def the_shop(session: Session) -> Shop:
    """The shop's settings. Raises NotFound before the shop is set up (`talad demo` or the console)."""
    shop = session.get(Shop, 1)
    if shop is None:
        raise NotFound("the shop is not set up")
    return shop


def payment_accounts(session: Session) -> Sequence[PaymentAccount]:
    """Where customers can send money, in the seller's order."""
    return session.scalars(select(PaymentAccount).order_by(PaymentAccount.position, PaymentAccount.id)).all()


def products_on_sale(session: Session) -> Sequence[Product]:
    """The products customers see, in the seller's order, sold-out ones included."""
    # One query: this list is the shop window, and read more often than anything else.
    window = (
        select(Product)
        .join(Product.variants)
        .where(Product.active)
        .options(contains_eager(Product.variants).contains_eager(Variant.product))
        .order_by(Product.position, Product.id, Variant.id)
    )
    return session.scalars(window).unique().all()


def product_on_sale(session: Session, product_id: int) -> Product:
    """One product that customers see. Raises NotFound."""
    product = session.get(Product, product_id)
    if product is None or not product.active or not product.variants:
        raise NotFound(f"product {product_id}")
    return product


def variant_on_sale(session: Session, variant_id: int) -> Variant:
    """One variant that customers can choose, sold out or not. Raises NotFound."""
    variant = session.get(Variant, variant_id)
    if variant is None or not variant.product.active:
        raise NotFound(f"variant {variant_id}")
    return variant


def pictures(session: Session, variant_ids: Iterable[int]) -> dict[int, str]:
    """Keys of the pictures of these variants' products, by variant id; those without one are left out."""
    query = select(Variant).join(Product).where(Variant.id.in_(list(variant_ids)))
    found = session.scalars(query)
    return {variant.id: variant.product.picture for variant in found if variant.product.picture}
