"""Fetching attachments: from allowed hosts only, never from inside the shop's network, and only so much."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from gateway.media import Fetcher, FetchFailed, Unfetchable, is_public
from shop.slips.picture import MOST_BYTES
from talad.media_hosts import MediaHosts
from tests.gateway.fakes import Server
from tests.support.network import LeavesTheMachine

PUBLIC_NAME = "scontent.xx.fbcdn.net"


@dataclass
class Files(Server):
    """Serves what a test has put in `answers`, and remembers what it was asked for."""

    answers: dict[str, Callable[[web.Request], Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/{name:.*}", self._get)]

    async def _get(self, request: web.Request) -> Any:
        self.asked.append(request.path_qs)
        made = self.answers[request.match_info["name"]](request)
        return await made if asyncio.iscoroutine(made) else made


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    files = Files()
    await files.start()
    yield files
    await files.stop()


@pytest.fixture
async def inside() -> AsyncIterator[Files]:
    """Something on this machine that is none of the customers' business."""
    inside = Files(answers={"secret": lambda _: web.Response(text="secret")})
    await inside.start()
    yield inside
    assert not inside.asked
    await inside.stop()


@pytest.fixture
async def fetcher(files: Files) -> AsyncIterator[Fetcher]:
    """May fetch from Meta's hosts and, as in tests only, from one port of this machine."""
    fetcher = Fetcher(MediaHosts.parse(f"fbcdn.net, fbsbx.com, 127.0.0.1:{files.port}"), seconds=2.0)
    yield fetcher
    await fetcher.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses that names lead to."""
    found: dict[str, list[str]] = {}

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in found[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return found


def sends_to(url: str, status: int = 302) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(status=status, headers={"Location": url})


async def test_the_address_is_asked_for_exactly_as_given(files: Files, fetcher: Fetcher) -> None:
    files.answers["v/t1/1.jpg"] = lambda _: web.Response(body=b"picture")
    signed = "/v/t1/1.jpg?oh=00_a%2Bb%2f&oe=6A1C32D0&x=%e0%b8%81"
    assert await fetcher.fetch(files.url + signed) == b"picture"
    assert files.asked == [signed]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/secret",
        "http://localhost:{port}/secret",
        "http://127.1:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "http://127.0.0.1:{port}/secret#.fbcdn.net",
        "http://fbcdn.net@127.0.0.1:{port}/secret",
        "https://127.0.0.1:{port}\\.fbcdn.net/secret",
        "https://fbcdn.net.example.com/secret",
        "https://notfbcdn.net/secret",
        "http://scontent.xx.fbcdn.net/secret",
        "ftp://scontent.xx.fbcdn.net/secret",
        "file:///etc/passwd",
        "data:text/plain,secret",
        "//127.0.0.1:{port}/secret",
        "/secret",
        "https://",
        "https://[",
        "https://scontent.xx.fbcdn.net:99999/secret",
        "",
        "\x00",
    ],
)
async def test_other_hosts_are_not_asked(inside: Files, fetcher: Fetcher, url: str) -> None:
    with pytest.raises(Unfetchable):
        await fetcher.fetch(url.format(port=inside.port))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_allowed_address_is_followed(
    files: Files, fetcher: Fetcher, status: int
) -> None:
    files.answers["old"] = sends_to("/new?a=1", status)
    files.answers["new"] = lambda _: web.Response(body=b"picture")
    assert await fetcher.fetch(f"{files.url}/old") == b"picture"
    assert files.asked == ["/old", "/new?a=1"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "//127.0.0.1:{port}/secret",
        "https://example.com/secret",
        "http://scontent.xx.fbcdn.net/secret",
        "file:///etc/passwd",
        "http://[",
    ],
)
async def test_a_redirect_to_another_host_is_not_followed(
    files: Files, inside: Files, fetcher: Fetcher, target: str
) -> None:
    files.answers["away"] = sends_to(target.format(port=inside.port))
    with pytest.raises(Unfetchable):
        await fetcher.fetch(f"{files.url}/away")


async def test_redirects_without_an_end_are_given_up(files: Files, fetcher: Fetcher) -> None:
    files.answers["round"] = sends_to("/round")
    files.answers["nowhere"] = lambda _: web.Response(status=302)
    for name in ("round", "nowhere"):
        with pytest.raises(Unfetchable, match="redirects"):
            await fetcher.fetch(f"{files.url}/{name}")
    assert files.asked == ["/round"] * 4 + ["/nowhere"] * 4


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "169.254.169.254", "0.0.0.0", "::1", "fd00::1", "::ffff:10.0.0.8"],
)
async def test_a_public_name_that_leads_inside_is_not_followed(
    files: Files, fetcher: Fetcher, names: dict[str, list[str]], address: str
) -> None:
    names[PUBLIC_NAME] = [address]
    with pytest.raises(Unfetchable, match="private"):
        await fetcher.fetch(f"https://{PUBLIC_NAME}/secret")
    files.answers["away"] = sends_to(f"https://{PUBLIC_NAME}/secret")
    with pytest.raises(Unfetchable, match="private"):
        await fetcher.fetch(f"{files.url}/away")


async def test_of_a_name_with_several_addresses_only_public_ones_are_connected_to(
    fetcher: Fetcher, names: dict[str, list[str]]
) -> None:
    names[PUBLIC_NAME] = ["10.0.0.8", "93.184.216.34"]
    # The guard of the tests tells where the connection would have gone.
    with pytest.raises(LeavesTheMachine, match=r"93\.184\.216\.34"):
        await fetcher.fetch(f"https://{PUBLIC_NAME}/picture")


async def test_each_fetch_looks_the_name_up_anew_and_connects_to_that_very_answer(
    fetcher: Fetcher, names: dict[str, list[str]]
) -> None:
    names[PUBLIC_NAME] = ["93.184.216.34"]
    with pytest.raises(LeavesTheMachine):
        await fetcher.fetch(f"https://{PUBLIC_NAME}/picture")
    names[PUBLIC_NAME] = ["127.0.0.1"]
    with pytest.raises(Unfetchable, match="private"):
        await fetcher.fetch(f"https://{PUBLIC_NAME}/picture")


def test_which_addresses_are_public() -> None:
    public = "93.184.216.34 2606:2800:220:1::1 ::ffff:93.184.216.34 64:ff9b::93.184.216.34"
    local = "127.0.0.1 10.0.0.8 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255"
    reserved = "192.0.2.1 198.18.0.1 203.0.113.9 224.0.0.1 :: ::1 fe80::1 fe80::1%eth0 fd00::1 ff02::1"
    hidden = "::ffff:10.0.0.8 2002:7f00:1:: 64:ff9b::10.0.0.8 ::10.0.0.8"
    assert all(map(is_public, public.split()))
    assert not any(map(is_public, f"{local} {reserved} {hidden}".split()))


async def test_no_more_than_15_mib_are_read_whatever_the_header_says(files: Files, fetcher: Fetcher) -> None:
    sent: list[int] = []

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            for _ in range(60):
                await answer.write(bytes(1024 * 1024))
                sent.append(1)
        except ConnectionError:
            pass
        return answer

    files.answers["endless"] = endless
    with pytest.raises(Unfetchable, match="too large"):
        await fetcher.fetch(f"{files.url}/endless")
    assert 15 <= len(sent) < 30


async def test_exactly_15_mib_are_taken_and_one_byte_more_is_not(files: Files, fetcher: Fetcher) -> None:
    files.answers["full"] = lambda _: web.Response(body=bytes(MOST_BYTES))
    files.answers["over"] = lambda _: web.Response(body=bytes(MOST_BYTES + 1))
    assert MOST_BYTES == 15 * 1024 * 1024
    assert len(await fetcher.fetch(f"{files.url}/full")) == MOST_BYTES
    with pytest.raises(Unfetchable, match="too large"):
        await fetcher.fetch(f"{files.url}/over")


async def test_a_packed_answer_is_not_unpacked(files: Files, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(50 * 1024 * 1024))
    files.answers["bomb"] = lambda _: web.Response(body=bomb, headers={"Content-Encoding": "gzip"})
    assert await fetcher.fetch(f"{files.url}/bomb") == bomb


async def test_a_host_that_is_silent_or_drips_is_tried_later(files: Files) -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async def dripping(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b".")
            await asyncio.sleep(0.02)

    files.answers |= {"silent": silent, "dripping": dripping}
    fetcher = Fetcher(MediaHosts.parse("127.0.0.1"), seconds=0.3)
    for name in ("silent", "dripping"):
        with pytest.raises(FetchFailed, match="Timeout"):
            await fetcher.fetch(f"{files.url}/{name}")
    await fetcher.close()


@pytest.mark.parametrize(
    ("error", "statuses"),
    [(Unfetchable, (204, 403, 404, 410)), (FetchFailed, (408, 425, 429, 500, 503))],
)
async def test_a_refusal_is_final_and_a_fault_of_the_host_is_not(
    files: Files, fetcher: Fetcher, error: type[Exception], statuses: tuple[int, ...]
) -> None:
    for status in statuses:
        files.answers[str(status)] = lambda request: web.Response(status=int(request.path[1:]))
        with pytest.raises(error, match=str(status)):
            await fetcher.fetch(f"{files.url}/{status}")


async def test_a_host_out_of_reach_or_cut_short_is_tried_later(files: Files, fetcher: Fetcher) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return answer

    files.answers["cut"] = cut
    with pytest.raises(FetchFailed):
        await fetcher.fetch(f"{files.url}/cut")
    await files.stop()
    with pytest.raises(FetchFailed):
        await fetcher.fetch(f"{files.url}/cut")
