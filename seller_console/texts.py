"""The console's words in Thai. Templates and modules hold the English, and `text` finds the other language.

A test collects every text in use and checks that it stands here, and that nothing here is left over.
"""
# ruff: noqa: E501 (a text and its translation side by side)

from __future__ import annotations

THAI = {
    # frame
    "Skip to content": "ข้ามไปที่เนื้อหา",
    "Menu": "เมนู",
    "Language": "ภาษา",
    "Orders": "คำสั่งซื้อ",
    "Problems": "ปัญหา",
    "Sign out": "ออกจากระบบ",
    "The connection is gone. Reconnecting…": "การเชื่อมต่อขาดหาย กำลังเชื่อมต่อใหม่…",
    "The page was updated": "หน้านี้อัปเดตแล้ว",
    # signing in
    "Sign in": "เข้าสู่ระบบ",
    "Sign in to see your orders": "เข้าสู่ระบบเพื่อดูคำสั่งซื้อของร้าน",
    "Email": "อีเมล",
    "Password": "รหัสผ่าน",
    "The email or the password is wrong. Please check both and try again.": "อีเมลหรือรหัสผ่านไม่ถูกต้อง กรุณาตรวจสอบแล้วลองใหม่อีกครั้งค่ะ",
    "Too many wrong passwords. For safety, signing in is paused until %(time)s (%(minutes)s minutes from now).": (
        "ใส่รหัสผ่านผิดหลายครั้ง เพื่อความปลอดภัย กรุณาลองใหม่หลัง %(time)s (อีก %(minutes)s นาที)"
    ),
    # the list
    "Channel": "ช่องทาง",
    "All channels": "ทุกช่องทาง",
    "Show all channels": "ดูทุกช่องทาง",
    "Order": "เลขที่",
    "Customer": "ลูกค้า",
    "Payment": "การชำระเงิน",
    "Total": "ยอดรวม",
    "Customer without a name yet": "ลูกค้ายังไม่ระบุชื่อ",
    "There are no older orders.": "ไม่มีคำสั่งซื้อที่เก่ากว่านี้แล้ว",
    "No orders yet": "ยังไม่มีคำสั่งซื้อ",
    "As soon as a customer confirms an order in the chat, it appears here by itself. Share your Page's link, or send the Page a message from another account to try it.": (
        "เมื่อลูกค้ายืนยันคำสั่งซื้อในแชต คำสั่งซื้อจะขึ้นที่นี่เอง ลองแชร์ลิงก์เพจให้ลูกค้า หรือทักเพจจากบัญชีอื่นเพื่อทดลองสั่งซื้อดูค่ะ"
    ),
    "No orders on this channel yet": "ช่องทางนี้ยังไม่มีคำสั่งซื้อ",
    "More orders": "คำสั่งซื้อเพิ่มเติม",
    "Newest orders": "คำสั่งซื้อล่าสุด",
    "Older orders": "คำสั่งซื้อก่อนหน้า",
    # an order
    "Order bill": "บิลคำสั่งซื้อ",
    "Item": "รายการ",
    "Amount": "จำนวนเงิน",
    "Open the bill": "เปิดบิล",
    "Bill (PDF)": "บิล (PDF)",
    "Payment notification (PDF)": "บิลแจ้งชำระเงิน (PDF)",
    "Discount": "ส่วนลด",
    "Shipping": "ค่าส่ง",
    "Free": "ฟรี",
    "Send to": "ที่อยู่จัดส่ง",
    "The customer has not said yet where to send it.": "ลูกค้ายังไม่ได้ให้ชื่อและที่อยู่จัดส่ง",
    "The customer has not given an address yet.": "ลูกค้ายังไม่ได้ให้ที่อยู่",
    "Payment notification": "บิลแจ้งชำระเงิน",
    "Slip": "สลิป",
    "Slip received": "ได้รับสลิปเมื่อ",
    "Slip %(number)s of %(all)s; opens enlarged": "สลิปที่ %(number)s จาก %(all)s แตะเพื่อดูภาพใหญ่",
    "The slip, enlarged. Tap it for its full size.": "ภาพสลิปขยาย แตะเพื่อดูขนาดเต็ม",
    "Close": "ปิด",
    "The picture was deleted after %(days)s days.": "ลบรูปสลิปแล้วเมื่อครบ %(days)s วัน",
    "Name and address were deleted after %(days)s days.": "ลบชื่อและที่อยู่แล้วเมื่อครบ %(days)s วัน",
    "This customer's data was erased.": "ข้อมูลของลูกค้าคนนี้ถูกลบแล้ว",
    "Erased customer": "ลูกค้าที่ลบข้อมูลแล้ว",
    "No slip was sent.": "ไม่มีสลิป",
    "No slip has arrived yet. It appears here by itself.": "ยังไม่มีสลิป เมื่อลูกค้าส่งมาจะขึ้นที่นี่เอง",
    "Customer told": "แจ้งลูกค้าแล้ว",
    "Customer not told": "ยังไม่ได้แจ้งลูกค้า",
    "Payment is checked again": "ตรวจสอบการชำระเงินอีกครั้ง",
    "Part of the payment": "ได้รับเงินบางส่วน",
    "Bill changed": "แก้ไขบิล",
    "Reminder to pay": "เตือนให้ชำระเงิน",
    "As soon as the customer writes, taps or opens the chat through this link, they are told by themselves. Send it to them by SMS:": (
        "เมื่อลูกค้าทักมา แตะปุ่ม หรือเปิดแชตจากลิงก์นี้ ระบบจะแจ้งลูกค้าให้เอง ส่งลิงก์ให้ลูกค้าทาง SMS ได้เลยค่ะ"
    ),
    "Copy the words": "คัดลอกข้อความ",
    "Copied": "คัดลอกแล้ว",
    "Open SMS": "เปิด SMS",
    "Written to the customer": "ข้อความที่ร้านส่งถึงลูกค้า",
    "Is being sent…": "กำลังส่ง…",
    "Sent": "ส่งแล้ว",
    "Write to the customer": "เขียนถึงลูกค้า",
    "Please write something first.": "กรุณาพิมพ์ข้อความก่อน",
    "This is too long: at most %(most)s characters. Nothing was sent.": "ข้อความยาวเกินไป ใช้ได้ไม่เกิน %(most)s ตัวอักษร ยังไม่ได้ส่ง",
    "Your words; the bot then keeps silent for a while": "ข้อความของคุณ หลังส่งแล้วบอทจะหยุดตอบชั่วคราว",
    "Send": "ส่ง",
    "The customer was last heard of more than 7 days ago, so Messenger lets nobody write to them.": (
        "ลูกค้าไม่ได้ทักมาเกิน 7 วันแล้ว Messenger จึงไม่ให้ส่งข้อความถึงลูกค้า"
    ),
    "Nothing was sent.": "ยังไม่ได้ส่ง",
    "The customer is being told…": "กำลังแจ้งลูกค้า…",
    # confirming
    "Confirm payment": "ยืนยันการชำระเงิน",
    "Confirm payment?": "ยืนยันการชำระเงินใช่ไหมคะ",
    "Have you received %(amount)s for order %(number)s?": "ได้รับเงิน %(amount)s ของคำสั่งซื้อ %(number)s แล้วใช่ไหมคะ",
    "No slip has arrived. Confirm only if you have seen the money in your bank account.": (
        "ยังไม่มีสลิป กรุณายืนยันเฉพาะเมื่อเห็นเงินเข้าบัญชีแล้วเท่านั้น"
    ),
    "The customer is then told “Paid” in the chat.": "เมื่อยืนยันแล้ว ระบบจะแจ้งลูกค้าในแชตว่า “ชำระเงินแล้ว”",
    "Yes": "ใช่",
    "Not yet": "ยังไม่ใช่",
    "Payment Confirmed": "ยืนยันการชำระเงินแล้ว",
    "The payment was already confirmed. Nothing was sent twice.": "ยืนยันการชำระเงินไปแล้วก่อนหน้านี้ ไม่มีการแจ้งลูกค้าซ้ำ",
    "The payment cannot be confirmed now: the order is “%(order)s”, its payment “%(payment)s”. Nothing was changed.": (
        "ตอนนี้ยืนยันการชำระเงินไม่ได้ เพราะคำสั่งซื้อ “%(order)s” และการชำระเงิน “%(payment)s” ยังไม่มีอะไรเปลี่ยนแปลง"
    ),
    # slips and money
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
    "Undo": "ยกเลิกรายการนี้",
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
    "Somebody has entered money meanwhile. Nothing was changed; please look again.": (
        "มีคนบันทึกรายการเงินไปก่อนหน้านี้ ยังไม่มีอะไรเปลี่ยนแปลง กรุณาดูข้อมูลล่าสุดอีกครั้ง"
    ),
    "To be confirmed": "ยอดที่ต้องยืนยัน",
    "Part of the money received": "ได้รับเงินบางส่วน",
    "Payment taken back": "ยกเลิกการยืนยันเงิน",
    "Confirmation undone": "กลับไปรอยืนยัน",
    # fulfilment
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
    # history
    "Order accepted": "รับออเดอร์แล้ว",
    "Parcel corrected": "แก้ข้อมูลพัสดุ",
    "Cash on delivery chosen": "เลือกเก็บเงินปลายทาง",
    "Transfer chosen": "เลือกโอนเงิน",
    "History": "ประวัติ",
    "Order placed": "สั่งซื้อ",
    "Order confirmed": "ยืนยันคำสั่งซื้อ",
    "Packed": "แพ็กแล้ว",
    "Shipped": "จัดส่งแล้ว",
    "Delivered": "ส่งถึงแล้ว",
    "Order cancelled": "ยกเลิกคำสั่งซื้อ",
    "Not paid in time": "ไม่ชำระเงินภายในเวลา",
    "Customer reminded to pay": "เตือนลูกค้าให้ชำระเงิน",
    "Automatic": "ระบบ",
    "Slip sent": "ส่งสลิป",
    "Payment confirmed": "ยืนยันการชำระเงิน",
    "Slip not accepted": "สลิปไม่ผ่าน",
    "New slip asked for": "ขอสลิปใหม่",
    "Money returned": "คืนเงิน",
    # waiting
    "Waiting": "รอตอบ",
    "Waits for an answer": "รอคำตอบ",
    "A person has the chat": "ร้านกำลังคุยอยู่",
    "until": "ถึง",
    "Open the Page's inbox": "เปิดกล่องข้อความของเพจ",
    "I answer": "ฉันตอบเอง",
    "Give back to the bot": "ให้บอทตอบต่อ",
    "The bot has the chat again.": "บอทกลับมาตอบแชตนี้แล้ว",
    "The chat is yours. The bot keeps silent there.": "คุณดูแลแชตนี้เอง บอทจะไม่ตอบในแชตนี้",
    "Nobody is waiting": "ไม่มีใครรออยู่",
    "Customers who want to talk to a person appear here by themselves. Answer them in the Page's inbox: the bot then keeps silent.": (
        "ลูกค้าที่อยากคุยกับร้านจะขึ้นที่นี่เอง ตอบลูกค้าได้ในกล่องข้อความของเพจ แล้วบอทจะหยุดตอบให้"
    ),
    # settings
    "Settings": "ตั้งค่า",
    "Saved.": "บันทึกแล้ว",
    "Something cannot be used; nothing was changed. What you typed is still there.": "มีบางช่องใช้ไม่ได้ ยังไม่มีอะไรเปลี่ยนแปลง ข้อมูลที่พิมพ์ยังอยู่ครบ",
    "Please fill this in.": "กรุณากรอกช่องนี้",
    "This is too long.": "ยาวเกินไป",
    "This is not a number that can be used.": "ตัวเลขนี้ใช้ไม่ได้",
    "This number is too small or too large.": "ตัวเลขน้อยหรือมากเกินไป",
    "Please choose one.": "กรุณาเลือกหนึ่งอย่าง",
    "There is no such province.": "ไม่มีจังหวัดนี้",
    "PromptPay takes a mobile number (10 digits), a national or tax ID (13) or an e-wallet (15). For a bank account, write the bank's name instead.": "พร้อมเพย์ใช้เบอร์มือถือ (10 หลัก) เลขบัตรประชาชนหรือเลขผู้เสียภาษี (13 หลัก) หรือ e-Wallet (15 หลัก) ถ้าเป็นเลขบัญชีธนาคาร กรุณาใส่ชื่อธนาคารแทนค่ะ",
    "Add": "เพิ่ม",
    "Save": "บันทึก",
    "Remove": "ลบออก",
    "Shop": "ร้าน",
    "Name (Thai)": "ชื่อ (ไทย)",
    "Name (English)": "ชื่อ (อังกฤษ)",
    "Greeting before the first message (Thai)": "ข้อความทักทายก่อนเริ่มแชต (ไทย)",
    "Greeting before the first message (English)": "ข้อความทักทายก่อนเริ่มแชต (อังกฤษ)",
    "What the menu calls your products (Thai)": "ชื่อเมนูสินค้า (ไทย)",
    "What the menu calls your products (English)": "ชื่อเมนูสินค้า (อังกฤษ)",
    "Hours to pay before an order ends": "ต้องชำระเงินภายในกี่ชั่วโมง",
    "Remind so many hours before (0: never)": "เตือนก่อนหมดเวลากี่ชั่วโมง (0 คือไม่เตือน)",
    "Hours the bot keeps silent after a person's last word": "บอทหยุดตอบกี่ชั่วโมงหลังร้านตอบครั้งล่าสุด",
    "Days to keep slips' pictures once an order is over (7 to 3650)": "เก็บรูปสลิปไว้กี่วันหลังคำสั่งซื้อเสร็จสิ้น (7 ถึง 3650)",
    "Days to keep names and addresses once an order is over (7 to 3650)": "เก็บชื่อและที่อยู่ไว้กี่วันหลังคำสั่งซื้อเสร็จสิ้น (7 ถึง 3650)",
    "“Buy Now” opens": "ปุ่ม “ซื้อเลย” เปิด",
    "the chat": "แชต",
    "the web store": "ร้านค้าออนไลน์",
    "Auto Billing: orders are placed without you": "Auto Billing: ลูกค้าสั่งซื้อได้เองโดยไม่ต้องรอร้าน",
    "Offer cash on delivery": "รับเก็บเงินปลายทาง",
    "A new greeting or menu reaches Messenger with “talad channel setup”.": "ข้อความทักทายและเมนูใหม่จะขึ้นใน Messenger หลังสั่ง “talad channel setup”",
    "Payment accounts": "บัญชีรับเงิน",
    "Add an account": "เพิ่มบัญชี",
    "Bank, or PromptPay": "ธนาคาร หรือพร้อมเพย์",
    "Number": "เลขบัญชี",
    "Account holder": "ชื่อบัญชี",
    "Ways to send": "วิธีจัดส่ง",
    "Add a way to send": "เพิ่มวิธีจัดส่ง",
    "Free from this sum (empty: never)": "ส่งฟรีเมื่อซื้อครบ (เว้นว่างคือไม่มี)",
    "Prices. Without provinces a price is for the whole country; of several the closest to weight and sum counts. An emptied row is taken away.": (
        "ค่าส่ง ถ้าไม่ใส่จังหวัดคือทั่วประเทศ ถ้าเข้าหลายแถวจะใช้แถวที่ใกล้น้ำหนักและยอดซื้อที่สุด ล้างแถวให้ว่างเพื่อลบ"
    ),
    "From grams": "ตั้งแต่กี่กรัม",
    "From sum": "ตั้งแต่ยอดซื้อ",
    "Provinces": "จังหวัด",
    "Price": "ค่าส่ง",
    "Notices after 24 hours": "การแจ้งลูกค้าหลัง 24 ชั่วโมง",
    "When a customer was silent for 24 hours, Messenger takes only texts that Meta has approved for your Page.": (
        "เมื่อลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง Messenger รับเฉพาะข้อความที่ Meta อนุมัติให้เพจของคุณแล้วเท่านั้น"
    ),
    "They are not created yet. Whoever runs Talad creates them with “talad channel setup”.": (
        "ยังไม่ได้สร้างข้อความ ให้ผู้ดูแลระบบสั่ง “talad channel setup” เพื่อสร้าง"
    ),
    "%(approved)s of %(all)s approved": "อนุมัติแล้ว %(approved)s จาก %(all)s ข้อความ",
    "being checked by Meta": "Meta กำลังตรวจ",
    "rejected": "ไม่อนุมัติ",
    "not accepted by Meta": "Meta ไม่รับ",
    "paused by Meta": "Meta หยุดไว้ชั่วคราว",
    "switched off by Meta": "Meta ปิดการใช้งาน",
    "Look at it under “Message templates” in Meta Business Suite, or ask for a review there. Until then customers who were silent are told by themselves only when they write again.": (
        "ดูได้ที่ “เทมเพลตข้อความ” ใน Meta Business Suite หรือขอให้ตรวจอีกครั้งที่นั่น ระหว่างนี้ลูกค้าที่ไม่ได้ทักมาจะได้รับแจ้งเมื่อทักมาอีกครั้ง"
    ),
    # problems
    "Channels that do not work": "ช่องทางที่ใช้งานไม่ได้",
    "Messages that did not reach the customer": "ข้อความที่ส่งไม่ถึงลูกค้า",
    "Set aside: could not be answered": "พักไว้ เพราะตอบลูกค้าไม่สำเร็จ",
    "This could not be answered, and the customer may be waiting. Later messages of the customer are answered as usual.": (
        "ระบบตอบเรื่องนี้ไม่สำเร็จ ลูกค้าอาจกำลังรอคำตอบ ส่วนข้อความถัดไปของลูกค้ายังตอบได้ตามปกติ"
    ),
    "Technical detail": "รายละเอียดทางเทคนิค",
    "Try again": "ลองใหม่",
    "It is being tried again. If it fails once more, it comes back here.": "กำลังลองใหม่ หากไม่สำเร็จจะกลับมาขึ้นที่นี่อีกครั้ง",
    "It may have arrived: the answer of the chat was lost. Trying again may send it twice.": (
        "ข้อความอาจถึงแล้ว เพราะไม่ได้รับคำตอบจากระบบแชต หากลองใหม่ลูกค้าอาจได้รับซ้ำ"
    ),
    "No reason was given.": "ไม่ทราบสาเหตุ",
    "Unknown customer": "ไม่ทราบลูกค้า",
    "A message": "ข้อความ",
    "A tap on a button": "การแตะปุ่ม",
    "A notice of the shop": "การแจ้งของร้าน",
    "A visit through a link": "การเข้ามาทางลิงก์",
    "A consent": "การยินยอมรับข้อความ",
    "A picture": "รูปภาพ",
    "Bill of %(number)s": "บิล %(number)s",
    "Customers who want their data deleted": "ลูกค้าที่ขอลบข้อมูล",
    "An order is still open. Finish or cancel it; the data is then deleted by itself.": (
        "ยังมีคำสั่งซื้อที่ไม่เสร็จ เมื่อจัดส่งเสร็จหรือยกเลิกแล้ว ระบบจะลบข้อมูลให้เอง"
    ),
    "Facebook's number of this person belongs to no customer. If they write to the shop that they want their data deleted, use “talad customer erase”. If nobody does, or it is done, close this.": (
        "หมายเลขที่ Facebook ให้มาไม่ตรงกับลูกค้าคนไหน หากลูกค้าทักมาขอลบข้อมูล ให้ใช้ “talad customer erase” หากไม่มีใครทักมาหรือลบแล้ว ให้ปิดรายการนี้"
    ),
    "Nothing is kept of them": "ไม่มีข้อมูลของลูกค้าคนนี้แล้ว",
    "Everything works": "ทุกอย่างทำงานปกติ",
    "Messages that do not reach a customer, and events that could not be answered, appear here.": (
        "ข้อความที่ส่งไม่ถึงลูกค้า และเรื่องที่ตอบไม่สำเร็จ จะขึ้นที่นี่"
    ),
    # refusals
    "Please sign in": "กรุณาเข้าสู่ระบบ",
    "You are not signed in, or no longer.": "คุณยังไม่ได้เข้าสู่ระบบ หรือหมดเวลาแล้ว",
    "Not possible": "ทำไม่ได้",
    "You may not do this.": "คุณไม่มีสิทธิ์ทำรายการนี้",
    "Not found": "ไม่พบหน้านี้",
    "There is nothing here. The address may be mistyped.": "ไม่มีข้อมูลที่นี่ ที่อยู่อาจพิมพ์ผิด",
    "This address cannot be used like that.": "ใช้ที่อยู่นี้แบบนั้นไม่ได้",
    "Too much": "ข้อมูลใหญ่เกินไป",
    "That was more than a page of the console sends.": "ข้อมูลที่ส่งมามากเกินกว่าที่ระบบรับได้",
    "Something went wrong": "เกิดข้อผิดพลาด",
    "It was not your fault, and it has been noted. Please try again.": "ไม่ใช่ความผิดของคุณ ระบบบันทึกไว้แล้ว กรุณาลองใหม่อีกครั้งค่ะ",
    "Not ready": "ยังไม่พร้อม",
    "The console cannot reach its database. Please try again in a moment.": "ระบบติดต่อฐานข้อมูลไม่ได้ กรุณาลองใหม่อีกสักครู่ค่ะ",
    "This page is too old": "หน้านี้เปิดค้างไว้นานเกินไป",
    "Nothing was changed. Go back, reload the page and try again.": "ยังไม่มีอะไรเปลี่ยนแปลง กรุณากลับไปโหลดหน้าใหม่ แล้วลองอีกครั้งค่ะ",
    "This link has ended": "ลิงก์นี้หมดอายุแล้ว",
    "A link to a slip works for 15 minutes, and only for whoever opened the order. Please open the order again.": (
        "ลิงก์ดูสลิปใช้ได้ 15 นาที และใช้ได้เฉพาะคนที่เปิดคำสั่งซื้อนั้น กรุณาเปิดคำสั่งซื้ออีกครั้งค่ะ"
    ),
    "Back to the orders": "กลับไปที่คำสั่งซื้อ",
}


def text(language: str, english: str, **values: object) -> str:
    """The text in `language` ("th" or "en") with the named values put in. `english` is the text and its key."""
    words = THAI.get(english, english) if language == "th" else english
    return words % values if values else words
