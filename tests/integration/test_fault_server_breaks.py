"""The fault server's answers that are none, seen by plain sockets and by http.client."""

import http.client
from collections.abc import Iterator

import pytest

from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.plain_client import MESSAGE, post, raw
from tests.support.fault_server.server import FaultServer


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.mark.parametrize("part", ["", "/headers", "/body"])
def test_a_reset_comes_after_the_message_was_received(server: FaultServer, part: str) -> None:
    with pytest.raises(ConnectionResetError):
        post(server, f"/reset{part}")
    assert [request.body for request in server.requests] == [MESSAGE]


def test_a_hang_up_comes_after_the_message_was_received(server: FaultServer) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        post(server, "/close")
    with pytest.raises(http.client.IncompleteRead):
        post(server, "/close/body")
    assert raw(server, "/close/headers") == b"HTTP/1.1 200 OK\r\nContent-Le"
    assert len(server.requests) == 3


def test_a_length_that_says_too_much_leaves_the_body_truncated(server: FaultServer) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        post(server, "/length/10")
    assert caught.value.partial == b"ok"


def test_a_length_that_says_too_little_cuts_the_body(server: FaultServer) -> None:
    assert post(server, ask("/length/2", body="okay")).body == b"ok"


@pytest.mark.parametrize("length", ["-1", "many", "2, 2", ""])
def test_a_length_can_be_anything(server: FaultServer, length: str) -> None:
    assert f"Content-Length: {length}\r\n\r\nok".encode() in raw(server, f"/length/{length.replace(' ', '%20')}")


@pytest.mark.parametrize("size", ["a", "zz", ""])
def test_a_chunk_can_be_short_or_of_no_size_at_all(server: FaultServer, size: str) -> None:
    with pytest.raises((http.client.IncompleteRead, ValueError)):
        post(server, f"/chunk/{size}")
    assert raw(server, f"/chunk/{size}").endswith((size or "/chunk/").encode() + b"\r\nok")


def test_a_garbage_status_line_echoes_the_request(server: FaultServer) -> None:
    server.script("/canary", then="/garbage")
    with pytest.raises(http.client.BadStatusLine, match=r"POST /canary.*X-Token: secret"):
        post(server, "/canary", headers={"X-Token": "secret"})


@pytest.mark.parametrize("line", ["HTTP/1.1 abc ok", "HTTP/1.1 99999 ok", "SMTP/1.0 200 OK", "ok"])
def test_a_status_line_can_be_any_text(server: FaultServer, line: str) -> None:
    with pytest.raises(http.client.BadStatusLine):
        post(server, ask("/garbage", line=line))


def test_a_header_without_a_colon_echoes_the_path_and_hides_the_rest(server: FaultServer) -> None:
    server.script("/canary", then="/bad-headers")
    assert b"no colon /canary\r\nContent-Length: 2" in raw(server, "/canary")
    assert "Content-Length" not in post(server, "/canary").headers


@pytest.mark.parametrize("query", ["count=200", "count=1&size=70000"])
def test_headers_can_be_too_many_or_too_long(server: FaultServer, query: str) -> None:
    with pytest.raises(http.client.HTTPException, match="more than"):
        post(server, f"/headers?{query}")


def test_nothing_but_an_interim_answer_is_no_answer(server: FaultServer) -> None:
    assert raw(server, "/informational/100") == b"HTTP/1.1 100 Continue\r\n\r\n"
    with pytest.raises(http.client.RemoteDisconnected):
        post(server, "/informational/100?count=3")
    with pytest.raises(ConnectionResetError):
        post(server, "/informational/100?then=reset")
    with pytest.raises(TimeoutError):
        post(server, "/informational/100?then=silent", timeout=0.2)
    assert post(server, "/informational/103").status == 103


def test_an_answer_may_follow_interim_ones(server: FaultServer) -> None:
    assert post(server, "/informational/100?count=3&then=ok").body == b"ok"
