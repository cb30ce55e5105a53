"""Products, choices and orders as the cards, lines and taps that customers see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from actions.labels import label
from actions.say import Say, tap
from shop import money
from shop.models import CartLine, Order, Product, Shop, Variant
from shop.replies import Bill, BillLine, Button, Card, Cards
from shop.states import OrderState
from shop.words import status_lines

#: Taps offered for a quantity; a customer may type any other number.
MOST_TAPS = 5


def products(shop: Shop, found: Iterable[Product], language: str, say: Say) -> Cards:
    """Cards of products: picture, name, price, what is left, "Buy Now"."""
    return Cards(
        tuple(_product(shop, product, language, say) for product in found), more=label("more", language)
    )


def _product(shop: Shop, product: Product, language: str, say: Say) -> Card:
    left = sum(variant.stock for variant in product.variants)
    buy = (tap(label("buy_now", language), "buy_now", product=product.id),) if left else ()
    return Card(
        title=product.name(language),
        subtitle=f"{price(shop, product, language)}\n{stock(left, language)}",
        image_url=say.picture(product.picture),
        buttons=buy,
    )


def price(shop: Shop, product: Product, language: str) -> str:
    """The product's price, or the lowest and highest of its variants."""
    prices = [variant.price for variant in product.variants]
    ends = sorted({min(prices), max(prices)})
    return "–".join(money.written(end, shop.currency, language) for end in ends)


def stock(left: int, language: str) -> str:
    """What is left: "Left: 5", or "Sold out"."""
    return label("left", language, left=left) if left else label("sold_out", language)


def variant_taps(variants: Iterable[Variant], language: str) -> list[Button]:
    """One tap for each variant that is left, named by its option."""
    return [
        tap(_option(variant, language), "buy_now", variant=variant.id)
        for variant in variants
        if variant.stock
    ]


def _option(variant: Variant, language: str) -> str:
    return variant.option(language) or variant.sku


def quantity_taps(variant: Variant) -> list[Button]:
    """1 to 5, as far as the stock goes."""
    return [
        tap(str(quantity), "choose_quantity", variant=variant.id, quantity=quantity)
        for quantity in range(1, min(variant.stock, MOST_TAPS) + 1)
    ]


def cart_lines(shop: Shop, cart: Sequence[CartLine], language: str) -> str:
    """The cart as lines of text: "2 × White T-shirt  ฿500"."""
    return "\n".join(
        f"{line.quantity} × {line.variant.name(language)}  "
        f"{money.written(line.variant.price * line.quantity, shop.currency, language)}"
        for line in cart
    )


def order_lines(order: Order, language: str) -> str:
    """What was ordered, as lines of text, shipping last."""
    written = [
        f"{line.quantity} × {line.name(language)}  "
        f"{money.written(line.unit_price * line.quantity, order.currency, language)}"
        for line in order.lines
    ]
    return "\n".join([*written, shipping(order.shipping_fee, order.currency, language)])


def shipping(fee: int, currency: str, language: str) -> str:
    """What sending costs: "Shipping ฿40", or "Free shipping"."""
    if not fee:
        return label("shipping_free", language)
    return label("shipping_fee", language, fee=money.written(fee, currency, language))


def orders(found: Iterable[Order], language: str) -> Cards:
    """Cards of orders: number and total, payment and shipping, "Details"."""
    return Cards(
        tuple(
            Card(
                title=f"{order.number} · {money.written(order.total, order.currency, language)}",
                subtitle=status_lines(order, language),
                buttons=(tap(label("details", language), "show_order", order_number=order.number),),
            )
            for order in found
        ),
        more=label("more", language),
    )


def order_choices(found: Iterable[tuple[str, int, str]], intent: str, language: str) -> list[Button]:
    """One tap for each order, given as (number, total, currency)."""
    return [
        tap(f"{number} · {money.written(total, currency, language)}", intent, order_number=number)
        for number, total, currency in found
    ]


def order_taps(order: Order, language: str) -> list[Button]:
    """What the customer can still do with the order."""
    if order.state != OrderState.PLACED:
        return []
    add_address = tap(label("add_address", language), "confirm_order", order_number=order.number)
    how_to_pay = tap(label("how_to_pay", language), "ask_payment", order_number=order.number)
    cancel = tap(label("cancel", language), "cancel_order", order_number=order.number)
    return [how_to_pay, cancel] if order.deliverable else [add_address, how_to_pay, cancel]


def bill(order: Order, pictures: Mapping[int, str], language: str, say: Say) -> Bill:
    """The order's bill. `pictures`: keys of stored pictures by variant id."""
    return Bill(
        order_number=order.number,
        recipient_name=order.recipient or "",
        currency=order.currency,
        payment_method=label("payment_method", language),
        lines=tuple(
            BillLine(
                line.name(language),
                line.quantity,
                line.unit_price,
                say.picture(pictures.get(line.variant_id)),
            )
            for line in order.lines
        ),
        subtotal=order.subtotal,
        shipping=order.shipping_fee,
        total=order.total,
        placed_at=int(order.placed_at.timestamp()),
        address=order.address or "",
    )
