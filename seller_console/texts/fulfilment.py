"""Thai words for parcels."""

THAI = {
    "Fulfilment": "การจัดส่ง",
    "Not to be packed yet.": "ยังไม่ถึงขั้นตอนแพ็กของค่ะ",
    "Track parcel": "ติดตามพัสดุ",
    "Accept order (cash on delivery)": "รับออเดอร์ (เก็บเงินปลายทาง)",
    "Mark as packed": "บันทึกว่าแพ็กแล้ว",
    "Ship": "จัดส่ง",
    "Change carrier or number": "แก้ขนส่งหรือเลขพัสดุ",
    "Carrier": "บริษัทขนส่ง",
    "Another carrier (its name)": "ขนส่งอื่น (พิมพ์ชื่อ)",
    "Tracking number": "เลขพัสดุ",
    "Save and tell the customer": "บันทึกและแจ้งลูกค้า",
    "Mark as delivered": "บันทึกว่าส่งถึงแล้ว",
    "Has the parcel arrived?": "พัสดุถึงลูกค้าแล้วใช่ไหมคะ",
    "Has the parcel arrived, and has %(amount)s been paid on delivery?": "พัสดุถึงลูกค้าแล้ว และเก็บเงินปลายทาง %(amount)s แล้วใช่ไหมคะ",
    "Cancel order": "ยกเลิกคำสั่งซื้อ",
    "Cancel this order? The customer is told.": "ยกเลิกคำสั่งซื้อนี้ใช่ไหมคะ ระบบจะแจ้งลูกค้าให้",
    "Packed.": "บันทึกว่าแพ็กแล้ว",
    "Not packed after all": "ยกเลิกการแพ็ก (กดผิด)",
    "the packing": "การแพ็ก",
    "Packing undone": "ยกเลิกการแพ็ก",
    "%(count)s orders wait to be packed again.": "%(count)s คำสั่งซื้อกลับมารอแพ็กแล้ว",
    "The parcel came back": "พัสดุกลับมาถึงร้าน",
    "Parcel came back": "พัสดุกลับมาถึงร้าน",
    "Why did the parcel come back?": "พัสดุกลับมาเพราะอะไรคะ",
    "The order is cancelled, and the customer is told without the reason.": "ระบบจะยกเลิกคำสั่งซื้อ และแจ้งลูกค้าโดยไม่บอกเหตุผล",
    "The shop has %(amount)s of the customer's money. Afterwards you record here what you return.": (
        "ร้านมีเงินของลูกค้าอยู่ %(amount)s หลังจากนี้บันทึกการคืนเงินได้ที่หน้านี้"
    ),
    "Put the goods back into stock": "คืนสินค้าเข้าสต็อก",
    "Untick it if they are damaged or lost, so that they are not sold again.": "ถ้าของเสียหายหรือหาย ให้เอาเครื่องหมายออก จะได้ไม่ถูกขายอีก",
    "The goods were put back into stock.": "คืนสินค้าเข้าสต็อกแล้ว",
    "The goods were not put back into stock.": "ไม่ได้คืนสินค้าเข้าสต็อก",
    "Not put back into stock": "ไม่คืนเข้าสต็อก",
    "Shipped. The customer is told.": "บันทึกว่าจัดส่งแล้ว ระบบจะแจ้งลูกค้าให้",
    "Delivered. The customer is told.": "บันทึกว่าส่งถึงแล้ว ระบบจะแจ้งลูกค้าให้",
    "the shipping": "การจัดส่ง",
    "the delivery": "การส่งถึง",
    "Not shipped after all": "ยังไม่ได้จัดส่ง (กดผิด)",
    "Is the parcel still here? Its carrier and number are taken off. If the customer was told already, they are told that it was a mistake.": (
        "พัสดุยังอยู่ที่ร้านใช่ไหมคะ ระบบจะลบขนส่งและเลขพัสดุออก ถ้าแจ้งลูกค้าไปแล้ว ระบบจะแจ้งลูกค้าว่าแจ้งผิด"
    ),
    "Not delivered after all": "ยังส่งไม่ถึง (กดผิด)",
    "Is the parcel still on its way? If the customer was told already, they are told that it was a mistake.": (
        "พัสดุยังอยู่ระหว่างจัดส่งใช่ไหมคะ ถ้าแจ้งลูกค้าไปแล้ว ระบบจะแจ้งลูกค้าว่าแจ้งผิด"
    ),
    "Is the parcel still on its way, and not yet paid for? If the customer was told already, they are told that it was a mistake.": (
        "พัสดุยังอยู่ระหว่างจัดส่ง และยังไม่ได้เก็บเงินปลายทางใช่ไหมคะ ถ้าแจ้งลูกค้าไปแล้ว ระบบจะแจ้งลูกค้าว่าแจ้งผิด"
    ),
    "Shipping undone": "ยกเลิกการจัดส่ง",
    "Delivery undone": "ยกเลิกการส่งถึง",
    "Not collected or nobody at home": "ไม่มีผู้รับ หรือไม่มารับของ",
    "Not accepted by the customer": "ลูกค้าปฏิเสธรับของ",
    "Wrong address or phone number": "ที่อยู่หรือเบอร์โทรไม่ถูกต้อง",
    "Sent back by the customer": "ลูกค้าส่งของคืน",
    "Save with these words": "บันทึกด้วยข้อความนี้",
    "Please say in a few words why it came back, or tap a reason. Nothing was changed.": "กรุณาแตะเลือกเหตุผล หรือพิมพ์สั้น ๆ ว่าพัสดุกลับมาเพราะอะไร ระบบยังไม่ได้เปลี่ยนอะไร",
    "Done.": "เรียบร้อยแล้ว",
    "That is not possible now: the order is “%(order)s”, its payment “%(payment)s”. Nothing was changed.": (
        "ตอนนี้ทำรายการนี้ไม่ได้ เพราะคำสั่งซื้ออยู่ในสถานะ “%(order)s” และการชำระเงินอยู่ในสถานะ “%(payment)s” ระบบยังไม่ได้เปลี่ยนอะไร"
    ),
    "The tracking number can only have letters, digits and hyphens (5 to 40). Nothing was changed.": (
        "เลขพัสดุใช้ได้เฉพาะตัวอักษรอังกฤษ ตัวเลข และขีด (5 ถึง 40 ตัว) ยังไม่มีอะไรเปลี่ยนแปลง"
    ),
    "The carrier needs a name of up to 40 letters. Nothing was changed.": "ชื่อขนส่งยาวได้ไม่เกิน 40 ตัวอักษร ยังไม่มีอะไรเปลี่ยนแปลง",
}
