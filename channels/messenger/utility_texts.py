"""The words of our utility templates, by kind of notice. How Meta is given them is in utility.py.

Messenger Platform, "Utility messages": about an order only, nothing that advertises; a value stands neither first nor
last; few values among many words (Thai is written with spaces between phrases, so that words can be counted).
A changed text needs a new `version`: Meta has no way to change an approved one.
"""
# ruff: noqa: E501 (a text and its translation one below the other)

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A template's text with named values such as `{order}`, in Thai and English."""

    th: str
    en: str
    version: int = 1


WORDS = {
    "placed_by_shop": Words(
        "แจ้งสถานะคำสั่งซื้อ ร้านเปิดบิลออเดอร์ {order} ยอด {total} ให้แล้วค่ะ รบกวนตรวจสอบ รายละเอียด ในแชทนี้ นะคะ",
        "Update about your order: the shop has made order {order} of {total} for you. Please look at the details here in the chat. Thank you.",
        version=2,
    ),
    "accepted": Words(
        "แจ้งสถานะคำสั่งซื้อ ร้านรับออเดอร์ {order} แล้วค่ะ ยอดเก็บเงินปลายทาง {total} จะแจ้งอีกครั้ง เมื่อจัดส่ง นะคะ",
        "Update about your order: the shop has accepted order {order}. You pay {total} to the courier on delivery. We will tell you when it is on its way.",
    ),
    "pending": Words(
        "แจ้งการชำระเงิน รอยืนยันการชำระเงิน ร้านกำลังตรวจสอบ การชำระเงิน ของออเดอร์ {order} อีกครั้งค่ะ แล้วจะแจ้งผล ในแชทนี้ นะคะ",
        "Payment Confirmation: Pending. The shop is checking the payment of order {order} once more. We will tell you the result here in the chat.",
    ),
    "paid": Words(
        "แจ้งสถานะคำสั่งซื้อ ร้านยืนยันการชำระเงิน ออเดอร์ {order} ยอด {total} เรียบร้อยแล้วค่ะ ขอบคุณมากนะคะ",
        "Update about your order: Payment Confirmed. We have received {total} for order {order}. Your order is marked as paid, thank you.",
    ),
    "part_paid": Words(
        "แจ้งการชำระเงิน ร้านได้รับยอด {amount} สำหรับออเดอร์ {order} แล้วค่ะ ยังขาดอีก {outstanding} รบกวนโอนส่วนที่เหลือ แล้วส่งสลิป ในแชทนี้ นะคะ",
        "Update about your payment: we have received {amount} for order {order}, and {outstanding} is still missing. Please transfer the rest and send the slip here in the chat.",
    ),
    "rejected": Words(
        "แจ้งการชำระเงิน ร้านยังยืนยันสลิป ของออเดอร์ {order} ไม่ได้ค่ะ เนื่องจาก {reason} รบกวนส่งสลิปที่ถูกต้อง ในแชทนี้ ภายใน {before} นะคะ",
        "Update about your payment: the shop could not accept the slip for order {order}. Reason: {reason}. Please send the right slip here in the chat before {before}.",
    ),
    "refunded": Words(
        "แจ้งการคืนเงิน ร้านคืนเงิน {amount} สำหรับออเดอร์ {order} ให้แล้วค่ะ หากมีข้อสงสัย ตอบกลับในแชทนี้ ได้เลยค่ะ",
        "Update about your order: the shop has returned {amount} for order {order} to you. If anything is unclear, please answer here in the chat.",
    ),
    "bill_changed": Words(
        "แจ้งสถานะคำสั่งซื้อ ร้านปรับยอด ออเดอร์ {order} แล้วค่ะ ยอดรวมใหม่คือ {total} รบกวนตรวจสอบ รายละเอียด ในแชทนี้ นะคะ",
        "Update about your order: the shop has changed the bill of order {order}. The new total is {total}. Please look at the details here in the chat.",
    ),
    "shipped": Words(
        "แจ้งการจัดส่ง ออเดอร์ {order} ส่งออกแล้วค่ะ ขนส่งและเลขพัสดุ คือ {parcel} รอรับของ ได้เลยนะคะ",
        "Update about your order: order {order} is on its way to you. It was sent with {parcel} and will be handed to you at your address.",
    ),
    "delivered": Words(
        "แจ้งการจัดส่ง ออเดอร์ {order} ส่งถึงแล้วค่ะ หากมีปัญหา เกี่ยวกับสินค้า ตอบกลับในแชทนี้ ได้เลยค่ะ",
        "Update about your order: order {order} has been delivered. If anything about it is wrong, please answer here in the chat.",
    ),
    "not_shipped": Words(
        "แจ้งการจัดส่ง ขออภัยด้วยนะคะ ร้านแจ้งผิดค่ะ ออเดอร์ {order} ยังไม่ได้จัดส่ง จะแจ้งอีกครั้ง เมื่อจัดส่ง นะคะ",
        "Update about your order: we are sorry, we told you wrongly. Order {order} has not been sent yet. We will tell you here in the chat when it is on its way.",
    ),
    "not_delivered": Words(
        "แจ้งการจัดส่ง ขออภัยด้วยนะคะ ร้านแจ้งผิดค่ะ ออเดอร์ {order} ยังไม่ถึง พัสดุยังอยู่ระหว่างจัดส่ง กับ {parcel} รอรับของ ได้เลยนะคะ",
        "Update about your order: we are sorry, we told you wrongly. Order {order} has not arrived yet. It is still on its way to you with {parcel} and will be handed to you at your address.",
    ),
    "cancelled_by_shop": Words(
        "แจ้งสถานะคำสั่งซื้อ ขออภัยด้วยนะคะ ร้านต้องยกเลิกออเดอร์ {order} ยอด {total} ค่ะ หากโอนเงินแล้ว ตอบกลับในแชทนี้ ได้เลยค่ะ",
        "Update about your order: we are sorry, the shop had to cancel order {order} of {total}. If you have paid already, please answer here in the chat.",
    ),
    "came_back": Words(
        "แจ้งสถานะคำสั่งซื้อ พัสดุของออเดอร์ {order} กลับมาถึงร้านแล้วค่ะ ออเดอร์นี้จึงถูกยกเลิก หากยังต้องการสินค้า หรือมีข้อสงสัย ตอบกลับในแชทนี้ ได้เลยค่ะ",
        "Update about your order: the parcel of order {order} is back at the shop, so the order has been cancelled. If anything is unclear, please answer here in the chat.",
    ),
    "payment_reminder": Words(
        "แจ้งสถานะคำสั่งซื้อ ออเดอร์ {order} ยอด {total} ยังรอชำระเงิน อยู่ค่ะ รบกวนส่งสลิป ในแชทนี้ ภายใน {before} มิฉะนั้น ออเดอร์จะถูกยกเลิก อัตโนมัติ ค่ะ",
        "Update about your order: order {order} of {total} is still waiting for payment. Please send a photo of the transfer slip here before {before}. After that the order is cancelled by itself.",
    ),
    "expired": Words(
        "แจ้งสถานะคำสั่งซื้อ ออเดอร์ {order} ยอด {total} หมดเวลาชำระเงินแล้ว จึงถูกยกเลิก ค่ะ หากโอนเงินแล้ว ตอบกลับในแชทนี้ ได้เลยค่ะ",
        "Update about your order: the time to pay for order {order} of {total} is over, so it was cancelled. If you have paid already, please answer here in the chat.",
    ),
}

#: What Meta's reviewers see in place of the values; shaped like the real ones.
SAMPLES = {
    "th": {
        "order": "TL-48213907",
        "total": "฿290",
        "amount": "฿100",
        "outstanding": "฿190",
        "before": "24 พ.ย. 2569 เวลา 14:30 น.",
        "parcel": "แฟลช เอ็กซ์เพรส TH0112345678",
        "reason": "ยอดเงินไม่ตรงกับออเดอร์",
    },
    "en": {
        "order": "TL-48213907",
        "total": "฿290",
        "amount": "฿100",
        "outstanding": "฿190",
        "before": "24 Nov 2026, 14:30",
        "parcel": "Flash Express TH0112345678",
        "reason": "the amount is not that of the order",
    },
}

BUTTON = {"th": "ดูออเดอร์", "en": "View order"}
