"""Thai words for customers who wait for a person."""

THAI = {
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
    "Slips without an order": "สลิปที่ยังไม่มีคำสั่งซื้อ",
    "It is for %(number)s": "เป็นของ %(number)s",
    "Done, not needed": "จัดการแล้ว ไม่ต้องใช้",
    "That order takes no slip any more. The slip is still here.": "คำสั่งซื้อนั้นไม่รับสลิปแล้ว สลิปยังอยู่ที่นี่",
}
