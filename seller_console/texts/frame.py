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
    "This could not be sent. What you typed is still here; please try again.": "ส่งไม่สำเร็จ ข้อมูลที่กรอกไว้ยังอยู่ครบ กรุณาลองอีกครั้งค่ะ",
    "The page was updated": "หน้านี้อัปเดตแล้ว",
}
