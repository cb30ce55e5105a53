"""Thai words for what cannot be done."""

THAI = {
    "Please sign in": "กรุณาเข้าสู่ระบบ",
    "You are not signed in, or no longer.": "คุณยังไม่ได้เข้าสู่ระบบ หรือหมดเวลาแล้ว",
    "Not possible": "ทำไม่ได้",
    "The console does not understand this request.": "ระบบไม่เข้าใจคำขอนี้",
    "You may not do this.": "คุณไม่มีสิทธิ์ทำรายการนี้",
    "Not found": "ไม่พบหน้านี้",
    "There is nothing here. The address may be mistyped.": "ไม่มีข้อมูลที่นี่ ที่อยู่อาจพิมพ์ผิด",
    "This address cannot be used like that.": "ใช้ที่อยู่นี้แบบนั้นไม่ได้",
    "Too much": "ข้อมูลใหญ่เกินไป",
    "That is too large to be sent at once. Please choose fewer or smaller files, or write less.": "ไฟล์หรือข้อความใหญ่เกินกว่าจะส่งในครั้งเดียว กรุณาเลือกไฟล์ให้น้อยลงหรือเล็กลง หรือพิมพ์ให้สั้นลงค่ะ",
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
