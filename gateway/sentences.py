"""What went wrong, in a sentence for the seller. Stored as JSON with the keys th and en; the console picks one."""

from __future__ import annotations

import json
import traceback

from channels.base import Sentence
from gateway.rasa import TurnFailed

STOPPED: Sentence = {
    "th": "ระบบหยุดทำงานกลางคันหลายครั้งขณะทำรายการนี้",
    "en": "Talad stopped several times in the middle of this.",
}
NO_WORDS: Sentence = {
    "th": "บอตไม่มีข้อความสำหรับเรื่องนี้",
    "en": "The bot has no words for this.",
}
BOT_FAILED: Sentence = {
    "th": "บอตตอบเรื่องนี้ไม่สำเร็จ",
    "en": "The bot could not answer this.",
}
WINDOW_CLOSED: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง Messenger จึงไม่ให้ส่ง",
    "en": "The customer last wrote over 24 hours ago, so Messenger does not allow this message.",
}
NO_TEMPLATE: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง และยังไม่มีข้อความแจ้งเรื่องนี้ที่ Meta อนุมัติ กด “ตั้งค่าเพจ” ในหน้าช่องทาง",
    "en": "The customer last wrote over 24 hours ago, and Meta has approved no text for this notice yet. "
    "Press “Set up the Page” under Channels.",
}
TEMPLATE_PENDING: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง และ Meta ยังตรวจข้อความแจ้งเรื่องนี้ไม่เสร็จ",
    "en": "The customer last wrote over 24 hours ago, and Meta is still checking the text for this notice.",
}
TEMPLATE_REJECTED: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง และ Meta ไม่อนุมัติข้อความแจ้งเรื่องนี้ ดูสาเหตุได้ที่หน้าช่องทาง",
    "en": "The customer last wrote over 24 hours ago, and Meta has not approved the text for this notice. "
    "The page of the channel says why.",
}
TEMPLATE_REFUSED: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง และ Messenger ไม่รับข้อความแจ้งแบบที่อนุมัติไว้",
    "en": "The customer last wrote over 24 hours ago, and Messenger did not take the approved text.",
}
NO_UTILITY: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง และแอปยังไม่มีสิทธิ์ pages_utility_messaging ใน Meta",
    "en": "The customer last wrote over 24 hours ago, and the app lacks Meta's permission pages_utility_messaging.",
}
NO_HUMAN_AGENT: Sentence = {
    "th": "เกิน 24 ชั่วโมงแล้ว และแอปยังไม่ได้รับสิทธิ์ Human Agent จาก Meta กรุณาตอบในกล่องข้อความของเพจแทน",
    "en": "More than 24 hours have passed, and the app does not have Meta's Human Agent feature. "
    "Please answer in the Page's inbox instead.",
}
SEVEN_DAYS: Sentence = {
    "th": "ลูกค้าไม่ได้ทักมาเกิน 7 วัน Messenger จึงไม่ให้ส่ง",
    "en": "The customer last wrote over 7 days ago, so Messenger does not allow this message.",
}
LEFT_OUT: Sentence = {
    "th": "ไม่ส่ง เพราะลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง",
    "en": "Left out: the customer last wrote over 24 hours ago.",
}
MAYBE_TWICE: Sentence = {
    "th": "ลูกค้าอาจได้รับข้อความนี้ซ้ำ เพราะไม่ได้รับคำตอบจาก Messenger ในครั้งแรก",
    "en": "The customer may have got this twice: Messenger's first answer was lost.",
}
UNCERTAIN: Sentence = {
    "th": "ส่งแล้วแต่ไม่ทราบว่าลูกค้าได้รับหรือไม่ กรุณาดูในแชท",
    "en": "It was sent, but nobody knows whether it arrived. Please look into the chat.",
}
CANNOT_BE_SHOWN: Sentence = {
    "th": "ข้อความนี้แสดงใน Messenger ไม่ได้",
    "en": "This message cannot be shown in Messenger.",
}
WRONG_TOKEN: Sentence = {
    "th": "Messenger ไม่รับโทเค็นนี้ กรุณาสร้างใหม่แล้วคัดลอกมาให้ครบ",
    "en": "Messenger does not take this token. Please generate a new one and copy all of it.",
}
WRONG_APP_SECRET: Sentence = {
    "th": "app secret นี้ไม่ใช่ของแอปที่ออกโทเค็น",
    "en": "This is not the secret of the app that the token comes from.",
}
WRONG_KEY: Sentence = {
    "th": "ความลับของเพจเก็บไว้ด้วย TALAD_SECRET_KEY อื่น กรุณาใส่โทเค็นและ app secret ใหม่",
    "en": "The Page's secrets were stored with another TALAD_SECRET_KEY. Please enter token and app secret again.",
}
ERRAND_FAILED: Sentence = {
    "th": "ทำรายการนี้ไม่สำเร็จ สาเหตุอยู่ในบันทึกการทำงาน (log) ของ gateway",
    "en": "This could not be done. The gateway's log says why.",
}
TOKEN_ENDED: Sentence = {
    "th": "Messenger ไม่รับโทเค็นของเพจแล้ว จึงเอาเมนูออกและหยุดรับข้อความของเพจแทนร้านไม่ได้",
    "en": "Messenger no longer takes the Page's token, so nothing could be removed there.",
}
REMOVE_BY_HAND: Sentence = {
    "th": "ทำเองได้ใน Facebook: การตั้งค่า → Business Integrations (การผสานการทำงานทางธุรกิจ) → เลือกแอปนี้ → ลบ "
    "หรือกด “แก้ชื่อหรือโทเค็น” ใส่โทเค็นใหม่ แล้วยกเลิกการเชื่อมต่ออีกครั้ง ระบบจะเอาออกให้",
    "en": "By hand, in Facebook: Settings → Business Integrations → this app → Remove. "
    "Or press “Change name or secrets”, enter a new token and disconnect once more: then it is removed for you.",
}
OVERTAKEN: Sentence = {
    "th": "ไม่ได้ทำ เพราะระหว่างนั้นเพจถูกยกเลิกการเชื่อมต่อหรือกลับมาใช้งานแล้ว",
    "en": "Not done: meanwhile the Page was disconnected, or is used again.",
}
#: For a line that is about nothing in particular.
NOTHING: Sentence = {"th": "", "en": ""}


def stored(sentence: Sentence) -> str:
    """The sentence as the database keeps it."""
    return json.dumps(sentence, ensure_ascii=False)


def opened(stored: str) -> Sentence:
    """The sentence from the database; a plain text is the same in both languages."""
    try:
        found = json.loads(stored)
        return {"th": str(found["th"]), "en": str(found["en"])}
    except (ValueError, KeyError, TypeError):
        return {"th": stored, "en": stored}


def describe(error: Exception) -> str:
    """What happened, for the operator, without anything a customer wrote: foreign exceptions may quote it."""
    if isinstance(error, TurnFailed):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
