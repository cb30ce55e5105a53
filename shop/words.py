"""How states and times are called in Thai and English: in the chat and in the console alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from babel.dates import format_date

from shop import carriers
from shop.models import Order, Shipment, ShippingMethod
from shop.states import OrderState, PaymentState

#: Thailand has had one zone and no summer time since 1920, so no zone database has to be there.
BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
_BUDDHIST_ERA = 543

_ORDER: dict[OrderState, tuple[str, str]] = {
    OrderState.PLACED: ("สั่งซื้อแล้ว", "Placed"),
    OrderState.CONFIRMED: ("ยืนยันแล้ว", "Confirmed"),
    OrderState.PACKED: ("แพ็กแล้ว", "Packed"),
    OrderState.SHIPPED: ("จัดส่งแล้ว", "Shipped"),
    OrderState.DELIVERED: ("ส่งถึงแล้ว", "Delivered"),
    OrderState.CANCELLED: ("ยกเลิกแล้ว", "Cancelled"),
    OrderState.EXPIRED: ("หมดเวลาชำระเงิน", "Expired"),
}
_SHIPPING: dict[OrderState, tuple[str, str]] = _ORDER | {
    OrderState.PLACED: ("ยังไม่จัดส่ง", "Not shipped yet"),
    OrderState.CONFIRMED: ("กำลังเตรียมของ", "Being prepared"),
}
_PAYMENT: dict[PaymentState, tuple[str, str]] = {
    PaymentState.AWAITING_SLIP: ("รอชำระเงิน", "Waiting for payment"),
    PaymentState.PENDING: ("รอยืนยันการชำระเงิน", "Payment Confirmation: Pending"),
    PaymentState.PAID: ("ชำระเงินแล้ว", "Paid"),
    PaymentState.REJECTED: ("สลิปไม่ผ่าน", "Slip not accepted"),
    PaymentState.REFUNDED: ("คืนเงินแล้ว", "Refunded"),
    PaymentState.ON_DELIVERY: ("เก็บเงินปลายทาง", "Cash on delivery"),
}


#: Why a slip is not accepted (shop.payments.REASONS), as its customer reads it.
_REJECTIONS: dict[str, tuple[str, str]] = {
    "unreadable": ("รูปไม่ชัด อ่านสลิปไม่ได้", "the picture cannot be read"),
    "used_before": ("สลิปนี้เคยใช้แล้ว", "the slip has been used before"),
    "wrong_amount": ("ยอดเงินไม่ตรงกับออเดอร์", "the amount is not that of the order"),
    "wrong_receiver": ("โอนเข้าบัญชีอื่น ไม่ใช่บัญชีของร้าน", "the money went to another account than the shop's"),
    "other": ("ร้านยังไม่พบยอดโอนนี้", "the shop cannot find this transfer"),
}


def rejection_word(reason: str, language: str) -> str:
    """Why a slip is not accepted, in `language` ("th" or "en")."""
    return _in(language, _REJECTIONS[reason])


def order_word(state: str, language: str) -> str:
    """The order's state in `language` ("th" or "en")."""
    return _in(language, _ORDER[OrderState(state)])


def shipping_word(state: str, language: str) -> str:
    """What the order's state means for its parcel."""
    return _in(language, _SHIPPING[OrderState(state)])


def payment_word(state: str, language: str) -> str:
    """The payment's state in `language`."""
    return _in(language, _PAYMENT[PaymentState(state)])


def status_lines(order: Order, language: str) -> str:
    """What the customer reads under an order's number: a line about the payment, one about the parcel."""
    if order.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        return order_word(order.state, language)
    payment = payment_word(order.payment_state, language)
    if order.payment_state != PaymentState.PENDING:  # that one names the payment already
        payment = _in(language, ("การชำระเงิน: ", "Payment: ")) + payment
    shipping = _in(language, ("\nการจัดส่ง: ", "\nShipping: ")) + shipping_word(order.state, language)
    return payment + shipping + (f"\n{parcel(order.shipment, language)}" if order.shipment else "")


def parcel(shipment: Shipment, language: str) -> str:
    """Who carries it and its number: "Flash Express TH0112345678"."""
    return f"{carriers.name(shipment.carrier, language)} {shipment.tracking}".strip()


def delivery_days(method: ShippingMethod, language: str) -> str:
    """How long a parcel takes: "1–3 days"; empty where the seller has not said."""
    first, last = method.days_from, method.days_to
    if first is None or last is None:
        return ""
    days = str(last) if first == last else f"{first}–{last}"
    return _in(language, (f"{days} วัน", "1 day" if days == "1" else f"{days} days"))


def written_time(at: datetime, language: str) -> str:
    """The moment in Thailand's time, short: "24 Nov 2026, 14:30", or "24 พ.ย. 2569 เวลา 14:30 น."."""
    clock = f"{at.astimezone(BANGKOK):%H:%M}"
    day = written_day(at, language)
    return f"{day}, {clock}" if language == "en" else f"{day} เวลา {clock} น."


def written_day(day: date, language: str) -> str:
    """The day, short: "24 Nov 2026", or "24 พ.ย. 2569"; of a moment, the day it is in Thailand."""
    there = day.astimezone(BANGKOK).date() if isinstance(day, datetime) else day
    if language == "en":
        return format_date(there, "d MMM y", locale="en")
    return f"{format_date(there, 'd MMM', locale='th')} {there.year + _BUDDHIST_ERA}"


def written_mark(mark: str, language: str) -> str:
    """A part of a period (`shop.periods.Period.marks`), as short as an axis needs it: "10:00", "24 Nov", "Nov 26"."""
    day, _, hour = mark.partition(" ")
    if hour:
        return f"{hour}:00"
    if len(day) > len("2026-11"):
        return format_date(date.fromisoformat(day), "d MMM", locale=language)
    month = date.fromisoformat(f"{day}-01")
    year = month.year if language == "en" else month.year + _BUDDHIST_ERA
    return f"{format_date(month, 'MMM', locale=language)} {year % 100:02}"


def _in(language: str, words: tuple[str, str]) -> str:
    return words[1] if language == "en" else words[0]
