"""The few typed words that bring the bot back while a person has the chat. Whole messages, never a guess."""

from __future__ import annotations

import re

_POLITE = re.compile(r"[\s,.!]*(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|please)?[\s.!]*$", re.IGNORECASE)
_WORDS = frozenset(
    (
        *("bot", "menu", "start", "back to bot", "talk to bot", "talk to the bot"),
        *("บอท", "บอต", "เมนู", "เริ่ม", "เริ่มใหม่", "คุยกับบอท", "คุยกับบอต", "กลับไปคุยกับบอท", "เรียกบอท"),
    )
)


def calls_the_bot(text: str | None) -> bool:
    """Whether the customer's whole message is such a word."""
    return text is not None and _POLITE.sub("", text).strip().casefold() in _WORDS
