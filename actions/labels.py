"""The words on taps and cards that are put together from the shop's data. All others are responses in `domain/`."""

from __future__ import annotations

_LABELS: dict[str, tuple[str, str]] = {
    "add_address": ("กรอกที่อยู่จัดส่ง", "Add address"),
    "buy_now": ("ซื้อเลย", "Buy Now"),
    "cancel": ("ยกเลิกออเดอร์", "Cancel order"),
    "cancel_now": ("ยืนยันยกเลิก", "Yes, cancel"),
    "details": ("ดูรายละเอียด", "Details"),
    "how_to_pay": ("วิธีชำระเงิน", "How to pay"),
    "keep_order": ("ไม่ยกเลิก", "No, keep it"),
    "left": ("เหลือ {left} ชิ้น", "Left: {left}"),
    "more": ("ดูเพิ่มเติม", "More"),
    "no_address": ("ยังไม่มีที่อยู่จัดส่ง", "No address yet"),
    "payment_method": ("โอนเงิน", "Bank transfer"),
    "shipping_free": ("ส่งฟรี", "Free shipping"),
    "shipping_fee": ("ค่าส่ง {fee}", "Shipping {fee}"),
    "sold_out": ("สินค้าหมด", "Sold out"),
    "switch_language": ("English", "ภาษาไทย"),
    "talk_to_seller": ("คุยกับร้าน", "Talk to seller"),
    "view_orders": ("ดูคำสั่งซื้อ", "View orders"),
}


def label(name: str, language: str, **values: str | int) -> str:
    """The label in `language` ("th" or "en"), `values` filled in."""
    thai, english = _LABELS[name]
    return (english if language == "en" else thai).format(**values)
