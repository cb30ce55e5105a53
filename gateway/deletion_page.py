"""The page on which a person sees what has become of their wish to be forgotten, in Thai and English."""

from __future__ import annotations

from html import escape

from sanic import HTTPResponse
from sanic.response import html

from shop.deletions import RequestState
from shop.models import DeletionRequest
from shop.words import written_time

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_TITLE = {"th": "คำขอลบข้อมูล", "en": "Your data deletion request"}
_SENTENCES = {
    RequestState.RECEIVED: {
        "th": "เราได้รับคำขอของคุณแล้ว และกำลังดำเนินการค่ะ",
        "en": "We have received your request and are working on it.",
    },
    RequestState.WAITING: {
        "th": "คุณยังมีคำสั่งซื้อที่ยังไม่เสร็จสิ้น เราจะลบข้อมูลของคุณทันทีที่คำสั่งซื้อเสร็จสิ้นหรือถูกยกเลิก "
        "หากต้องการยกเลิก กรุณาแจ้งร้านในแชทค่ะ",
        "en": "You still have an open order. Your data is deleted as soon as the order is finished or cancelled. "
        "To cancel it, please write to the shop in the chat.",
    },
    RequestState.UNKNOWN: {
        "th": "เรายังไม่พบข้อมูลของคุณจากหมายเลขที่ Facebook ให้มา ร้านกำลังตรวจสอบ "
        "หากคุณเคยสั่งซื้อกับร้าน กรุณาทักแชทร้านแล้วแจ้งว่าขอลบข้อมูลนะคะ",
        "en": "We have not found you by the number that Facebook gave us, and the shop is looking into it. "
        "If you have ordered here, please write to the shop in the chat that you want your data deleted.",
    },
    RequestState.ERASED: {
        "th": "ลบข้อมูลของคุณเรียบร้อยแล้วค่ะ ร้านเก็บไว้เฉพาะเลขที่คำสั่งซื้อ รายการสินค้า และยอดเงินสำหรับทำบัญชี "
        "โดยไม่มีชื่อ เบอร์โทร ที่อยู่ สลิป และข้อความของคุณ",
        "en": "Your data has been deleted. For its books the shop keeps order numbers, goods and amounts only, "
        "without your name, phone number, address, slips and messages.",
    },
    RequestState.CLOSED: {
        "th": "ร้านตรวจสอบแล้ว ไม่มีข้อมูลของคุณอยู่ในระบบค่ะ",
        "en": "The shop has looked into it: no data of yours is kept.",
    },
}
_NO_SUCH_CODE = {
    "th": "ไม่พบคำขอนี้ กรุณาตรวจสอบรหัสยืนยันอีกครั้งค่ะ",
    "en": "There is no such request. Please check the confirmation code.",
}
_WORDS = {
    "th": {"code": "รหัสยืนยัน", "received": "ได้รับเมื่อ", "done": "เสร็จเมื่อ"},
    "en": {"code": "Confirmation code", "received": "Received", "done": "Done"},
}


def page(request: DeletionRequest) -> HTTPResponse:
    """The state of one request."""
    sections = []
    for language, words in _WORDS.items():
        lines = [f"{words['code']}: {request.code}"]
        lines.append(f"{words['received']}: {written_time(request.received_at, language)}")
        if request.done_at is not None:
            lines.append(f"{words['done']}: {written_time(request.done_at, language)}")
        sections.append(_section(language, _SENTENCES[RequestState(request.state)][language], lines))
    return _whole(sections, 200)


def unknown_code() -> HTTPResponse:
    """For a code that was never given."""
    return _whole([_section(language, words, []) for language, words in _NO_SUCH_CODE.items()], 404)


def _section(language: str, sentence: str, lines: list[str]) -> str:
    rest = "".join(f"<p><small>{escape(line)}</small></p>" for line in lines)
    return f'<section lang="{language}"><h1>{_TITLE[language]}</h1><p>{escape(sentence)}</p>{rest}</section>'


def _whole(sections: list[str], status: int) -> HTTPResponse:
    style = "body{font:1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    title = f"<title>{_TITLE['th']} · {_TITLE['en']}</title>"
    body = "<hr>".join(sections)
    whole = f'<!doctype html><html lang="th"><head>{head}{title}<style>{style}</style></head><body>{body}</body></html>'
    return html(whole, status=status, headers=_HEADERS)
