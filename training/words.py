"""What intents and entities are called, and what they mean, in Thai and English: the table of docs/annotation-guide.md
for people who never see a file.

An intent or entity without words here (a shop's own) is called by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The plain name of something, and its meaning in one line, "" where the name says it all; in both languages."""

    en: str
    th: str
    en_meaning: str = ""
    th_meaning: str = ""

    def name(self, language: str) -> str:
        """What it is called in `language` ("th" or "en")."""
        return self.th if language == "th" else self.en

    def meaning(self, language: str) -> str:
        """What it means."""
        return self.th_meaning if language == "th" else self.en_meaning


#: By the names of the files in data/nlu that hold the examples, in the order in which a page offers them.
TOPICS: Mapping[str, Words] = {
    "cart": Words("Buying", "สั่งซื้อ"),
    "catalogue": Words("Products and prices", "สินค้าและราคา"),
    "payment": Words("Paying and shipping", "ชำระเงินและจัดส่ง"),
    "orders": Words("Orders", "คำสั่งซื้อ"),
    "details": Words("Name and address", "ชื่อและที่อยู่"),
    "handoff": Words("A person, complaints", "คุยกับร้าน ร้องเรียน"),
    "smalltalk": Words("Small talk", "คุยทั่วไป"),
}

INTENTS: Mapping[str, Words] = {
    "buy_now": Words(
        "Wants to buy",
        "จะซื้อ",
        "Wants this, “cf”, “ดำ M 1”, puts it into the cart. Finishing the cart is another one.",
        "เอาอันนี้ “cf” “ดำ M 1” หยิบใส่ตะกร้า ถ้าปิดออเดอร์แล้วให้เลือก “ปิดออเดอร์”",
    ),
    "view_cart": Words("Looks into the cart", "ดูตะกร้า", "What have I chosen?", "เลือกอะไรไว้บ้าง"),
    "edit_cart": Words(
        "Changes the cart",
        "แก้ตะกร้า",
        "Takes something out or changes how many, before ordering.",
        "เอาของออก เปลี่ยนจำนวน ก่อนสั่งซื้อ",
    ),
    "confirm_order": Words(
        "Finishes the order",
        "ปิดออเดอร์",
        "That is all, the bill please, checkout.",
        "แค่นี้ค่ะ คิดเงินเลย สรุปยอด ยืนยันออเดอร์",
    ),
    "products": Words(
        "Asks what there is",
        "ขอดูสินค้า",
        "Show me, do you sell bags, what is new. A colour or a size, “ยัง…”, “เหลือ…” asks for stock.",
        "มีอะไรบ้าง ขายกระเป๋าไหม มีอะไรใหม่ ถ้าถามสี ไซส์ “ยังมี” “เหลือ” ให้เลือก “ถามว่ามีของไหม”",
    ),
    "ask_price": Words(
        "Asks the price",
        "ถามราคา",
        "Price, discount, promotion; not the price of sending, nor how much to transfer.",
        "ราคา ส่วนลด โปรโมชัน ไม่ใช่ค่าส่งหรือยอดโอน",
    ),
    "ask_stock": Words(
        "Asks if it is there",
        "ถามว่ามีของไหม",
        "Is it there, in which colours and sizes, when again.",
        "มีของไหม มีสีไหนไซส์ไหน จะเข้าอีกเมื่อไหร่",
    ),
    "ask_payment": Words(
        "Asks how to pay",
        "ถามวิธีจ่ายเงิน",
        "How and where to pay, cash on delivery, how much to transfer.",
        "จ่ายยังไง โอนเข้าบัญชีไหน เก็บปลายทางได้ไหม ต้องโอนเท่าไหร่",
    ),
    "report_payment": Words(
        "Says it is paid",
        "แจ้งโอนเงิน",
        "Has paid, sends or wants to send the slip. “Have you checked my slip?” asks about the order.",
        "โอนแล้ว ส่งสลิปหรือจะส่งสลิป ถ้าถามว่าตรวจสลิปหรือยัง ให้เลือก “ตามออเดอร์”",
    ),
    "ask_shipping": Words(
        "Asks about shipping",
        "ถามเรื่องส่งของ",
        "Cost, days, carrier, where the shop is, pick-up. Where is my parcel asks about the order.",
        "ค่าส่ง กี่วันถึง ส่งขนส่งไหน ร้านอยู่ที่ไหน รับเองได้ไหม ถ้าถามว่าของถึงไหนแล้ว ให้เลือก “ตามออเดอร์”",
    ),
    "view_orders": Words(
        "Asks about their order",
        "ตามออเดอร์",
        "Where is my order, tracking number, “ของยังไม่มาเลยค่ะ”. Angry about it is a complaint.",
        "ของถึงไหนแล้ว ขอเลขพัสดุ “ของยังไม่มาเลยค่ะ” ถ้าโกรธแล้วให้เลือก “ร้องเรียน”",
    ),
    "change_address": Words(
        "Changes the address",
        "เปลี่ยนที่อยู่",
        "Another address, phone or name than before.",
        "ขอเปลี่ยนที่อยู่ เบอร์ หรือชื่อผู้รับ",
    ),
    "cancel_order": Words(
        "Cancels an order",
        "ยกเลิกออเดอร์",
        "Calls an order off. Money back for a bad item is a complaint.",
        "ไม่เอาออเดอร์แล้ว ถ้าขอเงินคืนเพราะของมีปัญหา ให้เลือก “ร้องเรียน”",
    ),
    "give_details": Words(
        "Gives name, phone, address",
        "แจ้งชื่อ เบอร์ ที่อยู่",
        "A name, a number, an address, and nothing else.",
        "พิมพ์แค่ชื่อ เบอร์โทร หรือที่อยู่",
    ),
    "talk_to_seller": Words(
        "Wants a person",
        "ขอคุยกับคน",
        "Wants to talk to somebody, a telephone number, LINE.",
        "ขอคุยกับแอดมิน ขอเบอร์โทรหรือไลน์ร้าน",
    ),
    "complaint": Words(
        "Complains",
        "ร้องเรียน",
        "Broken, wrong, late and angry, money back, fraud.",
        "ของเสีย ส่งผิด ช้าจนโกรธ ขอเงินคืน โดนโกง",
    ),
    "greet": Words(
        "Says hello",
        "ทักทาย",
        "Opens the talk: “สวัสดีค่ะ”, “สอบถามค่ะ”, “สนใจค่ะ”. If a question follows at once, choose that.",
        "เปิดบทสนทนา “สวัสดีค่ะ” “สอบถามค่ะ” “สนใจค่ะ” ถ้ามีคำถามตามมาเลย ให้เลือกตามคำถาม",
    ),
    "goodbye": Words("Says goodbye", "บอกลา", "Leaves: “ไว้มาใหม่นะ”, “bye”.", "“ไว้มาใหม่นะ” “บายค่ะ”"),
    "thank": Words(
        "Thanks or praises",
        "ขอบคุณ ชม",
        "Praise with a fault in it is a complaint.",
        "ขอบคุณหรือชมร้าน ถ้าชมแต่มีเรื่องติ ให้เลือก “ร้องเรียน”",
    ),
    "affirm": Words(
        "Says yes",
        "ตอบตกลง",
        "Yes, right, as you say. “ยืนยันออเดอร์” finishes the order.",
        "ใช่ ถูกต้อง ตามนั้น ถ้า “ยืนยันออเดอร์” ให้เลือก “ปิดออเดอร์”",
    ),
    "deny": Words(
        "Says no",
        "ปฏิเสธ",
        "No, not yet, that is wrong, let me think.",
        "ไม่ ยังก่อน ไม่ใช่ ขอคิดดูก่อน",
    ),
    "help": Words(
        "Does not know how to go on",
        "ไม่รู้จะทำยังไงต่อ",
        "Asks for help or the menu.",
        "ขอให้ช่วย ขอดูเมนู",
    ),
    "bot_challenge": Words(
        "Asks who answers",
        "ถามว่าใครตอบ",
        "Is this a bot? Wanting a person is another one.",
        "เป็นบอทหรือคน ถ้าอยากคุยกับคน ให้เลือก “ขอคุยกับคน”",
    ),
    "switch_language": Words("Wants another language", "ขอเปลี่ยนภาษา", "Thai or English.", "ไทยหรืออังกฤษ"),
    "out_of_scope": Words(
        "Nothing to do with the shop",
        "ไม่เกี่ยวกับร้าน",
        "News, jokes, spam, other trades, random letters, a number alone.",
        "ข่าว มุก สแปม ขายของอย่างอื่น พิมพ์มั่ว ตัวเลขลอย ๆ",
    ),
}

