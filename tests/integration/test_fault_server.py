"""The fault server remembers what it got, plays scripts, and ends with the test."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.plain_client import MESSAGE, ask_on, connect, post
from tests.support.fault_server.server import FaultServer

CANARY = "/services/T000/B000/canary"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def test_a_request_is_remembered_as_it_was_sent(server: FaultServer) -> None:
    before = time.monotonic()
    post(server, "/ok?body=", headers={"X-Mine": "yes"})
    (request,) = server.requests
    assert before < request.at < time.monotonic()
    assert (request.method, request.path, request.body) == ("POST", "/ok?body=", MESSAGE)
    assert (request.headers["X-Mine"], request.message, request.connection) == ("yes", {"text": "disk full"}, 0)


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /ok HTTP/1.1\r\nContent-Le",
        b"POST /ok HTTP/1.1\r\nContent-Length: 5\r\n",
        b"POST /ok HTTP/1.1\r\nContent-Length: 5\r\n\r\nfour",
        b"\x16\x03\x01\r\n\r\n",
    ],
)
def test_half_a_message_is_not_remembered(server: FaultServer, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    assert (server.requests, len(server.connections)) == ([], 1)


def test_requests_can_be_waited_for(server: FaultServer) -> None:
    client = threading.Thread(target=post, args=(server, "/late?seconds=0.1"))
    client.start()
    assert [request.path for request in server.received(1)] == ["/late?seconds=0.1"]
    client.join()
    with pytest.raises(AssertionError, match="1 requests in"):
        server.received(2, within=0.05)


def test_requests_on_a_kept_connection_are_told_from_those_on_a_new_one(server: FaultServer) -> None:
    with closing(connect(server, 5)) as connection:
        ask_on(connection, "/ok")
        ask_on(connection, "/503")
    post(server, "/ok")
    assert [request.connection for request in server.requests] == [0, 0, 1]
    assert [connection.number for connection in server.connections] == [0, 1]


def test_many_clients_are_served_at_once() -> None:
    with FaultServer() as server:
        server.script("/hook", ["/500"] * 10)
        clients = [threading.Thread(target=post, args=(server, "/hook")) for _ in range(20)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    assert len(server.requests) == len(server.connections) == 20


def test_a_script_is_played_in_turn_and_then_all_is_well(server: FaultServer) -> None:
    server.script(CANARY, ["/500", ask("/429", ra=2), "/503"])
    replies = [post(server, CANARY) for _ in range(5)]
    assert [reply.status for reply in replies] == [500, 429, 503, 200, 200]
    assert (replies[0].body, replies[1].headers["Retry-After"], replies[4].body) == (b"rollup_error", "2", b"ok")


def test_a_script_can_go_wrong_for_ever(server: FaultServer) -> None:
    server.script(CANARY, then=ask("/404", body="no_service"))
    assert {post(server, CANARY).body for _ in range(3)} == {b"no_service"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_points_at_a_second_server_which_remembers_who_came(server: FaultServer, status: int) -> None:
    with FaultServer() as elsewhere:
        reply = post(server, ask(f"/{status}", to=elsewhere.url("/ok")))
        assert (reply.status, reply.headers["Location"]) == (status, elsewhere.url("/ok"))
        assert elsewhere.requests == []
        assert post(elsewhere, "/ok").body == b"ok"
        assert len(elsewhere.requests) == 1


@pytest.mark.parametrize("path", ["/okay", "/429?rra=2", "/drip", "/drip/tail", "/huge?framing=none", "/"])
def test_a_misspelt_behaviour_fails_the_test_that_asked_for_it(path: str) -> None:
    with pytest.raises(AssertionError, match="cannot do"), FaultServer() as server:
        assert post(server, path).status == 501
    with FaultServer() as server, pytest.raises((ValueError, KeyError)):
        server.script("/hook", [path])


@pytest.mark.parametrize(
    "path", ["/silent", "/late?seconds=60", "/drip/headers?every=60", "/informational/100?count=0", "/huge", "/ok"]
)
def test_the_end_of_the_test_ends_whatever_still_stalls(path: str) -> None:
    threads = threading.active_count()
    with ExitStack() as stack:
        with FaultServer() as server:
            connection = stack.enter_context(closing(connect(server, 5)))
            connection.request("POST", path, MESSAGE)
            server.received()
            ending = time.monotonic()
        assert time.monotonic() - ending < 0.5
        assert threading.active_count() == threads
