"""Pictures and files the shop sends: by address, as Meta fetches them, or uploaded. Refusals are Messenger's:
2018008 not fetched, 2018047 wrong type, 2018074 foreign attachment_id, 2018109 too large."""

import asyncio
import ipaddress
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from simulator.call import Call
from simulator.errors import GraphError, known
from simulator.media import sniff
from simulator.state import Media

IMAGE_BYTES = 8 * 1024 * 1024
OTHER_BYTES = 25 * 1024 * 1024
FETCH_SECONDS = 10  # Meta: 10 s, for video 75 s
SEEN_KEPT = 2000


def limit_of(kind: str) -> int:
    return IMAGE_BYTES if kind == "image" else OTHER_BYTES


def is_loopback(host: str | None) -> bool:
    if host is None or host == "localhost":
        return host == "localhost"
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def fetch(call: Call, url: str, kind: str = "image") -> None:
    """Meta's fetch of an address, once per address.

    Raises:
        GraphError: 100/2018008 not https, not reached or not 200; 2018047 not a picture; 2018109 too large.
    """
    scenario, parts = call.world.scenario, urlsplit(url)
    loopback = is_loopback(parts.hostname)
    if parts.scheme != "https" and not (loopback and scenario.http_pictures == "loopback"):
        raise _not_fetched(url, "it must be https")
    if url in call.world.fetched or scenario.fetch_pictures == "never":
        return
    if scenario.fetch_pictures == "loopback" and not loopback:
        return
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with call.sender.courier.session.get(url, timeout=timeout) as answer:
            if answer.status != 200:
                raise _not_fetched(url, f"it answers {answer.status}")
            data = await _read(answer, limit_of(kind))
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise _not_fetched(url, str(error) or type(error).__name__) from None
    if kind == "image" and not sniff(data).startswith("image/"):
        raise known("attachment_type")
    call.world.fetched[url] = None
    if len(call.world.fetched) > SEEN_KEPT:
        call.world.fetched.popitem(last=False)


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    data = b""
    async for part in answer.content.iter_chunked(65536):
        data += part
        if len(data) > most:
            raise known("attachment_size")
    return data


def _not_fetched(url: str, reason: str) -> GraphError:
    return GraphError(100, f"(#100) Failed to fetch {url[:120]}: {reason}", 2018008)


async def check_template_pictures(call: Call, payload: dict[str, Any]) -> None:
    """Fetch the pictures of a template's elements, side by side."""
    urls = {element["image_url"] for element in payload.get("elements") or [] if element.get("image_url")}
    await asyncio.gather(*(fetch(call, url) for url in urls))


async def resolve(call: Call, attachment: dict[str, Any]) -> tuple[Media, str | None]:
    """The media of an attachment, and its attachment_id when one exists or was asked for.

    Raises:
        GraphError: 100 with the subcodes above.
    """
    kind, payload = attachment["type"], attachment.get("payload") or {}
    attachment_id = payload.get("attachment_id")
    if attachment_id is not None:
        found = call.world.media.reusable(str(attachment_id), call.page.id)
        if found is None:
            raise known("attachment_id")
        if found.kind != kind:
            raise known("attachment_type")
        return Media(kind, found.file, found.url), str(attachment_id)
    media = await _uploaded_or_fetched(call, kind, payload.get("url"))
    keep = str(payload.get("is_reusable", False)).lower() == "true"
    return media, call.world.media.keep_reusable(call.page.id, kind, media.file, media.url) if keep else None


async def _uploaded_or_fetched(call: Call, kind: str, url: str | None) -> Media:
    if url is not None:
        await fetch(call, url, kind)
        return Media(kind, None, url)
    if not call.uploads:
        raise GraphError(
            100, "(#100) attachment needs an url, an attachment_id or multipart filedata", 2018008
        )
    upload = call.uploads[0]
    if len(upload.data) > limit_of(kind):
        raise known("attachment_size")
    if kind == "image" and not sniff(upload.data).startswith("image/"):
        raise known("attachment_type")
    return Media(kind, call.world.media.put(upload.data, upload.name, upload.content_type))
