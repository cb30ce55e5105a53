"""Products, choices and orders as the cards, lines and taps that customers see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from actions.labels import label
from actions.say import Say, tap
from actions.turn import Turn
from shop import money
from shop.carriers import tracking_page
from shop.models import CartLine, Order, Product, Shop, Variant
from shop.orders import nothing_was_paid
from shop.replies import Bill, BillLine, Button, Card, Cards
from shop.shipping import Quote
from shop.states import OrderState
from shop.words import delivery_days, status_lines

#: Taps offered for a quantity; a customer may type any other number.
MOST_TAPS = 5


def products(
    shop: Shop, found: Iterable[Product], turn: Turn, say: Say, wanted: Mapping[str, str] | None = None
) -> Cards:
    """Cards of products: picture, name, price, what is left, "Buy Now", which opens the chat or the store.

    `wanted` (quantity, colour, size) is what the customer has said already; the tap brings it back.
    """
    return Cards(
        tuple(_product(shop, product, turn, say, wanted or {}) for product in found),
        more=label("more", turn.language),
    )


def _product(shop: Shop, product: Product, turn: Turn, say: Say, wanted: Mapping[str, str]) -> Card:
    left, language = in_stock(product), turn.language
    if shop.buy_now_opens == "store":
        buy_now = Button(label("buy_now", language), url=say.store(turn, f"products/{product.id}"))
    else:
        buy_now = tap(label("buy_now", language), "buy_now", product=product.id, **wanted)
    buy = (buy_now,) if left else ()
    return Card(
        title=product.name(language),
        subtitle=f"{price(shop, product, language)}\n{stock(left, language)}",
        image_url=say.picture(product.picture),
        buttons=buy,
    )


def price(shop: Shop, product: Product, language: str) -> str:
    """The product's price, or the lowest and highest of its variants."""
    prices = [variant.price for variant in product.offered]
    ends = sorted({min(prices), max(prices)})
    return "–".join(money.written(end, shop.currency, language) for end in ends)


def goods(shop: Shop, product: Product, language: str) -> str:
    """The product in a line: "T-shirt ฿250–฿270 (Left: 5)"."""
    return f"{product.name(language)} {price(shop, product, language)} ({stock(in_stock(product), language)})"


def choice(shop: Shop, variant: Variant, language: str) -> str:
    """One choice of a product in a line: "T-shirt (Size M) ฿250 (Left: 3)"."""
    amount = money.written(variant.price, shop.currency, language)
    return f"{variant.name(language)} {amount} ({stock(variant.stock, language)})"


def in_stock(product: Product) -> int:
    """How many pieces of all its variants are left."""
    return sum(variant.stock for variant in product.offered)


def stock(left: int, language: str) -> str:
    """What is left: "Left: 5", or "Sold out"."""
    return label("left", language, left=left) if left else label("sold_out", language)


def variant_taps(variants: Iterable[Variant], language: str) -> list[Button]:
    """One tap for each variant that is left, named by its options."""
    return [
        tap(variant.option(language) or variant.sku, "buy_now", variant=variant.id)
        for variant in variants
        if variant.stock
    ]


def option_taps(variants: Sequence[Variant], option: int, language: str) -> list[Button]:
    """One tap for each value that the product's option number `option` has among the variants that are left."""
    values = {variant.values[option]["th"]: variant for variant in variants if variant.stock}
    return [
        tap(
            variant.values[option][language],
            "choose_option",
            product=variant.product_id,
            option=option,
            value=value,
        )
        for value, variant in values.items()
    ]


def cart_cards(shop: Shop, cart: Sequence[CartLine], language: str, say: Say) -> Cards:
    """Cards of what is in the cart, each with taps to change how many, and to take it out."""
    return Cards(
        tuple(
            Card(
                title=line.variant.name(language),
                subtitle=f"{line.quantity} × {money.written(line.variant.price, shop.currency, language)}",
                image_url=say.picture(line.variant.picture),
                buttons=(
                    tap(label("change_quantity", language), "buy_now", variant=line.variant_id),
                    tap(label("remove", language), "edit_cart", remove=line.variant_id),
                ),
            )
            for line in cart
        ),
        more=label("more", language),
    )


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


def shipping_method(quote: Quote, currency: str, language: str) -> str:
    """A way to send, its price and how long it takes: "Parcel: Shipping ฿40 · 1–3 days (free from ฿500)"."""
    days = delivery_days(quote.method, language)
    price_and_days = f"{shipping(quote.fee, currency, language)}{' · ' if days else ''}{days}"
    fee = f"{quote.method.name(language)}: {price_and_days}"
    if quote.method.free_from is None or not quote.fee:
        return fee
    return (
        f"{fee} {label('free_from', language, sum=money.written(quote.method.free_from, currency, language))}"
    )


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
                buttons=(
                    tap(label("details", language), "show_order", order_number=order.number),
                    *parcel_taps(order, language),
                    *_again_taps(order, language),
                ),
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
        return [*parcel_taps(order, language), *_again_taps(order, language)]
    add_address = tap(label("add_address", language), "confirm_order", order_number=order.number)
    how_to_pay = tap(label("how_to_pay", language), "ask_payment", order_number=order.number)
    cancel = tap(label("cancel", language), "cancel_order", order_number=order.number)
    return [
        *([] if order.deliverable else [add_address]),
        how_to_pay,
        *([cancel] if nothing_was_paid(order) else []),
    ]


def parcel_taps(order: Order, language: str) -> list[Button]:
    """The link to the page that follows the order's parcel, if there is one."""
    parcel = order.shipment
    page = tracking_page(parcel.carrier, parcel.tracking) if parcel else None
    return [Button(label("track", language), url=page)] if page else []


def _again_taps(order: Order, language: str) -> list[Button]:
    """An order that is over, or on its way, can be placed once more."""
    if order.state in (OrderState.PLACED, OrderState.CONFIRMED, OrderState.PACKED):
        return []
    return [tap(label("order_again", language), "order_again", order_number=order.number)]


def bill(order: Order, pictures: Mapping[int, str], language: str, say: Say) -> Bill:
    """The order's bill. `pictures`: keys of stored pictures by variant id."""
    return Bill(
        order_number=order.number,
        recipient_name=order.recipient or "",
        currency=order.currency,
        payment_method=label(f"pay_by_{order.payment_method}", language),
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
        adjustments=((label("discount", language), order.discount),) if order.discount else (),
        placed_at=int(order.placed_at.timestamp()),
        address=order.address or "",
    )
