"""The platform shows us our own messages again ("echo"): proof that a message whose answer was lost has arrived.

Each message carries `talad:<outbox id>:<part>` as its metadata; Messenger Platform: it comes back in the echo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from shop.models import OutboxMessage

_METADATA = re.compile(r"talad:(\d{1,18}):(\d{1,4})")

_waiting = select(OutboxMessage.message_ids).where(
    OutboxMessage.id == bindparam("my_id"),
    OutboxMessage.conversation == bindparam("in_conversation"),
    OutboxMessage.state == "open",
    OutboxMessage.sent_parts == bindparam("part"),
)


@dataclass(frozen=True)
class Echo:
    """The echo of part `part` of an outbox message, seen in a conversation under the platform's id `mid`."""

    message_id: int
    part: int
    conversation: str
    mid: str


def metadata(message_id: int, part: int) -> str:
    """What goes out with a part of an outbox message."""
    return f"talad:{message_id}:{part}"


def read(text: str | None, conversation: str, mid: str) -> Echo | None:
    """The echo that `text` stands for, None when the message was not sent by the outbox."""
    found = _METADATA.fullmatch(text or "")
    return Echo(int(found[1]), int(found[2]), conversation, mid) if found else None


def confirm(session: Session, echo: Echo) -> None:
    """Count the part as sent, unless that is known already."""
    found = {"my_id": echo.message_id, "in_conversation": echo.conversation, "part": echo.part}
    message_ids = session.scalar(_waiting, found)
    if message_ids is not None:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == echo.message_id)
            .values(sent_parts=echo.part + 1, message_ids=[*message_ids, echo.mid])
        )
