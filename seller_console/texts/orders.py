"""Thai words for the list of orders."""

THAI = {
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
}
