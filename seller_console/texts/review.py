"""Thai words for reviewing slips one after the other."""

THAI = {
    "Review": "ตรวจสลิป",
    "%(number)s to check": "รอตรวจ %(number)s ใบ",
    "Skip": "ข้าม",
    "Fits: confirm": "ยอดตรง ยืนยัน",
    "Undo last": "เลิกทำ",
    "seen to by %(who)s": "%(who)s ตรวจแล้ว",
    "seen to already": "มีคนตรวจแล้ว",
    "That cannot be taken back any more.": "เลิกทำไม่ได้แล้ว",
    "Somebody else is looking at the last ones": "ที่เหลือมีคนกำลังตรวจอยู่",
    "That was the last one": "ครบทุกใบแล้ว",
    "%(number)s were passed over.": "ข้ามไว้ %(number)s รายการ",
    "Look at them now": "ตรวจที่ข้ามไว้",
    "All slips are checked": "ตรวจสลิปครบแล้ว",
    "New ones appear here by themselves.": "สลิปใหม่จะขึ้นที่นี่เอง",
}
