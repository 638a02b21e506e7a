"""The fault server's certificates and handshakes, seen by the ssl module."""

import socket
import ssl
import threading
import time
from contextlib import ExitStack, closing

import pytest

from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import Door
from tests.support.fault_server.plain_client import MESSAGE, connect, post
from tests.support.fault_server.server import FaultServer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_good_certificate_is_trusted_by_who_trusts_our_authority(host: str) -> None:
    with FaultServer("good") as server:
        trusting = ssl.create_default_context(cafile=server.ca_file)
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
            trusting.wrap_socket(plain, server_hostname=host) as client,
        ):
            assert client.version() == "TLSv1.3"
        assert server.url("/ok", host=host).startswith(f"https://{host}:")
        assert post(server, "/ok").body == b"ok"
    assert [connection.handshake for connection in server.connections] == ["done", "done"]


@pytest.mark.parametrize(
    ("tls", "said", "heard"),
    [
        ("expired", "certificate has expired", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
        ("wrong_name", "IP address mismatch", "SSLV3_ALERT_BAD_CERTIFICATE"),
        ("self_signed", "self-signed certificate", "TLSV1_ALERT_UNKNOWN_CA"),
    ],
)
def test_a_bad_certificate_is_refused_for_its_own_reason(tls: Certificate, said: str, heard: str) -> None:
    with FaultServer(tls) as server, pytest.raises(ssl.SSLCertVerificationError, match=said):
        post(server, "/ok")
    assert ([connection.handshake for connection in server.connections], server.requests) == ([heard], [])


def test_nobody_trusts_our_authority_unasked() -> None:
    with (
        FaultServer("good") as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")
    assert server.requests == []


def test_a_dripped_handshake_is_a_handshake() -> None:
    with FaultServer("good", door="drip", every=0.0005) as server:
        before = time.monotonic()
        assert post(server, "/ok", timeout=60).body == b"ok"
        assert time.monotonic() - before > 0.3
    assert [connection.handshake for connection in server.connections] == ["done"]


def test_a_dripped_handshake_drips_one_byte_at_a_time() -> None:
    with FaultServer("good", door="drip", every=0.03) as server:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        hello = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with pytest.raises(ssl.SSLWantReadError):
            hello.do_handshake()
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
            client.sendall(outgoing.read())
            before = time.monotonic()
            assert [len(client.recv(100)) for _ in range(10)] == [1] * 10
            assert time.monotonic() - before > 0.25
    assert server.connections[0].handshake == ""


@pytest.mark.parametrize("path", ["/silent", "/reset", "/close"])
def test_answers_go_wrong_over_tls_too_after_the_message_was_received(path: str) -> None:
    with FaultServer("good") as server, closing(connect(server, timeout=60)) as client:
        client.request("POST", path, MESSAGE)
        assert [request.body for request in server.received(within=60)] == [MESSAGE]
        client.sock.settimeout(0.5)
        with pytest.raises((OSError, EOFError)):
            client.getresponse()


def test_a_large_answer_passes_through_tls_whole() -> None:
    with FaultServer("good") as server:
        assert post(server, "/huge?mb=20").body == b"x" * (20 << 20)


@pytest.mark.parametrize("door", ["stall", "drip", "open"])
def test_the_end_of_the_test_ends_a_handshake(door: Door) -> None:
    threads = threading.active_count()
    with ExitStack() as stack:
        with FaultServer("good", door=door, every=60) as server:
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
            client.sendall(b"\x16")
            ending = time.monotonic()
        assert time.monotonic() - ending < 0.5
        assert threading.active_count() == threads
