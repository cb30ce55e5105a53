"""Thai words for around every page."""

THAI = {
    "Skip to content": "ข้ามไปที่เนื้อหา",
    "Menu": "เมนู",
    "More": "เพิ่มเติม",
    "Language": "ภาษา",
    "Orders": "คำสั่งซื้อ",
    "Problems": "ปัญหา",
    "Sign out": "ออกจากระบบ",
    "The connection is gone. Reconnecting…": "การเชื่อมต่อขาดหาย กำลังเชื่อมต่อใหม่…",
    "The page was updated": "หน้านี้อัปเดตแล้ว",
}
