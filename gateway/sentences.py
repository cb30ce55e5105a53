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
UNCERTAIN: Sentence = {
    "th": "ส่งแล้วแต่ไม่ทราบว่าลูกค้าได้รับหรือไม่ กรุณาดูในแชต",
    "en": "It was sent, but nobody knows whether it arrived. Please look into the chat.",
}
CANNOT_BE_SHOWN: Sentence = {
    "th": "ข้อความนี้แสดงใน Messenger ไม่ได้",
    "en": "This message cannot be shown in Messenger.",
}


def stored(sentence: Sentence) -> str:
    """The sentence as the database keeps it."""
    return json.dumps(sentence, ensure_ascii=False)


def describe(error: Exception) -> str:
    """What happened, for the operator, without anything a customer wrote: foreign exceptions may quote it."""
    if isinstance(error, TurnFailed):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
