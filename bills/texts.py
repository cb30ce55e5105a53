"""The bills' words in Thai. Code and templates hold the English, and `text` finds the other language."""

from __future__ import annotations

THAI = {
    "Order bill": "บิลคำสั่งซื้อ",
    "Payment notification": "บิลแจ้งชำระเงิน",
    "Order number": "เลขที่คำสั่งซื้อ",
    "Ordered": "วันที่สั่งซื้อ",
    "Status": "สถานะ",
    "Payment": "การชำระเงิน",
    "Paid by": "วิธีชำระเงิน",
    "Bank transfer": "โอนเงิน",
    "Cash on delivery": "เก็บเงินปลายทาง",
    "Customer": "ลูกค้า",
    "Send to": "ที่อยู่จัดส่ง",
    "Item": "รายการ",
    "Quantity": "จำนวน",
    "Price": "ราคา",
    "Amount": "จำนวนเงิน",
    "Subtotal": "รวมค่าสินค้า",
    "Shipping": "ค่าส่ง",
    "Free": "ฟรี",
    "Discount": "ส่วนลด",
    "Total": "ยอดรวมทั้งสิ้น",
    "Received": "ได้รับแล้ว",
    "Outstanding": "ยอดคงค้าง",
    "Paid too much": "ชำระเกิน",
    "Slips and payments": "สลิปและรายการรับเงิน",
    "Nothing has come in yet.": "ยังไม่มีสลิปหรือรายการรับเงิน",
    "Slip received": "ได้รับสลิป",
    "Slip received (not accepted)": "ได้รับสลิป (ไม่ผ่าน)",
    "Payment accepted": "รับชำระเงิน",
    "Entry taken back": "ยกเลิกรายการ",
    "Refunded": "คืนเงิน",
    "How to pay": "วิธีชำระเงิน",
    "Pay %(amount)s before %(before)s": "ชำระ %(amount)s ภายใน %(before)s",
    "Scan with your bank's app: PromptPay, the exact amount is in the QR.": "สแกนด้วยแอปธนาคาร พร้อมเพย์ใส่ยอดให้พอดีแล้ว",
    "PromptPay QR": "คิวอาร์พร้อมเพย์",
    "Page %(page)s of %(pages)s": "หน้า %(page)s / %(pages)s",
    "Save as PDF": "บันทึกเป็น PDF",
    "This link has ended": "ลิงก์นี้หมดอายุแล้วค่ะ",
    "Please ask for the bill again in the chat.": "ขอบิลใหม่ได้ในแชทเลยนะคะ",
    "There is nothing to pay here": "ไม่มียอดที่ต้องชำระแล้วค่ะ",
    "This order does not wait for a transfer any more. Please look at its status in the chat.": (
        "คำสั่งซื้อนี้ไม่ต้องโอนเงินแล้ว ดูสถานะคำสั่งซื้อได้ในแชทเลยนะคะ"
    ),
}


def text(language: str, english: str, **values: object) -> str:
    """The text in `language` ("th" or "en") with the named values put in. `english` is the text and its key."""
    words = THAI[english] if language == "th" else english
    return words % values if values else words
