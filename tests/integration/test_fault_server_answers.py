"""The fault server's answers, seen by a plain HTTP client: no test of ours may pass for its mistakes."""

import gzip
import http.client
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.plain_client import MESSAGE, ask_on, connect, post
from tests.support.fault_server.server import FaultServer

CANARY = "/services/T000/B000/canary"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.mark.parametrize("status", [200, 204, *range(400, 431), 451, 500, 502, 503, 504, 509, 520, 529, 599])
def test_every_status_comes_with_the_body_it_was_told(server: FaultServer, status: int) -> None:
    reply = post(server, ask(f"/{status}", body="no_service", type="text/plain"))
    assert (reply.status, reply.body) == (status, b"" if status == 204 else b"no_service")
    assert post(server, ask(f"/status/{status}", body="no_service", type="text/plain")) == reply


@pytest.mark.parametrize("ra", ["2", "60", "99999", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "soon", ""])
def test_patience_is_asked_for_in_the_very_words(server: FaultServer, ra: str) -> None:
    for path in ("/429", "/status/503"):
        assert post(server, ask(path, ra=ra)).headers["Retry-After"] == ra


def test_a_bare_429_has_no_patience_in_it(server: FaultServer) -> None:
    reply = post(server, "/429")
    assert (reply.body, "Retry-After" in reply.headers) == (b"rate_limited", False)


@pytest.mark.parametrize("ra", ["30", "1.5", '"soon"'])
def test_a_429_can_say_its_patience_in_json_only(server: FaultServer, ra: str) -> None:
    reply = post(server, ask("/429", body_ra=ra))
    assert json.loads(reply.body) == {"ok": False, "error": "ratelimited", "retry_after": json.loads(ra)}
    assert "Retry-After" not in reply.headers


def test_headers_and_the_reason_are_free(server: FaultServer) -> None:
    reply = post(server, ask("/503", header=["X-One: 1", "X-Two: a:b"], reason="Not Today"))
    assert (reply.reason, reply.headers["X-One"], reply.headers["X-Two"]) == ("Not Today", "1", "a:b")


@pytest.mark.parametrize("status", [200, 302, 400, 429])
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_echo_is_in_body_headers_and_reason(server: FaultServer, form: str, status: int) -> None:
    server.script(CANARY, then=ask("/echo", form=form, status=status))
    reply = post(server, CANARY, headers={"Authorization": "Bearer canary-token"})
    assert reply.status == status
    assert reply.reason == reply.headers["X-Echo-Path"] == reply.headers["Location"] == CANARY
    assert reply.headers["X-Echo-Authorization"] == "Bearer canary-token"
    assert CANARY.encode() in reply.body
    assert b"Bearer canary-token" in reply.body
    assert form == "text" or CANARY in json.loads(reply.body)["error"]


def test_a_page_can_stand_in_the_way(server: FaultServer) -> None:
    reply = post(server, "/html")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html")
    assert reply.body.startswith(b"<!doctype html>")
    assert post(server, "/ok?body=").body == b""


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_300_mb_arrive_and_are_never_in_memory_at_once(server: FaultServer, framing: str) -> None:
    buffer, size = memoryview(bytearray(1 << 20)), 0
    with closing(connect(server, 5)) as connection:
        connection.request("POST", f"/huge?framing={framing}", MESSAGE)
        response = connection.getresponse()
        tracemalloc.start()
        while read := response.readinto(buffer):
            size += read
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size == 300 << 20
    assert peak < 5 << 20


def test_a_reply_can_be_gzip_to_who_did_not_ask_for_it(server: FaultServer) -> None:
    reply = post(server, "/gzip", headers={"Accept-Encoding": "identity"})
    assert (reply.headers["Content-Encoding"], gzip.decompress(reply.body)) == ("gzip", b"ok")


def test_a_gzip_bomb_is_small_until_it_is_unpacked(server: FaultServer) -> None:
    reply = post(server, "/gzip-bomb?mb=32")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.body) < 64 << 10
    assert len(gzip.decompress(reply.body)) == 32 << 20


@pytest.mark.parametrize("rich", ["blocks", "attachments"])
def test_rich_messages_can_be_refused_and_plain_ones_accepted(server: FaultServer, rich: str) -> None:
    reply = post(server, "/refuse-blocks", json.dumps({"text": "disk full", rich: []}).encode())
    assert (reply.status, reply.body) == (400, b"invalid_blocks")
    assert post(server, "/refuse-blocks").body == b"ok"


@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_kept_connection_can_end_unannounced_after_its_reply(server: FaultServer, then: str) -> None:
    with closing(connect(server, 5)) as connection:
        assert ask_on(connection, f"/ok?then={then}").body == b"ok"
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            ask_on(connection, "/ok")
    assert len(server.requests) == 1
