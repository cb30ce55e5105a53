"""Which products a customer means: by the words they used, in Thai or English, whole names or parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from shop import catalogue
from shop.models import Product, Variant

_WORD = re.compile(r"[^\W_]+")


def find(session: Session, name: str, traits: Iterable[str] = ()) -> Sequence[Product]:
    """Products on sale that `name` may mean, in the seller's order; none when nothing fits.

    `name` is what the customer called it ("เสื้อยืด", "mugs"), or their whole sentence. `traits` (a colour, a size)
    narrow the choice when they fit something.
    """
    found = _named(catalogue.products_on_sale(session), name)
    for trait in traits:
        found = [
            product for product in found if any(_has(variant, trait) for variant in product.variants)
        ] or found
    return found


def variants(product: Product, traits: Iterable[str]) -> Sequence[Variant]:
    """The product's variants that fit `traits`; a trait that fits none is passed over."""
    found: Sequence[Variant] = product.variants
    for trait in traits:
        found = [variant for variant in found if _has(variant, trait)] or found
    return found


def _named(products: Sequence[Product], name: str) -> list[Product]:
    wanted = _plain(name)
    if len(wanted) < 2:
        return []
    singular = wanted.removesuffix("s")
    whole = [product for product in products if any(title in wanted for title in _titles(product))]
    part = [product for product in products if any(singular in title for title in _titles(product))]
    return whole or part or _sharing_most_words(products, name)


def _sharing_most_words(products: Sequence[Product], name: str) -> list[Product]:
    """By single words, for languages that separate them: "I'll take two hats" means the brown hat."""
    said = _words(name)
    shared = {product.id: len(said & _words(product.name_en)) for product in products}
    most = max(shared.values(), default=0)
    return [product for product in products if most and shared[product.id] == most]


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.casefold()) if len(word) > 2}


def _titles(product: Product) -> list[str]:
    return [title for title in (_plain(product.name_th), _plain(product.name_en)) if title]


def _has(variant: Variant, trait: str) -> bool:
    """Short traits ("M", "XL") must be a word of their own, longer ones may be part of one ("สีดำ" has ดำ)."""
    names = f"{variant.name('th')} {variant.name('en')}".casefold()
    if len(trait) <= 3 and trait.isascii():
        return trait.casefold() in _WORD.findall(names)
    return _plain(trait) in _plain(names)


def _plain(text: str) -> str:
    """Letters, their marks and digits only, so that "T-Shirt" and "t shirt" are the same."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")
