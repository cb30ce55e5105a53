"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.support.network import LeavesTheMachine


@pytest.mark.parametrize("address", [("93.184.216.34", 80), ("example.com", 80), ("10.0.0.1", 22)])
def test_other_machines_cannot_be_reached(address: tuple[str, int]) -> None:
    with socket.socket() as opened, pytest.raises(LeavesTheMachine):
        opened.connect(address)
    with socket.socket() as opened, pytest.raises(LeavesTheMachine):
        opened.connect_ex(address)


def test_other_names_are_not_looked_up() -> None:
    with pytest.raises(LeavesTheMachine):
        socket.getaddrinfo("example.com", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()
