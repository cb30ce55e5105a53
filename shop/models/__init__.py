"""All tables, so that one import knows the whole schema."""

from shop.models.alert import Alert, PushDevice, PushKey
from shop.models.base import Base
from shop.models.catalogue import (
    Category,
    PaymentAccount,
    Product,
    ProductGram,
    ProductImport,
    ProductPicture,
    Shop,
    StockChange,
    Variant,
)
from shop.models.chat import ChatEntry, QuickAnswer
from shop.models.customer import Channel, ChatDay, Customer
from shop.models.errand import Errand
from shop.models.mail import InboxEvent, MessageTemplate, Notice, OutboxMessage, StoreVisit
from shop.models.order import CartLine, Order, OrderLine, OrderNote, OrderTerm, Shipment, Transition
from shop.models.payment import Payment, Slip, SlipCheck, Transfer
from shop.models.people import AuditEntry, FailedSignIn, HalfSignIn, Invite, RecoveryCode, SignIn, User
from shop.models.privacy import DeletionRequest, Leftover
from shop.models.shipping import ShippingMethod, ShippingRate
from shop.models.teaching import BotModel, Heard, Utterance

__all__ = [
    "Alert",
    "AuditEntry",
    "Base",
    "BotModel",
    "CartLine",
    "Category",
    "Channel",
    "ChatDay",
    "ChatEntry",
    "Customer",
    "DeletionRequest",
    "Errand",
    "FailedSignIn",
    "HalfSignIn",
    "Heard",
    "InboxEvent",
    "Invite",
    "Leftover",
    "MessageTemplate",
    "Notice",
    "Order",
    "OrderLine",
    "OrderNote",
    "OrderTerm",
    "OutboxMessage",
    "Payment",
    "PaymentAccount",
    "Product",
    "ProductGram",
    "ProductImport",
    "ProductPicture",
    "PushDevice",
    "PushKey",
    "QuickAnswer",
    "RecoveryCode",
    "Shipment",
    "ShippingMethod",
    "ShippingRate",
    "Shop",
    "SignIn",
    "Slip",
    "SlipCheck",
    "StockChange",
    "StoreVisit",
    "Transfer",
    "Transition",
    "User",
    "Utterance",
    "Variant",
]
