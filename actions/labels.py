"""The words on taps and cards that are put together from the shop's data. All others are responses in `domain/`."""

from __future__ import annotations

_LABELS: dict[str, tuple[str, str]] = {
    "add_address": ("กรอกที่อยู่จัดส่ง", "Add address"),
    "back_to_bot": ("กลับไปคุยกับบอท", "Back to the bot"),
    "bill_pdf": ("บิล (PDF)", "Bill (PDF)"),
    "buy_now": ("ซื้อเลย", "Buy Now"),
    "cancel": ("ยกเลิกออเดอร์", "Cancel order"),
    "cancel_now": ("ยืนยันยกเลิก", "Yes, cancel"),
    "change_payment": ("เปลี่ยนวิธีชำระเงิน", "Change payment"),
    "change_quantity": ("เปลี่ยนจำนวน", "Change quantity"),
    "change_shipping": ("เปลี่ยนวิธีจัดส่ง", "Change shipping"),
    "choose_place": ("เลือกตำบล/แขวง", "Choose sub-district"),
    "clear_cart": ("ล้างตะกร้า", "Empty the cart"),
    "confirm_order": ("ยืนยันคำสั่งซื้อ", "Confirm order"),
    "details": ("ดูรายละเอียด", "Details"),
    "discount": ("ส่วนลด", "Discount"),
    "free_from": ("(ส่งฟรีเมื่อซื้อครบ {sum})", "(free from {sum})"),
    "how_to_pay": ("วิธีชำระเงิน", "How to pay"),
    "it_is_a_slip": ("ใช่ เป็นสลิป", "Yes, it is the slip"),
    "it_is_no_slip": ("ไม่ใช่สลิป", "No, it is not"),
    "keep_order": ("ไม่ยกเลิก", "No, keep it"),
    "left": ("เหลือ {left} ชิ้น", "Left: {left}"),
    "mean_ask_payment": ("วิธีชำระเงิน", "How to pay"),
    "mean_ask_price": ("ถามราคา", "The price"),
    "mean_ask_shipping": ("ค่าส่งและเวลาส่ง", "Shipping"),
    "mean_ask_stock": ("มีของไหม", "What is in stock"),
    "mean_cancel_order": ("ยกเลิกออเดอร์", "Cancel an order"),
    "mean_change_address": ("เปลี่ยนที่อยู่", "Change the address"),
    "mean_complaint": ("แจ้งปัญหา", "Report a problem"),
    "mean_confirm_order": ("ยืนยันคำสั่งซื้อ", "Confirm order"),
    "mean_products": ("ดูสินค้า", "See the products"),
    "mean_report_payment": ("แจ้งโอนเงิน", "I have paid"),
    "mean_view_cart": ("ดูตะกร้า", "See my cart"),
    "mean_view_orders": ("ดูคำสั่งซื้อ", "View orders"),
    "more": ("ดูเพิ่มเติม", "More"),
    "no_address": ("ยังไม่มีที่อยู่จัดส่ง", "No address yet"),
    "open_store": ("เปิดร้านออนไลน์", "Open store"),
    "order_again": ("สั่งอีกครั้ง", "Order again"),
    "pay_by_cod": ("เก็บเงินปลายทาง", "Cash on delivery"),
    "pay_by_transfer": ("โอนเงิน", "Bank transfer"),
    "pay_before": (
        "ชำระได้ถึง {before} ค่ะ แตะค้างที่เลขบัญชีเพื่อคัดลอกได้เลยนะคะ",
        "Please pay before {before}. Touch and hold a number above to copy it.",
    ),
    "remove": ("เอาออก", "Remove"),
    "same_address": ("ส่งที่เดิม", "Same address"),
    "scan_to_pay": (
        "สแกน QR พร้อมเพย์นี้ด้วยแอปธนาคาร ยอด {sum} ใส่ไว้ให้แล้วค่ะ",
        "Scan this PromptPay QR with your bank's app. The amount, {sum}, is filled in.",
    ),
    "send_to_number": ("ส่งที่ {number}", "Address {number}"),
    "shipping_fee": ("ค่าส่ง {fee}", "Shipping {fee}"),
    "shipping_free": ("ส่งฟรี", "Free shipping"),
    "sold_out": ("สินค้าหมด", "Sold out"),
    "switch_language": ("English", "ภาษาไทย"),
    "talk_to_seller": ("คุยกับร้าน", "Talk to seller"),
    "track": ("ติดตามพัสดุ", "Track parcel"),
    "view_orders": ("ดูคำสั่งซื้อ", "View orders"),
}


def label(name: str, language: str, **values: str | int) -> str:
    """The label in `language` ("th" or "en"), `values` filled in."""
    thai, english = _LABELS[name]
    return (english if language == "en" else thai).format(**values)
