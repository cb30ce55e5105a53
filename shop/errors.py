"""Everything the shop can refuse, as one tree. The edge (chat, console) chooses the words.

Refusals carry plain values, not rows: the transaction that raised them is rolled back when they are read.

ShopError
├── NotFound            what was asked for does not exist, or is not this customer's
├── SoldOut             less is left than was asked for
├── EmptyCart           there is nothing to order
├── SellerBills         the shop lets no order be placed without a person
├── OtherPrices         prices, or what is offered, have changed since the customer looked
├── NotAllowed          the order's state does not permit this move
├── NoOpenOrder         a slip came, but no order waits for one
├── ChooseOrder         a slip came, and several orders wait for one
├── NotASlip            a picture came that does not look like a slip
├── LedgerMoved         the money, the sum or the slips changed meanwhile
├── CartMoved           the customer has changed their cart since a seller looked at it
├── LinesMoved          someone else has changed what is in an order meanwhile
├── ParcelMoved         an order's parcel has another number than somebody saw
├── NumberTaken         a parcel to somebody else has this number
├── BadInput            a customer's detail cannot be used (field and reason)
├── BadFields           several fields of a form cannot be used (reasons by field)
├── PlanMoved           what an import would do is not what somebody looked at
├── StockMoved          the stock is not what it was when somebody looked
├── WasOrdered          what has been ordered cannot be deleted
├── NotReachable        the platform lets nobody write to this customer now
├── OrdersOpen          a customer's data cannot go while their orders are open
├── BeingAnswered       a message of the customer is being answered at this moment
├── BadPicture          a picture that cannot be read
├── BadSheet            a spreadsheet that cannot be read
├── LastOwner           without this account nobody could keep the shop
├── TrainingGoesOn      a model is being made already
├── NotReady            the model is not made yet, could not be made, or is no longer kept
├── GotWorse            the model understands something that matters worse than the one before
├── ComparedWithAnother another model has been published since this one was examined
├── MadeOfOtherFiles    the model was made of other files than those in use now
├── InviteOver          an invite's link is unknown, used, taken back or too old
├── SignInRefused       wrong name or password
└── TooManyAttempts     signing in is paused after many wrong passwords
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from shop.models import Customer, Order, Variant


class ShopError(Exception):
    """Parent of every refusal."""


class NotFound(ShopError):
    """What was asked for does not exist, or is not this customer's."""


class SoldOut(ShopError):
    """Less of the variant is left than was asked for: `left` pieces. `names` by language ("th", "en")."""

    def __init__(self, variant: Variant) -> None:
        super().__init__(f"only {variant.stock} left of {variant.sku}")
        self.variant_id = variant.id
        self.left = variant.stock
        self.names = {language: variant.name(language) for language in ("th", "en")}


class EmptyCart(ShopError):
    """There is nothing to order."""


class SellerBills(ShopError):
    """The shop has switched Auto Billing off: what is in the cart is ordered by a person."""


class OtherPrices(ShopError):
    """Something in the cart costs another price than the customer was told last, or is offered no longer."""


class NotAllowed(ShopError):
    """The order's state does not permit this move."""

    def __init__(self, order: Order, move: str) -> None:
        super().__init__(f"{order.number} is {order.state}/{order.payment_state}: {move} is not possible")
        self.number = order.number
        self.move = move


class NoOpenOrder(ShopError):
    """A slip came, but no order of this customer waits for one."""


class ChooseOrder(ShopError):
    """A slip came, and several orders of this customer wait for one: `open_orders` are (number, total, currency)."""

    def __init__(self, orders: Sequence[Order]) -> None:
        super().__init__(", ".join(order.number for order in orders))
        self.open_orders = [(order.number, order.total, order.currency) for order in orders]


class NotASlip(ShopError):
    """A picture came for an order that waits, but it does not look like a slip: `seen` is what its codes are."""

    def __init__(self, seen: str) -> None:
        super().__init__(seen)
        self.seen = seen


class LedgerMoved(ShopError):
    """Since it was looked at, the order's ledger, what is outstanding, or what slips wait has changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.number = order.number


class CartMoved(ShopError):
    """The customer has changed what is in their cart since it was looked at."""


class LinesMoved(ShopError):
    """Someone has changed what is in the order since it was looked at."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.number = order.number


class ParcelMoved(ShopError):
    """The order's parcel has another number than somebody saw, and was to change."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.number = order.number


class NumberTaken(ShopError):
    """The parcel of the order `number`, which goes to somebody else, has this tracking number."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.number = order.number


class NotReachable(ShopError):
    """The platform lets nobody, not even a person, write to this customer now."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(f"nobody may write to customer {customer.id} now")
        self.customer_id = customer.id


class BadInput(ShopError):
    """A detail cannot be used. `field` is recipient, phone, address, quantity …; `reason` one short word."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class BadFields(ShopError):
    """Fields of a form or cells of a table cannot be used: `reasons` (one short word each) by field."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {reason}" for field, reason in reasons.items()))
        self.reasons = dict(reasons)


class PlanMoved(ShopError):
    """Something has changed since the seller looked at what an import would do."""


class StockMoved(ShopError):
    """The variant's stock is not what it was when somebody looked, but `left`."""

    def __init__(self, variant: Variant) -> None:
        super().__init__(f"{variant.sku} has {variant.stock} now")
        self.left = variant.stock


class WasOrdered(ShopError):
    """The product stands in (at least) this number of `orders`, which must go on saying what was bought."""

    def __init__(self, orders: int) -> None:
        super().__init__(f"in {orders} orders")
        self.orders = orders


class OrdersOpen(ShopError):
    """A customer's data cannot go while they have open orders: `numbers`."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(f"still open: {', '.join(numbers)}")
        self.numbers = list(numbers)


class BeingAnswered(ShopError):
    """A message of the customer is being answered at this moment; try again in a few seconds."""


class BadPicture(ShopError):
    """A picture that cannot be read; the text says why."""


class BadSheet(ShopError):
    """A spreadsheet that cannot be read; `reason` is one short word: large, rows, columns, old, unreadable …

    `headings`: those that were found, where it is for want of others.
    """

    def __init__(self, reason: str, *, headings: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.headings = headings


class LastOwner(ShopError):
    """Without this account no active owner would be left."""


class TrainingGoesOn(ShopError):
    """A model is being made already, and one is made at a time."""


class NotReady(ShopError):
    """The model is not made yet, could not be made, or is no longer kept."""


class GotWorse(ShopError):
    """The model understands something that matters worse than the one before: `worse`, in sentences."""

    def __init__(self, worse: Sequence[str]) -> None:
        super().__init__("; ".join(worse))
        self.worse = list(worse)


class ComparedWithAnother(ShopError):
    """Another model has been published since this one was examined, so nobody knows whether it is better."""


class MadeOfOtherFiles(ShopError):
    """The model was made of other files than those in use now, so the dialogue does not fit it."""


class InviteOver(ShopError):
    """The invite's link is unknown, used, taken back or too old."""


class SignInRefused(ShopError):
    """Wrong name or password."""


class TooManyAttempts(ShopError):
    """Signing in is paused until `until` (UTC) after many wrong passwords."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"paused until {until.isoformat()}")
        self.until = until
