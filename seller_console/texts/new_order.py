"""Thai words for making an order out of a chat."""

THAI = {
    "Make the order": "เปิดบิล",
    "Send the bill": "ส่งบิลให้ลูกค้า",
    "The bill": "บิล",
    "Open the order": "เปิดดูคำสั่งซื้อ",
    "Order %(number)s is made. The customer gets the bill here, and the bot answers again.": (
        "เปิดบิล %(number)s แล้ว ระบบกำลังส่งบิลให้ลูกค้าในแชทนี้ และบอทจะตอบต่อให้"
    ),
    "In the cart: %(count)s": "ในตะกร้า %(count)s ชิ้น",
    "0 takes it out.": "ใส่ 0 เพื่อเอาออก",
    "The cart is empty. Add what you have agreed on in the chat.": "ตะกร้าว่าง เพิ่มสินค้าที่ตกลงกับลูกค้าในแชทได้เลย",
    "Leave all three empty, and the bot asks the customer for them in the chat.": "ถ้าเว้นว่างทั้งสามช่อง บอทจะถามลูกค้าในแชทให้",
    "Way to send": "วิธีจัดส่ง",
    "By bank transfer": "โอนเงิน",
    "To the courier, on delivery": "เก็บเงินปลายทาง",
    "Goods": "ค่าสินค้า",
    "The customer gets the bill and how to pay here in the chat; shipping is added to it. From then on the bot answers again.": (
        "ระบบจะส่งบิลรวมค่าส่งและวิธีชำระเงินให้ลูกค้าในแชท จากนั้นบอทจะตอบต่อให้"
    ),
    "More than 24 hours since the customer wrote: Messenger may hold the bill back until they write again. The order's page says whether they were told.": (
        "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง Messenger อาจยังไม่ให้ส่งบิลจนกว่าลูกค้าจะทักมาอีกครั้ง ดูได้ที่หน้าคำสั่งซื้อว่าแจ้งลูกค้าแล้วหรือยัง"
    ),
    "The customer has changed the cart meanwhile. No order was made; please look again.": (
        "ลูกค้าเพิ่งแก้ตะกร้า ระบบยังไม่ได้เปิดบิล กรุณาดูรายการล่าสุดอีกครั้ง"
    ),
    "This page was not whole. No order was made; please look again.": "หน้านี้โหลดมาไม่ครบ ระบบยังไม่ได้เปิดบิล กรุณาตรวจอีกครั้งค่ะ",
    "A price has changed meanwhile. No order was made; please look again.": "ราคาสินค้าเพิ่งเปลี่ยน ระบบยังไม่ได้เปิดบิล กรุณาดูราคาอีกครั้ง",
    "This customer's data was erased, so nobody can be sent a bill.": "ข้อมูลของลูกค้าคนนี้ถูกลบแล้ว จึงส่งบิลไม่ได้",
    "Of “%(name)s” only %(left)s are left. No order was made.": "“%(name)s” เหลือแค่ %(left)s ชิ้น ระบบยังไม่ได้เปิดบิล",
    "“%(name)s” is sold out. No order was made.": "“%(name)s” หมดแล้ว ระบบยังไม่ได้เปิดบิล",
    "There is nothing in the order yet.": "ยังไม่มีสินค้าในบิล",
    "Please check the recipient's name: 2 to 100 letters, no digits.": "กรุณาตรวจสอบชื่อผู้รับ ใช้ 2 ถึง 100 ตัวอักษร ไม่มีตัวเลข",
    "This is no phone number that can be called.": "เบอร์โทรไม่ถูกต้อง",
    "Please check the address: 10 to 500 characters, with a house number or postal code.": (
        "กรุณาตรวจสอบที่อยู่ ใช้ 10 ถึง 500 ตัวอักษร และต้องมีบ้านเลขที่หรือรหัสไปรษณีย์"
    ),
    "None of your ways to send goes to this address.": "ไม่มีวิธีจัดส่งที่ส่งไปที่อยู่นี้ได้",
    "Cash on delivery is switched off.": "ปิดการเก็บเงินปลายทางอยู่",
}
