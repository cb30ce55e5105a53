"""Which products a customer means: by the words they used, in Thai or English, whole names or parts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from shop import catalogue
from shop.models import Category, Product, Variant
from shop.search_index import grams, plain

_WORD = re.compile(r"[^\W_]+")

# However large the shop, a search reads so much of the index and looks at so many products: a rare part of a word
# says more than a common one, so the rest would change little.
_MOST_GRAMS = 60
_EACH_GRAM = 200
_MOST_LOOKED_AT = 60
#: So much of what was typed must be in a name that resembles it: "เสื้อดำ" means "เสื้อยืดสีดำ".
_ALIKE = 0.6


def find(session: Session, name: str, traits: Iterable[str] = (), limit: int = 30) -> Sequence[Product]:
    """At most `limit` products on sale that `name` may mean, in the seller's order; none when nothing fits.

    `name` is what the customer called it ("เสื้อยืด", "mugs"), or their whole sentence. `traits` (a colour, a size)
    narrow the choice when they fit something.
    """
    found = _named(_candidates(session, name), name)
    for trait in traits:
        found = [
            product for product in found if any(_has(variant, trait) for variant in product.offered)
        ] or found
    return found[:limit]


def category(session: Session, words: str) -> Category | None:
    """The category whose name the words hold; the longest name, if there are several."""
    wanted = plain(words)
    held = [
        (len(title), found)
        for found in catalogue.categories(session)
        for title in (plain(found.name_th), plain(found.name_en))
        if title and title in wanted
    ]
    return max(held, key=lambda pair: pair[0])[1] if held else None


def fitting(variants: Sequence[Variant], traits: Iterable[str]) -> Sequence[Variant]:
    """Those of a product's variants that fit `traits`; a trait that fits none is passed over."""
    found = variants
    for trait in traits:
        found = [variant for variant in found if _has(variant, trait)] or found
    return found


def _candidates(session: Session, name: str) -> Sequence[Product]:
    """The products that share most, and the rarest, of the words' letters, in the seller's order."""
    wanted = plain(name)
    looked_up = sorted(grams(wanted, min(len(wanted), 3)))[:_MOST_GRAMS] if len(wanted) > 1 else []
    if not looked_up:
        return ()
    holders: defaultdict[str, list[int]] = defaultdict(list)
    values = {f"gram{number}": gram for number, gram in enumerate(looked_up)}
    for gram, product_id in session.execute(_lookup(len(looked_up)), values):
        holders[gram].append(product_id)
    shared: Counter[int] = Counter()
    for found in holders.values():
        for product_id in found:
            shared[product_id] += 1 / len(found)  # type: ignore[assignment]  # counts need not be whole
    likely = [product_id for product_id, _ in shared.most_common(_MOST_LOOKED_AT)]
    on_sale = select(Product).where(Product.id.in_(likely), catalogue.ON_SALE)
    return session.scalars(on_sale.order_by(Product.position, Product.id)).all()


@cache
def _lookup(number: int) -> TextClause:
    """Reads the first products of so many grams, each by its own short walk along the index."""
    return text(
        " UNION ALL ".join(
            f"SELECT * FROM (SELECT gram, product_id FROM product_gram WHERE gram = :gram{n}"  # noqa: S608
            f" ORDER BY product_id LIMIT {_EACH_GRAM}) AS g{n}"
            for n in range(number)
        )
    )


def _named(products: Sequence[Product], name: str) -> list[Product]:
    wanted = plain(name)
    if len(wanted) < 2:
        return []
    singular = wanted.removesuffix("s")
    whole = _named_whole(products, wanted)
    part = [product for product in products if any(singular in title for title in _titles(product))]
    return whole or part or _sharing_most_words(products, name) or _alike(products, wanted)


def _named_whole(products: Sequence[Product], wanted: str) -> list[Product]:
    """Those whose whole name was said; of "Shirt" and "Shirt dress" the longer, when it was."""
    said = {
        product.id: max((title for title in _titles(product) if title in wanted), key=len, default="")
        for product in products
    }
    names = {title for title in said.values() if title}
    longest = {title for title in names if not any(title != other and title in other for other in names)}
    return [product for product in products if said[product.id] in longest]


def _sharing_most_words(products: Sequence[Product], name: str) -> list[Product]:
    """By single words, for languages that separate them: "I'll take two hats" means the brown hat."""
    said = _words(name)
    shared = {product.id: len(said & _words(product.name_en)) for product in products}
    most = max(shared.values(), default=0)
    return [product for product in products if most and shared[product.id] == most]


def _alike(products: Sequence[Product], wanted: str) -> list[Product]:
    """By letters, for what was typed nearly right, or with an option: the SKU and the options count too."""
    typed = grams(wanted, 3)
    shares = {product.id: len(typed & _all_grams(product)) for product in products}
    most = max(shares.values(), default=0)
    if len(wanted) < 4 or most < _ALIKE * len(typed):
        return []
    return [product for product in products if shares[product.id] == most]


def _all_grams(product: Product) -> set[str]:
    words = [*_titles(product)]
    for variant in product.offered:
        words += [plain(variant.sku), *(plain(name) for value in variant.values for name in value.values())]
    return {gram for word in words for gram in grams(word, 3)}


def _words(words: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(words.casefold()) if len(word) > 2}


def _titles(product: Product) -> list[str]:
    return [title for title in (plain(product.name_th), plain(product.name_en)) if title]


def _has(variant: Variant, trait: str) -> bool:
    """Short traits ("M", "XL") must be a word of their own, longer ones may be part of one ("สีดำ" has ดำ)."""
    names = f"{variant.name('th')} {variant.name('en')}".casefold()
    if len(trait) <= 3 and trait.isascii():
        return trait.casefold() in _WORD.findall(names)
    return plain(trait) in plain(names)
