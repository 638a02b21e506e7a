"""The fault server does what other tests could pass without: they may not rely on a fault that never happened."""

import gzip
import http.client
import json
import re
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.ports import full_port
from tests.support.fault_server.server import FaultServer

CANARY = "/services/T000/B000/canary"
MESSAGE = json.dumps({"text": "disk full"}).encode()
TOKEN = {"Authorization": "Bearer canary-token"}


@pytest.fixture(scope="module")
def shared() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def server(shared: FaultServer) -> FaultServer:
    shared.requests.clear()
    return shared


def connect(server: FaultServer, timeout: float = 5) -> http.client.HTTPConnection:
    if server.url("/").startswith("https:"):
        trusting = ssl.create_default_context(cafile=server.ca_file)
        return http.client.HTTPSConnection("127.0.0.1", server.port, timeout=timeout, context=trusting)
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)


def post(
    server: FaultServer, path: str, headers: dict[str, str] | None = None, timeout: float = 5
) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(connect(server, timeout)) as connection:
        connection.request("POST", path, MESSAGE, headers or {})
        response = connection.getresponse()
        return response, response.read()


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /ok HTTP/1.1\r\nContent-Le",
        b"POST /ok HTTP/1.1\r\nContent-Length: 5\r\n",
        b"POST /ok HTTP/1.1\r\nContent-Length: 5\r\n\r\nfour",
        b"\x16\x03\x01\r\n\r\n",
    ],
)
def test_half_a_request_is_not_recorded(server: FaultServer, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    assert server.requests == []


@pytest.mark.parametrize("path", ["/okay", "/429?rra=2", "/drip", "/drip/tail", "/huge?framing=none", "/"])
def test_an_unknown_behaviour_fails_the_test(path: str) -> None:
    with pytest.raises(AssertionError, match="unknown behaviours"), FaultServer() as server:
        assert post(server, path)[0].status == 501
    with FaultServer() as server, pytest.raises((ValueError, KeyError)):
        server.script("/hook", [path])


BUSY = [("serve", path) for path in ("/silent/headers", "/drip/body?every=60", "/informational/100?count=0", "/huge")]


@pytest.mark.parametrize(("on_connect", "path"), [*BUSY, *((one, "") for one in ("serve", "stall", "drip"))])
def test_the_end_of_the_test_ends_every_behaviour_and_every_handshake(on_connect: OnConnect, path: str) -> None:
    threads = threading.active_count()
    with FaultServer(None if path else "good", on_connect=on_connect, every=60) as server:
        client = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        client.sendall(f"POST {path} HTTP/1.1\r\n\r\n".encode() if path else b"\x16")
        assert not path or client.recv(1) == b"H"
        ending = time.monotonic()
    client.close()
    assert time.monotonic() - ending < 0.5
    assert threading.active_count() == threads


@pytest.mark.parametrize("status", [200, 302, 400, 429])
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_echo_is_in_body_headers_and_reason(server: FaultServer, form: str, status: int) -> None:
    server.script(CANARY, then=ask("/echo", form=form, status=status))
    reply, body = post(server, CANARY, TOKEN)
    assert (reply.status, reply.reason) == (status, CANARY)
    assert reply.headers["X-Echo-Path"] == reply.headers["Location"] == CANARY
    assert reply.headers["X-Echo-Authorization"] == "Bearer canary-token"
    text = json.loads(body)["error"] if form == "json" else body.decode()
    assert CANARY in text
    assert "Bearer canary-token" in text


@pytest.mark.parametrize(
    ("behaviour", "pattern"),
    [
        ("/garbage", rb"POST /canary.*X-Token: secret.*\r\nok$"),
        ("/garbage?line=HTTP/1.1+abc+ok", rb"^HTTP/1.1 abc ok\r\n"),
        ("/bad-headers", rb"no colon /canary\r\nContent-Length: 2\r\n"),
        ("/chunk", rb"chunked\r\n\r\n/canary\r\nok$"),
        ("/chunk/zz", rb"chunked\r\n\r\nzz\r\nok$"),
        ("/length/many", rb"Content-Length: many\r\n\r\nok$"),
        ("/close/headers", rb"^HTTP/1.1 200 OK\r\nContent-Le$"),
        ("/close/body", rb"Content-Length: 2\r\n\r\no$"),
        ("/informational/100?count=3&then=ok", rb"^(HTTP/1.1 100 Continue\r\n\r\n){3}HTTP/1.1 200 OK.*ok$"),
        (ask("/429", body_ra='"soon"'), rb'{"ok": false, "error": "ratelimited", "retry_after": "soon"}$'),
        (ask("/503", header="X-One: a:b", reason="No", ra="-1"), rb"^HTTP/1.1 503 No\r\nRetry-After: -1\r\nX-One: a:b"),
    ],
)
def test_an_answer_has_exactly_the_bytes_of_its_behaviour(server: FaultServer, behaviour: str, pattern: bytes) -> None:
    server.script("/canary", then=behaviour)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(b"POST /canary HTTP/1.1\r\nX-Token: secret\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        assert re.search(pattern, b"".join(iter(lambda: client.recv(65536), b"")), re.DOTALL)


@pytest.mark.parametrize("query", ["count=200", "count=1&size=70000"])
def test_headers_can_be_too_many_or_too_long(server: FaultServer, query: str) -> None:
    with pytest.raises(http.client.HTTPException, match="more than"):
        post(server, f"/headers?{query}")


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a_huge_answer_is_never_in_memory_at_once(server: FaultServer, framing: str) -> None:
    buffer, size = memoryview(bytearray(1 << 20)), 0
    with closing(connect(server)) as connection:
        connection.request("POST", f"/huge?framing={framing}&mb=100", MESSAGE)
        response = connection.getresponse()
        tracemalloc.start()
        while read := response.readinto(buffer):
            size += read
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size == 100 << 20
    assert peak < 5 << 20


def test_a_gzip_bomb_is_small_until_it_is_unpacked(server: FaultServer) -> None:
    reply, body = post(server, "/gzip-bomb?mb=32", {"Accept-Encoding": "identity"})
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(body) < 64 << 10
    assert len(gzip.decompress(body)) == 32 << 20


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_read_timeout_does_not_bound_a_drip(server: FaultServer, part: str) -> None:
    before = time.monotonic()
    reply, body = post(server, ask(f"/drip/{part}", every=0.01, body="x" * 60, padding=20), timeout=0.3)
    assert (reply.status, body) == (200, b"x" * 60)
    assert time.monotonic() - before > 0.5


@pytest.mark.parametrize(
    ("tls", "reason"),
    [
        ("expired", "certificate has expired"),
        ("wrong_name", "IP address mismatch"),
        ("self_signed", "self-signed certificate"),
    ],
)
def test_a_bad_certificate_is_refused_for_its_own_reason(tls: Certificate, reason: str) -> None:
    with FaultServer(tls) as server, pytest.raises(ssl.SSLCertVerificationError, match=reason):
        post(server, "/ok")
    assert server.requests == []


def test_a_dripped_handshake_succeeds_slowly() -> None:
    with FaultServer("good", on_connect="drip", every=0.0005) as server:
        before = time.monotonic()
        assert post(server, "/huge?mb=4", timeout=60)[1] == b"x" * (4 << 20)
        assert time.monotonic() - before > 0.3


@pytest.mark.parametrize("path", ["/silent", "/reset", "/close"])
def test_over_tls_a_request_is_received_before_its_answer_fails(path: str) -> None:
    with FaultServer("good") as server, pytest.raises((TimeoutError, ConnectionError)):
        post(server, path, timeout=0.5)
    assert [request.body for request in server.requests] == [MESSAGE]


def test_a_full_port_neither_accepts_nor_refuses_a_connection() -> None:
    with full_port() as port, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", port), timeout=0.3)
