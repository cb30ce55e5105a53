"""The platform shows us our own messages again ("echo"): proof that a message whose answer was lost has arrived.

Each message carries `talad:<outbox id>:<part>` as its metadata; Messenger Platform: it comes back in the echo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from shop import mailbox
from shop.models import OutboxMessage

_METADATA = re.compile(r"talad:(\d{1,18}):(\d{1,4})")

_waiting = select(OutboxMessage.message_ids, OutboxMessage.state).where(
    OutboxMessage.id == bindparam("my_id"),
    OutboxMessage.conversation == bindparam("in_conversation"),
    OutboxMessage.state.in_(("open", "uncertain")),
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


def is_ours(text: str | None) -> bool:
    """Whether a message with this metadata was sent by the outbox."""
    return _METADATA.fullmatch(text or "") is not None


def confirm(session: Session, echo: Echo) -> None:
    """Count the part as sent, unless that is known already. A message given up as uncertain goes on from there."""
    wanted = {"my_id": echo.message_id, "in_conversation": echo.conversation, "part": echo.part}
    found = session.connection().execute(_waiting, wanted).one_or_none()
    if found is None:
        return
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == echo.message_id)
        .values(sent_parts=echo.part + 1, message_ids=[*found.message_ids, echo.mid], code=None, error=None)
    )
    if found.state == "uncertain":
        mailbox.retry_message(session, echo.message_id)


def has_come(session: Session, message_id: int, part: int) -> bool:
    """Whether the part's echo was seen while its sender was still waiting for an answer."""
    sent_parts = session.scalar(select(OutboxMessage.sent_parts).where(OutboxMessage.id == message_id))
    return sent_parts is not None and sent_parts > part
