"""Thai words for parcels."""

THAI = {
    "Fulfilment": "การจัดส่ง",
    "Track parcel": "ติดตามพัสดุ",
    "Accept order (cash on delivery)": "รับออเดอร์ (เก็บเงินปลายทาง)",
    "Mark as packed": "แพ็กแล้ว",
    "Ship": "จัดส่ง",
    "Change carrier or number": "แก้ขนส่งหรือเลขพัสดุ",
    "Carrier": "บริษัทขนส่ง",
    "Another carrier (its name)": "ขนส่งอื่น (พิมพ์ชื่อ)",
    "Tracking number": "เลขพัสดุ",
    "Save and tell the customer": "บันทึกและแจ้งลูกค้า",
    "Mark as delivered": "ส่งถึงแล้ว",
    "Has the parcel arrived?": "พัสดุถึงลูกค้าแล้วใช่ไหมคะ",
    "Has the parcel arrived, and has %(amount)s been paid on delivery?": "พัสดุถึงลูกค้าแล้ว และเก็บเงินปลายทาง %(amount)s แล้วใช่ไหมคะ",
    "Cancel order": "ยกเลิกคำสั่งซื้อ",
    "Cancel this order? The stock returns, and the customer is told.": "ยกเลิกคำสั่งซื้อนี้ใช่ไหมคะ สต็อกจะกลับมา และระบบจะแจ้งลูกค้าให้",
    "Done.": "เรียบร้อยแล้ว",
    "That is not possible now: the order is “%(order)s”, its payment “%(payment)s”. Nothing was changed.": (
        "ตอนนี้ทำรายการนี้ไม่ได้ เพราะคำสั่งซื้อ “%(order)s” และการชำระเงิน “%(payment)s” ยังไม่มีอะไรเปลี่ยนแปลง"
    ),
    "The tracking number can only have letters, digits and hyphens (5 to 40). Nothing was changed.": (
        "เลขพัสดุใช้ได้เฉพาะตัวอักษรอังกฤษ ตัวเลข และขีด (5 ถึง 40 ตัว) ยังไม่มีอะไรเปลี่ยนแปลง"
    ),
    "The carrier needs a name of up to 40 letters. Nothing was changed.": "ชื่อขนส่งยาวได้ไม่เกิน 40 ตัวอักษร ยังไม่มีอะไรเปลี่ยนแปลง",
}
