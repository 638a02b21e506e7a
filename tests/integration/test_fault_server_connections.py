"""What the fault server does before a request is read, and ports that nobody answers on."""

import socket
import ssl

import pytest

from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import Door
from tests.support.fault_server.plain_client import post
from tests.support.fault_server.ports import full_port, refusing_port
from tests.support.fault_server.server import FaultServer

BROKEN = (ConnectionResetError, BrokenPipeError)


@pytest.mark.parametrize("tls", [None, "good"])
def test_a_connection_can_be_reset_before_the_request_is_read(tls: Certificate | None) -> None:
    with FaultServer(tls, door="reset") as server, pytest.raises(BROKEN):
        post(server, "/ok")
    assert (server.requests, len(server.connections)) == ([], 1)


def test_a_connection_can_be_reset_between_handshake_and_request() -> None:
    with FaultServer("good", door="reset_after_handshake") as server:
        trusting = ssl.create_default_context(cafile=server.ca_file)
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
            trusting.wrap_socket(plain, server_hostname="localhost") as client,
            pytest.raises(ConnectionResetError),
        ):
            client.recv(1)
    assert (server.requests, [connection.handshake for connection in server.connections]) == ([], ["done"])


@pytest.mark.parametrize("tls", [None, "good"])
def test_a_connection_can_be_closed_before_the_request_is_read(tls: Certificate | None) -> None:
    with FaultServer(tls, door="close") as server, pytest.raises(OSError, match=r"EOF|reset|[Cc]losed|[Bb]roken"):
        post(server, "/ok")
    assert (server.requests, len(server.connections)) == ([], 1)


@pytest.mark.parametrize("tls", [None, "good"])
def test_a_connection_can_be_accepted_and_never_read(tls: Certificate | None) -> None:
    with FaultServer(tls, door="stall") as server, pytest.raises(TimeoutError):
        post(server, "/ok", timeout=0.2)
    assert (server.requests, len(server.connections)) == ([], 1)


def test_the_doors_are_met_in_turn_and_then_the_usual_one() -> None:
    with FaultServer("good") as server:
        server.doors("reset", "reset_after_handshake")
        for _ in range(2):
            with pytest.raises(BROKEN):
                post(server, "/ok")
        assert post(server, "/ok").body == b"ok"
    assert [connection.door for connection in server.connections] == ["reset", "reset_after_handshake", "open"]
    assert [request.connection for request in server.requests] == [2]


@pytest.mark.parametrize("door", ["drip", "reset_after_handshake"])
def test_a_door_with_a_handshake_needs_tls(door: Door) -> None:
    with pytest.raises(ValueError, match="needs TLS"):
        FaultServer(door=door)


def test_a_full_backlog_neither_takes_nor_refuses_a_connection() -> None:
    with full_port() as port:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                socket.create_connection(("127.0.0.1", port), timeout=0.3)


def test_a_port_can_refuse() -> None:
    with refusing_port() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
