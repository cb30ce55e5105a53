"""Whose word is taken for where somebody is and over what they come; and that browsers come over TLS only."""

from __future__ import annotations

import logging
from ipaddress import ip_network
from types import SimpleNamespace

import pytest

from seller_console import network
from tests.seller_console.support import HTML

PROXIES = tuple(map(ip_network, ("127.0.0.0/8", "::1", "172.16.0.0/12")))


def request(ip="127.0.0.1", public_url="http://localhost:8001", scheme="http", **headers):
    settings = SimpleNamespace(trusted_proxies=PROXIES, public_url=public_url)
    app = SimpleNamespace(ctx=SimpleNamespace(settings=settings))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(ip=ip, scheme=scheme, headers=named, app=app)


@pytest.mark.parametrize("proxy", ["127.0.0.1", "127.0.0.9", "::1", "172.18.0.1", "::ffff:172.18.0.1"])
def test_a_proxy_that_is_named_is_believed(proxy):
    asked = request(proxy, x_forwarded_for="made-up, 203.0.113.7", x_forwarded_proto="https")
    assert network.client_address(asked) == "203.0.113.7" and network.over_tls(asked)
    assert network.client_address(request(proxy)) == proxy
    assert not network.over_tls(request(proxy, x_forwarded_proto="http", public_url="https://a.example"))


@pytest.mark.parametrize("other", ["192.168.1.20", "10.0.0.5", "203.0.113.9", "fe80::1", "2001:db8::1", ""])
def test_nobody_else_is(other):
    """A colleague's phone in the shop's own network, say: it would be somebody else with every guess."""
    asked = request(other, x_forwarded_for="203.0.113.7", x_forwarded_proto="https")
    assert network.client_address(asked) == other and not network.over_tls(asked)


@pytest.mark.parametrize("word", ["", "unknown", "[", "203.0.113.7:80", "203.0.113.7, ", "ก"])
def test_what_is_no_address_is_not_taken_for_one(word):
    assert network.client_address(request("127.0.0.1", x_forwarded_for=word)) == "127.0.0.1"


def test_a_shop_behind_tls_is_so_for_all_but_its_own_machine():
    for host, expected in (("shop.example", True), ("localhost:8000", False), ("[::1]:8000", False)):
        assert network.over_tls(request(public_url="https://a.example", host=host)) is expected
    assert network.over_tls(request(scheme="https"))


def test_the_operator_reads_once_that_a_proxy_is_not_believed(caplog):
    with caplog.at_level(logging.WARNING):
        for peer in ("10.9.8.7", "10.9.8.7", "203.0.113.9", "127.0.0.1"):
            network.client_address(request(peer, x_forwarded_for="203.0.113.7"))
    assert [one.args for one in caplog.records] == [("10.9.8.7",)]


async def test_over_tls_browsers_are_told_to_come_over_nothing_else(console, stranger):
    for path in ("/sign-in", "/orders", "/static/x/icon.svg", "/nothing"):
        async with stranger.client.get(
            console.url + path, headers={**HTML, "X-Forwarded-Proto": "https"}, allow_redirects=False
        ) as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path
        answer, _ = await stranger.get(path)
        assert "Strict-Transport-Security" not in answer.headers, path
