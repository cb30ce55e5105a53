"""Thai words for problems."""

THAI = {
    "Channels that do not work": "ช่องทางที่ใช้งานไม่ได้",
    "Pages that are disconnected": "เพจที่ยกเลิกการเชื่อมต่อแล้ว",
    "Messages that wait until the Page is used again: %(count)s": "มีข้อความรอส่งจนกว่าจะกลับมาใช้เพจ %(count)s ข้อความ",
    "To the Page": "ไปที่เพจ",
    "Messages that did not reach the customer": "ข้อความที่ส่งไม่ถึงลูกค้า",
    "Set aside: could not be answered": "พักไว้ เพราะตอบลูกค้าไม่สำเร็จ",
    "This could not be answered, and the customer may be waiting. Later messages of the customer are answered as usual.": (
        "ระบบตอบเรื่องนี้ไม่สำเร็จ ลูกค้าอาจกำลังรอคำตอบ ส่วนข้อความถัดไปของลูกค้ายังตอบได้ตามปกติ"
    ),
    "Technical detail": "รายละเอียดทางเทคนิค",
    "Try again": "ลองใหม่",
    "It is being tried again. If it fails once more, it comes back here.": "กำลังลองใหม่ หากไม่สำเร็จจะกลับมาขึ้นที่นี่อีกครั้ง",
    "It may have arrived: the answer of the chat was lost. Trying again may send it twice.": (
        "ข้อความอาจถึงแล้ว เพราะไม่ได้รับคำตอบจากระบบแชท หากลองใหม่ลูกค้าอาจได้รับซ้ำ"
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
}
