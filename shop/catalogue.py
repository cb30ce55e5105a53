"""What the shop sells and how the shop is set up: products, variants, settings, payment accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from shop.errors import NotFound
from shop.models import Category, PaymentAccount, Product, Shop, Variant

#: What customers see: products that are not hidden and have a variant that is not.
ON_SALE = Product.active & Product.variants.any(Variant.active)


@dataclass(frozen=True)
class ProductsPage:
    """Some products in the seller's order, and the `after_id` with which the next page begins, None on the last."""

    products: Sequence[Product]
    after_id: int | None


def the_shop(session: Session) -> Shop:
    """The shop's settings. Raises NotFound before the shop is set up (`talad demo` or the console)."""
    shop = session.get(Shop, 1)
    if shop is None:
        raise NotFound("the shop is not set up")
    return shop


def payment_accounts(session: Session) -> Sequence[PaymentAccount]:
    """Where customers can send money, in the seller's order."""
    return session.scalars(select(PaymentAccount).order_by(PaymentAccount.position, PaymentAccount.id)).all()


def categories(session: Session) -> Sequence[Category]:
    """The categories that hold something on sale, in the seller's order."""
    filled = select(Product.id).where(Product.category_id == Category.id, ON_SALE).exists()
    return session.scalars(select(Category).where(filled).order_by(Category.position, Category.id)).all()


def products_page(
    session: Session, *, category_id: int | None = None, after_id: int | None = None, limit: int = 10
) -> ProductsPage:
    """At most `limit` products that customers see, of one category or all, sold-out ones included.

    `after_id` is the last product of the page before; one that is gone begins at the beginning.
    """
    window = select(Product).where(ON_SALE).order_by(Product.position, Product.id).limit(limit + 1)
    if category_id is not None:
        window = window.where(Product.category_id == category_id)
    last = session.get(Product, after_id) if after_id is not None else None
    if last is not None:
        window = window.where(tuple_(Product.position, Product.id) > tuple_(last.position, last.id))
    found = session.scalars(window).all()
    return ProductsPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def any_product(session: Session, product_id: int) -> Product:
    """One product, hidden and archived ones too. Raises NotFound."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(f"product {product_id}")
    return product


def locked_product(session: Session, product_id: int) -> Product:
    """The product and its variants as they are now, which until the end of the transaction nobody else changes.

    Raises NotFound.
    """
    lock(session, [product_id])
    return any_product(session, product_id)


def lock(session: Session, product_ids: Collection[int]) -> None:
    """Have nobody else change these products and their variants, and see them as they are now.

    First the products, then the variants, each in the order of their ids, as orders take stock: so nobody waits for one
    who waits for them.
    """
    for model, mine in ((Product, Product.id), (Variant, Variant.product_id)):
        query = select(model).where(mine.in_(product_ids)).order_by(model.id)
        query = query.with_for_update(of=model, key_share=True).execution_options(populate_existing=True)
        session.scalars(query).all()


def product_on_sale(session: Session, product_id: int) -> Product:
    """One product that customers see. Raises NotFound."""
    product = session.get(Product, product_id)
    if product is None or not product.active or not product.offered:
        raise NotFound(f"product {product_id}")
    return product


def variant_on_sale(session: Session, variant_id: int) -> Variant:
    """One variant that customers can choose, sold out or not. Raises NotFound."""
    variant = session.get(Variant, variant_id)
    if variant is None or not on_sale(variant):
        raise NotFound(f"variant {variant_id}")
    return variant


def on_sale(variant: Variant) -> bool:
    """Whether customers can see the variant."""
    return variant.active and variant.product.active


def pictures(session: Session, variant_ids: Iterable[int]) -> dict[int, str]:
    """Keys of these variants' pictures, their own or their products', by variant id; those without are left out."""
    query = select(Variant).join(Product).where(Variant.id.in_(list(variant_ids)))
    found = session.scalars(query)
    return {variant.id: variant.picture for variant in found if variant.picture}
