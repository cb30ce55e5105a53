"""Thai words for tracking numbers of many orders, typed or from a carrier's file."""

THAI = {
    "Choose the carrier": "เลือกขนส่ง",
    "Please choose the carrier. Nothing was changed.": "กรุณาเลือกขนส่งก่อนค่ะ ยังไม่มีอะไรเปลี่ยน",
    "No number was typed, so nothing was changed.": "ยังไม่ได้ใส่เลขพัสดุ จึงยังไม่มีอะไรเปลี่ยนค่ะ",
    "One tracking number stands at orders of different customers. Nothing was changed.": (
        "มีเลขพัสดุที่ซ้ำกันในคำสั่งซื้อของลูกค้าคนละคน ยังไม่มีอะไรเปลี่ยนค่ะ"
    ),
    "the same number as %(number)s": "เลขซ้ำกับ %(number)s",
    "They go in one parcel: use the number for both": "ส่งรวมในพัสดุเดียวกัน ใช้เลขนี้ร่วมกันได้",
    "Shipped already": "ส่งไปแล้ว",
    "Nothing is changed here, and nobody is told again. A wrong number is corrected on the order's page.": (
        "รายการเหล่านี้จะไม่ถูกแก้และไม่แจ้งลูกค้าซ้ำ ถ้าเลขผิด แก้ได้ในหน้าคำสั่งซื้อนั้นค่ะ"
    ),
    "The parcel of %(number)s, which goes to another customer, has this tracking number. Nothing was changed.": (
        "เลขพัสดุนี้ใช้กับ %(number)s ของลูกค้าคนอื่นแล้ว ยังไม่มีอะไรเปลี่ยนค่ะ"
    ),
    "Someone has entered the parcel's number meanwhile. Nothing was changed; please look again.": (
        "มีคนในร้านใส่เลขพัสดุของคำสั่งซื้อนี้ไปก่อนแล้ว ยังไม่มีอะไรเปลี่ยน กรุณาตรวจดูอีกครั้งค่ะ"
    ),
    "No row was ticked, so nothing was changed. Go back to tick some, or choose the file again.": (
        "ยังไม่ได้เลือกแถวไหน จึงยังไม่มีอะไรเปลี่ยน กดย้อนกลับเพื่อเลือก หรือเลือกไฟล์อีกครั้งค่ะ"
    ),
    "No column with tracking numbers was found. Its heading may be, for example: %(headings)s.": (
        "ไม่พบคอลัมน์เลขพัสดุ หัวคอลัมน์ที่ใช้ได้ เช่น %(headings)s"
    ),
    "No column that leads to the orders was found. Its heading may be, for example: %(headings)s.": (
        "ไม่พบคอลัมน์ที่บอกว่าเป็นของคำสั่งซื้อไหน หัวคอลัมน์ที่ใช้ได้ เช่น %(headings)s"
    ),
    "These headings were found:": "หัวคอลัมน์ที่พบในไฟล์:",
    "The carrier counts for rows that name none.": "ใช้ขนส่งนี้กับแถวที่ไม่ได้ระบุขนส่งไว้",
    "Read from these columns:": "อ่านจากคอลัมน์:",
    "Order number": "เลขที่คำสั่งซื้อ",
    "Remark": "หมายเหตุ",
    "Excel has shortened this number; make its column “Text” and save the file again": (
        "Excel ย่อเลขนี้จนไม่ครบ ให้ตั้งคอลัมน์เป็น “ข้อความ” แล้วบันทึกไฟล์ใหม่ค่ะ"
    ),
    "names no carrier; choose one with the file": "ไม่ได้ระบุขนส่ง กรุณาเลือกขนส่งตอนใส่ไฟล์ค่ะ",
    "the same number stands at %(number)s, of another customer; if they go in one parcel, enter it by hand": (
        "เลขซ้ำกับ %(number)s ของลูกค้าคนอื่น ถ้าส่งรวมกัน กรุณาใส่เลขเองค่ะ"
    ),
    "%(count)s were shipped with another number": "ส่งไปแล้วด้วยเลขอื่น %(count)s รายการ",
    "Tick those that are to be corrected; their customers are told again.": (
        "เลือกเฉพาะรายการที่ต้องการแก้เลข ระบบจะแจ้งลูกค้าอีกครั้ง"
    ),
    "No row under the headings names a parcel.": "ไม่พบรายการพัสดุในไฟล์",
}
