"""All tables, so that one import knows the whole schema."""

from shop.models.base import Base
from shop.models.catalogue import PaymentAccount, Product, Shop, StockChange, Variant
from shop.models.customer import Channel, Customer
from shop.models.mail import InboxEvent, Notice, OutboxMessage
from shop.models.order import CartLine, Order, OrderLine, Transition
from shop.models.payment import Payment, Slip
from shop.models.people import FailedSignIn, SignIn, User

__all__ = [
    "Base",
    "CartLine",
    "Channel",
    "Customer",
    "FailedSignIn",
    "InboxEvent",
    "Notice",
    "Order",
    "OrderLine",
    "OutboxMessage",
    "Payment",
    "PaymentAccount",
    "Product",
    "Shop",
    "SignIn",
    "Slip",
    "StockChange",
    "Transition",
    "User",
    "Variant",
]
