"""A connection is made or fails; rows B1 to B4 of the fault catalogue have slow resolvers and silent addresses."""

import socket
import ssl

import pytest

from retry_policies import Deadline
from slack_alerts.slack.connecting import connect, secure, tls_context
from tests.support.slack.loopback import LoopbackSlack


def test_without_time_no_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [()])
    readings = iter([0.0, 0.0, 60.0])  # the deadline, name resolution, the first address
    with pytest.raises(TimeoutError, match="no time left"):
        connect("name", 443, Deadline.after(60, clock=lambda: next(readings)))


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "..", "127.0.0.1."])
def test_a_name_that_cannot_be_resolved_raises_oserror(name: str) -> None:
    with pytest.raises(OSError, match=r".+"):
        connect(name, 1, Deadline.after(2.0))


def test_a_server_without_tls_raises_oserror() -> None:
    with LoopbackSlack() as slack:
        deadline = Deadline.after(2.0)
        connection = connect("127.0.0.1", slack.port, deadline)
        with pytest.raises(OSError, match=r".+"):
            secure(connection, "127.0.0.1", None, deadline)
        assert connection.fileno() == -1


def test_the_certificates_are_read_once_per_process() -> None:
    assert tls_context(None) is tls_context(None)
    context = tls_context(None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
