"""A connection is made in time or fails, also with slow resolvers and silent addresses."""

import socket
import ssl
import threading
from collections.abc import Callable

import pytest

from retry_policies import Deadline
from slack_alerts.slack.connecting import connect, secure, tls_context
from tests.support.fault_server.ports import full_port
from tests.support.slack.loopback import LoopbackSlack, closed_port


def resolving(*ports: int) -> Callable[..., object]:
    """Return a resolver that gives these ports of this machine as the addresses of any name."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port)) for port in ports]
    return lambda *_, **__: found


def test_an_address_that_never_answers_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with full_port() as silent, LoopbackSlack() as slack:
        port = int(slack.host.partition(":")[2])
        monkeypatch.setattr(socket, "getaddrinfo", resolving(silent, closed_port(), port))
        deadline = Deadline.after(0.2)
        with connect("name", 443, deadline) as connection:
            assert connection.getpeername()[1] == port
        assert deadline.remaining() > 0


def test_without_time_no_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(closed_port()))
    readings = iter([0.0, 0.0, 60.0])  # the deadline, name resolution, the first address
    with pytest.raises(TimeoutError, match="no time left"):
        connect("name", 443, Deadline.after(60, clock=lambda: next(readings)))


def test_name_resolution_that_hangs_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10))
    with pytest.raises(TimeoutError, match="the name was not found in time"):
        connect("name", 443, Deadline.after(0.05))
    over.set()


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "..", "127.0.0.1."])
def test_a_name_that_cannot_be_resolved_raises_oserror(name: str) -> None:
    with pytest.raises(OSError, match=r".+"):
        connect(name, closed_port(), Deadline.after(2.0))


def test_a_server_without_tls_raises_oserror() -> None:
    with LoopbackSlack() as slack:
        deadline = Deadline.after(2.0)
        connection = connect("127.0.0.1", int(slack.host.partition(":")[2]), deadline)
        with pytest.raises(OSError, match=r".+"):
            secure(connection, "127.0.0.1", None, deadline)
        assert connection.fileno() == -1


def test_the_certificates_are_read_once_per_process() -> None:
    assert tls_context(None) is tls_context(None)
    context = tls_context(None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
