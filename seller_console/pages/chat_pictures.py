"""Pictures that sellers sent in a chat, shown within the console.

Their public address is another host than the console's, whose pages take pictures from nowhere else.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import raw

from shop import chat_pictures
from shop.roles import May

pages = Blueprint("chat_pictures")
_HEADERS = {"cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox"}


@pages.get("/chats/<customer_id:row>/pictures/<message_id:row>", ctx_may=May.CHAT)
async def picture(request: Request, customer_id: int, message_id: int) -> HTTPResponse:
    """The JPEG as it was sent to this customer."""
    key: str = await request.app.ctx.database.read(chat_pictures.key, customer_id, message_id)
    try:
        jpeg = await asyncio.to_thread(request.app.ctx.media.get, key)
    except FileNotFoundError as error:
        raise NotFound(f"the picture of message {message_id} is gone") from error
    return raw(jpeg, content_type="image/jpeg", headers=_HEADERS)
