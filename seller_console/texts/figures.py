"""Thai words for how the shop does."""

THAI = {
    "Figures": "รายงานยอดขาย",
    "Period": "ช่วงเวลา",
    "Today": "วันนี้",
    "Yesterday": "เมื่อวาน",
    "7 days": "7 วัน",
    "30 days": "30 วัน",
    "This month": "เดือนนี้",
    "Last month": "เดือนที่แล้ว",
    "Other days": "เลือกวันเอง",
    "From": "ตั้งแต่",
    "To": "ถึง",
    "Show": "แสดง",
    "These days cannot be used. Please choose both days again.": "ช่วงวันที่ที่เลือกใช้ไม่ได้ กรุณาเลือกวันเริ่มและวันสิ้นสุดใหม่ค่ะ",
    "Compared with %(days)s": "เทียบกับ %(days)s",
    "Compared with %(days)s until %(clock)s": "เทียบกับ %(days)s ถึงเวลา %(clock)s น.",
    "%(change)s%% against the time before": "%(change)s%% จากช่วงก่อนหน้า",
    "as in the time before": "เท่ากับช่วงก่อนหน้า",
    "Sales": "ยอดขาย",
    "Money received": "ยอดเงินเข้า",
    "Unpaid": "ค้างชำระ",
    "From chat to order": "แชทแล้วสั่งซื้อ",
    "1 order": "1 คำสั่งซื้อ",
    "%(count)s orders": "%(count)s คำสั่งซื้อ",
    "%(count)s cancelled or expired": "ยกเลิกหรือหมดเวลา %(count)s",
    "and %(amount)s to be collected on delivery": "และรอเก็บเงินปลายทาง %(amount)s",
    "%(wrote)s in the chat, %(bought)s ordered": "ลูกค้าทักแชท %(wrote)s คน สั่งซื้อ %(bought)s คน",
    "Sales and money received": "ยอดขายและยอดเงินเข้า",
    "Sales %(sold)s, money received %(received)s. The table of numbers over time has every number.": (
        "ยอดขาย %(sold)s ยอดเงินเข้า %(received)s ดูตัวเลขทั้งหมดได้ในตารางตัวเลขตามช่วงเวลา"
    ),
    "Orders: %(count)s. The table of numbers over time has every number.": (
        "คำสั่งซื้อ %(count)s รายการ ดูตัวเลขทั้งหมดได้ในตารางตัวเลขตามช่วงเวลา"
    ),
    "Unpaid %(unpaid)s, to be collected on delivery %(on_delivery)s. The table of numbers over time has every number.": (
        "ค้างชำระ %(unpaid)s รอเก็บเงินปลายทาง %(on_delivery)s ดูตัวเลขทั้งหมดได้ในตารางตัวเลขตามช่วงเวลา"
    ),
    "Unpaid is what customers have yet to transfer for orders of these days, or you have yet to check. What is collected on delivery comes from the carrier and is counted apart.": (
        "ค้างชำระคือยอดของคำสั่งซื้อในช่วงนี้ที่ลูกค้ายังไม่ได้โอน หรือร้านยังไม่ได้ตรวจสลิป ส่วนยอดเก็บเงินปลายทางได้รับจากขนส่ง จึงแยกไว้ต่างหาก"
    ),
    "Of those in the chat %(share)s ordered. The table of numbers over time has every number.": (
        "จากลูกค้าที่ทักแชท สั่งซื้อ %(share)s ดูตัวเลขทั้งหมดได้ในตารางตัวเลขตามช่วงเวลา"
    ),
    "Of all who were in the chat that day or month, how many ordered.": "จากลูกค้าทั้งหมดที่ทักแชทในวันหรือเดือนนั้น มีกี่คนที่สั่งซื้อ",
    "Who was in the chat is counted by the day. Choose several days to see how this went.": (
        "ระบบนับลูกค้าที่ทักแชทเป็นรายวัน เลือกช่วงหลายวันเพื่อดูความเปลี่ยนแปลงได้ค่ะ"
    ),
    "Numbers over time": "ตัวเลขตามช่วงเวลา",
    "Cancelled or expired": "ยกเลิกหรือหมดเวลา",
    "Orders not paid": "คำสั่งซื้อที่ค้างชำระ",
    "Orders to be paid on delivery": "คำสั่งซื้อเก็บเงินปลายทาง",
    "To be collected": "รอเก็บเงินปลายทาง",
    "From chat to order (%)": "แชทแล้วสั่งซื้อ (%)",
    "As a table": "ดูเป็นตาราง",
    "Time": "เวลา",
    "CSV": "ดาวน์โหลด CSV",
    "Nothing was sold in this time, and no money came in.": "ช่วงนี้ยังไม่มียอดขายและยังไม่มีเงินเข้า",
    "Best products": "สินค้าขายดี",
    "The best product is %(name)s with %(amount)s. The table below has every number.": "สินค้าขายดีที่สุดคือ %(name)s ยอดขาย %(amount)s ดูตัวเลขทั้งหมดได้ในตารางด้านล่าง",
    "Product": "สินค้า",
    "Pieces": "จำนวนชิ้น",
    "Before discounts and shipping. The CSV file has all products.": "ยังไม่หักส่วนลดและไม่รวมค่าส่ง ไฟล์ CSV มีสินค้าครบทุกรายการ",
    "By channel": "แยกตามช่องทาง",
    "Most was sold on %(name)s. The table below has every number.": "ขายได้มากที่สุดทาง %(name)s ดูตัวเลขทั้งหมดได้ในตารางด้านล่าง",
    "In the chat": "ทักแชท (คน)",
    "Ordered": "สั่งซื้อ (คน)",
    "Sales are orders that were neither cancelled nor have expired, counted on the day of the order. Money received is what was entered as paid, less what was returned.": (
        "ยอดขายนับจากคำสั่งซื้อที่ไม่ถูกยกเลิกและไม่หมดเวลา โดยนับตามวันที่สั่งซื้อ ยอดเงินเข้านับจากเงินที่บันทึกว่าได้รับแล้ว หักเงินที่คืนลูกค้า"
    ),
}
