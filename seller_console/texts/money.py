"""Thai words for slips and money."""

THAI = {
    "Used before": "สลิปซ้ำ",
    "this transfer was shown for order": "รายการโอนนี้เคยใช้กับคำสั่งซื้อ",
    "Another customer has sent this very slip before.": "ลูกค้าคนอื่นเคยส่งสลิปใบนี้มาแล้ว",
    "The picture shows two different slips. Please look at both.": "ในรูปมีสลิปสองใบ กรุณาดูทั้งสองใบ",
    "The code on the slip does not add up: it may have been edited.": "คิวอาร์บนสลิปไม่ถูกต้อง อาจมีการแก้ไขรูป",
    "The code asks for a payment: this is a bill, not a slip.": "คิวอาร์ในรูปเป็นคิวอาร์รับเงิน ไม่ใช่สลิปโอนเงิน",
    "The code on the picture is not that of a slip.": "คิวอาร์ในรูปไม่ใช่คิวอาร์ของสลิป",
    "No code could be read. Please compare the slip with your bank account.": "อ่านคิวอาร์บนสลิปไม่ได้ กรุณาเทียบกับยอดเงินเข้าบัญชี",
    "The amount on the picture looks different. Please check it.": "ยอดเงินในรูปดูไม่ตรงกับออเดอร์ กรุณาตรวจสอบ",
    "The slip seems to be from %(when)s, before the order.": "สลิปน่าจะเป็นของวันที่ %(when)s ซึ่งก่อนวันที่สั่งซื้อ",
    "Slip accepted": "รับสลิปแล้ว",
    "sent %(times)s times": "ส่งมา %(times)s ครั้ง",
    "From bank": "จากธนาคาร",
    "Reference": "เลขอ้างอิง",
    "Check with your bank's app": "ตรวจสอบด้วยแอปธนาคาร",
    "Scan this code with the slip check of your bank's app: it shows whether the transfer exists, its amount and receiver.": (
        "สแกนคิวอาร์นี้ด้วยเมนูตรวจสอบสลิปในแอปธนาคาร จะเห็นว่ามีรายการโอนจริงไหม ยอดเท่าไร และโอนเข้าบัญชีใคร"
    ),
    "The slip's code, drawn again": "คิวอาร์ของสลิปที่วาดใหม่ให้ชัด",
    "Careful: this slip was used before.": "ระวัง สลิปใบนี้เคยใช้แล้ว",
    "Payments received": "รายการรับเงิน",
    "Received": "รับเงิน",
    "Taken back": "ยกเลิกรายการ",
    "Refunded": "คืนเงิน",
    "Undo": "เลิกทำ",
    "Take this entry back": "ยกเลิกรายการนี้",
    "Undo this entry": "ยืนยันยกเลิกรายการ",
    "The order waits for payment again, and the customer is told that the shop is checking.": (
        "คำสั่งซื้อจะกลับไปรอชำระเงิน และระบบจะแจ้งลูกค้าว่าร้านกำลังตรวจสอบ"
    ),
    "Reason": "เหตุผล",
    "Please say why.": "กรุณาระบุเหตุผล",
    "This is not an amount that can be used, for example 1250.50.": "จำนวนเงินนี้ใช้ไม่ได้ ตัวอย่างที่ถูกต้อง 1250.50",
    "This amount is too small or too large here.": "จำนวนเงินน้อยหรือมากเกินไป",
    "Still to be paid: %(amount)s": "ยังขาดอีก %(amount)s",
    "Paid too much: %(amount)s. You can return it and record that here.": "โอนเกินมา %(amount)s คืนให้ลูกค้าแล้วบันทึกไว้ที่นี่ได้",
    "Another amount has arrived": "ได้รับเงินยอดอื่น",
    "If it is less than the total, the customer is asked for the rest.": "ถ้าน้อยกว่ายอดรวม ระบบจะแจ้งลูกค้าให้โอนส่วนที่เหลือ",
    "Enter amount": "บันทึกยอดที่ได้รับ",
    "Do not accept the slip": "ไม่รับสลิปนี้",
    "All slips": "ทุกใบ",
    "Your own words to the customer (may be empty)": "ข้อความถึงลูกค้า (ไม่ใส่ก็ได้)",
    "The customer is told why, and asked for the right slip.": "ระบบจะแจ้งเหตุผลและขอสลิปที่ถูกต้องจากลูกค้า",
    "Reject and tell the customer": "ไม่รับและแจ้งลูกค้า",
    "It is taken off the total, and the customer gets the new bill.": "หักจากยอดรวม และระบบจะส่งบิลใหม่ให้ลูกค้า",
    "Refund": "คืนเงินลูกค้า",
    "Return the money in your bank's app first; this only records it. With the whole sum an order that was not sent is cancelled and its stock returns.": (
        "โอนเงินคืนในแอปธนาคารก่อน ที่นี่เป็นการบันทึกเท่านั้น ถ้าคืนทั้งหมดและยังไม่ได้จัดส่ง คำสั่งซื้อจะถูกยกเลิกและสต็อกจะกลับมา"
    ),
    "Record refund and tell the customer": "บันทึกการคืนเงินและแจ้งลูกค้า",
    "The sum, the money or the slips have changed meanwhile. Nothing was done; please look again.": (
        "ยอดเงิน รายการรับเงิน หรือสลิปเปลี่ยนไปแล้ว ระบบยังไม่ได้บันทึกอะไร กรุณาดูข้อมูลล่าสุดอีกครั้ง"
    ),
    "To be confirmed": "ยอดที่ต้องยืนยัน",
    "Part of the money received": "ได้รับเงินบางส่วน",
    "Payment taken back": "ยกเลิกการยืนยันเงิน",
    "Confirmation undone": "กลับไปรอยืนยัน",
}