ENTITIES: Mapping[str, Words] = {
    "product": Words(
        "Product",
        "สินค้า",
        "What the goods are called, with all that tells them from others; not “ตัวนี้”.",
        "ชื่อสินค้าและคำที่บอกว่าเป็นชิ้นไหน เช่น กระเป๋าผ้า แก้วลายแมว ไม่ใช่ “ตัวนี้”",
    ),
    "colour": Words("Colour", "สี", "ดำ, navy; not the word “สี”.", "ดำ ชมพูอ่อน ไม่รวมคำว่า “สี”"),
    "size": Words("Size", "ไซส์", "M, ฟรีไซส์, 38; not the word “ไซส์”.", "M ฟรีไซส์ 38 ไม่รวมคำว่า “ไซส์” “เบอร์”"),
    "quantity": Words(
        "Quantity",
        "จำนวน",
        "How many: 2, สอง, one; not “ตัว”, “ชิ้น”, nor money or days.",
        "กี่ชิ้น เช่น 2 สอง นึง ไม่รวม “ตัว” “ชิ้น” และไม่ใช่เงินหรือวัน",
    ),
    "order_number": Words(
        "Order number",
        "เลขที่ออเดอร์",
        "TL-10452 or #10452, with its sign.",
        "TL-10452 หรือ #10452 รวมเครื่องหมายด้วย",
    ),
}


def topic(name: str) -> Words:
    """The words of a topic."""
    return TOPICS.get(name) or _by_name(name)


def intent(name: str) -> Words:
    """The words of an intent."""
    return INTENTS.get(name) or _by_name(name)


def entity(name: str) -> Words:
    """The words of an entity."""
    return ENTITIES.get(name) or _by_name(name)


def _by_name(name: str) -> Words:
    plain = name.replace("_", " ").capitalize()
    return Words(plain, plain)
