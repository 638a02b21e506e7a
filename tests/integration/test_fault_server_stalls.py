"""The fault server's answers that take their time, and those that never come."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.plain_client import MESSAGE, post
from tests.support.fault_server.server import FaultServer


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def arrivals(server: FaultServer, path: str, count: int) -> list[tuple[float, bytes]]:
    """The first so many pieces of what the server says, each with the time of its arrival."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(f"POST {path} HTTP/1.1\r\n\r\n".encode())
        return [(time.monotonic(), client.recv(65536)) for _ in range(count)]


def test_headers_are_dripped_from_the_first_byte(server: FaultServer) -> None:
    pieces = arrivals(server, "/drip/headers?every=0.05", 10)
    assert b"".join(piece for _, piece in pieces) == b"HTTP/1.1 2"
    assert pieces[-1][0] - pieces[0][0] > 0.04 * 9


def test_a_body_is_dripped_after_headers_that_came_at_once(server: FaultServer) -> None:
    (_, headers), *body = arrivals(server, ask("/drip/body", every=0.05, body="dripped"), 8)
    assert headers.endswith(b"Content-Length: 7\r\n\r\n")
    assert [piece for _, piece in body] == [b"d", b"r", b"i", b"p", b"p", b"e", b"d"]
    assert body[-1][0] - body[0][0] > 0.04 * 6


@pytest.mark.parametrize("part", ["headers", "body"])
def test_no_timeout_of_a_read_bounds_a_drip(server: FaultServer, part: str) -> None:
    before = time.monotonic()
    reply = post(server, ask(f"/drip/{part}", every=0.01, body="x" * 60, padding=20), timeout=0.5)
    assert (reply.status, reply.body) == (200, b"x" * 60)
    assert time.monotonic() - before > 0.5


@pytest.mark.parametrize("path", ["/silent", "/silent/headers", "/silent/body"])
def test_silence_outlasts_the_client_and_the_message_was_received(server: FaultServer, path: str) -> None:
    with pytest.raises(TimeoutError):
        post(server, path, timeout=0.2)
    assert [request.body for request in server.received()] == [MESSAGE]


def test_a_late_answer_comes_after_the_message_was_received(server: FaultServer) -> None:
    assert post(server, ask("/late", seconds=0.3, body="ok")).body == b"ok"
    assert time.monotonic() - server.requests[0].at > 0.29


def test_interim_answers_can_go_on_without_end(server: FaultServer) -> None:
    pieces = arrivals(server, "/informational/100?count=0&every=0.01", 30)
    assert {piece for _, piece in pieces} == {b"HTTP/1.1 100 Continue\r\n\r\n"}
