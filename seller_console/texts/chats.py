"""Thai words for the chats: the list, one chat, quick answers, slips without an order."""

THAI = {
    "Chats": "แชท",
    "Search by name": "ค้นหาชื่อลูกค้า",
    "Found": "ผลการค้นหา",
    "Nobody in the newer chats is called like that.": "ไม่พบชื่อนี้ในแชทล่าสุด",
    "Nobody is called like that.": "ไม่พบลูกค้าชื่อนี้",
    "For a person": "ร้านดูแล",
    "More of the shop's chats": "ดูแชทที่ร้านดูแลเพิ่มเติม",
    "With the bot": "บอทดูแลอยู่",
    "No chats yet": "ยังไม่มีแชท",
    "As soon as a customer writes to your Page, the chat appears here by itself. Those who want to talk to a person come first.": (
        "เมื่อลูกค้าทักเพจ แชทจะขึ้นที่นี่เอง ลูกค้าที่อยากคุยกับร้านจะอยู่บนสุด"
    ),
    "Older chats": "แชทก่อนหน้า",
    "Choose a chat to read it.": "เลือกแชทที่ต้องการอ่าน",
    "not read yet": "ยังไม่ได้อ่าน",
    "Waits since %(when)s": "รอตอบตั้งแต่ %(when)s",
    "until": "ถึง",
    "A person has the chat": "ร้านกำลังคุยอยู่",
    "A person has the chat until %(when)s": "ร้านดูแลแชทนี้ถึง %(when)s",
    "The bot answers": "บอทกำลังตอบ",
    "I answer": "ฉันตอบเอง",
    "Give back to the bot": "ให้บอทตอบต่อ",
    "The bot has the chat again.": "บอทกลับมาตอบแชทนี้แล้ว",
    "The chat is yours. The bot keeps silent there.": "คุณดูแลแชทนี้เอง บอทจะไม่ตอบในแชทนี้",
    "Cart": "ตะกร้า",
    "Cart and orders": "ตะกร้าและคำสั่งซื้อ",
    "Nothing in the cart, no orders.": "ตะกร้าว่าง และยังไม่มีคำสั่งซื้อ",
    "Write as the shop…": "ตอบในนามร้าน…",
    "Add pictures": "แนบรูป",
    "Chosen pictures": "รูปที่เลือก",
    "Take away": "เอาออก",
    "Preparing the pictures…": "กำลังเตรียมรูป…",
    "Sending %(number)s pictures…": "กำลังส่งรูป %(number)s รูป…",
    "At most %(most)s pictures can be sent at once.": "ส่งได้ครั้งละไม่เกิน %(most)s รูปค่ะ",
    "%(name)s is no picture that can be sent.": "ไฟล์ %(name)s ไม่ใช่รูปที่ส่งได้ค่ะ",
    "Please write something or choose a picture first.": "กรุณาพิมพ์ข้อความหรือเลือกรูปก่อนค่ะ",
    "Send them this link; as soon as they open it, you can write here:": (
        "ส่งลิงก์นี้ให้ลูกค้า เมื่อลูกค้าเปิดลิงก์แล้วจะพิมพ์ตอบที่นี่ได้ทันที:"
    ),
    "More than 24 hours since the customer wrote: it goes out only if Meta has given your app “Human Agent”.": (
        "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง ข้อความจะส่งได้เมื่อ Meta ให้สิทธิ์ “Human Agent” กับแอปแล้วเท่านั้น"
    ),
    "There is no quick answer of this name. Nothing was sent.": "ไม่มีข้อความด่วนชื่อนี้ ยังไม่ได้ส่งอะไร",
    "Something in braces { } is still to be filled in. Nothing was sent.": "ยังมีคำในวงเล็บปีกกา { } ที่ต้องเติม ยังไม่ได้ส่งอะไร",
    "Quick answers": "ข้อความด่วน",
    "A new quick answer": "เพิ่มข้อความด่วน",
    "Shortcut, typed after “/”": "ชื่อย่อ พิมพ์หลัง “/”",
    "Text in Thai": "ข้อความภาษาไทย",
    "Text in English": "ข้อความภาษาอังกฤษ",
    "Another quick answer is called so already.": "มีข้อความด่วนที่ใช้ชื่อนี้แล้ว",
    "Without spaces and slashes, please.": "ห้ามมีเว้นวรรคและเครื่องหมาย /",
    "There are too many quick answers. Remove one first.": "ข้อความด่วนเต็มแล้ว กรุณาลบออกก่อน",
    "In a chat, tap “/” beside the text field, or type “/” and the shortcut. The customer gets the text in their language. Words in braces are filled in:": (
        "ในแชท แตะ “/” ข้างช่องพิมพ์ หรือพิมพ์ “/” ตามด้วยชื่อย่อ ลูกค้าจะได้ข้อความตามภาษาของลูกค้า คำในวงเล็บปีกกาจะถูกเติมให้:"
    ),
    "Slips without an order": "สลิปที่ยังไม่มีคำสั่งซื้อ",
    "Every slip has its order": "สลิปทุกใบมีคำสั่งซื้อแล้ว",
    "It is for %(number)s": "เป็นของ %(number)s",
    "Done, not needed": "จัดการแล้ว ไม่ต้องใช้",
    "That order takes no slip any more. The slip is still here.": "คำสั่งซื้อนั้นไม่รับสลิปแล้ว สลิปยังอยู่ที่นี่",
}
