"""TLS that breaks: before anything was sent it says so, after that nobody knows what had arrived."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import boto3
import pytest
import requests
from botocore.config import Config

from retry_policies import Classification, Deadline, ErrorKind, RetryPolicy
from retry_policies.aws import classify_aws_for
from retry_policies.http import classify_http
from retry_policies.testing import FakeTime
from tests.support.fault_server.certificates import authority, server_context

UNANSWERED = Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
NOT_SENT = Classification(ErrorKind.TRANSIENT, code="not_sent")


@contextmanager
def breaking_server(read: list[bytes], *, shakes_hands: bool) -> Iterator[int]:
    """Reads a request over TLS and then breaks the record layer; or answers the handshake with what is none."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    raw, _ = server.accept()
                    _break(raw, read, shakes_hands=shakes_hands)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _break(raw: socket.socket, read: list[bytes], *, shakes_hands: bool) -> None:
    with suppress(OSError), raw:
        if not shakes_hands:
            raw.recv(65_536)
            raw.sendall(b"no TLS here, whatever was asked\r\n\r\n")
            return
        with server_context("good").wrap_socket(raw, server_side=True) as connection:
            read.append(connection.recv(65_536))
            socket.socket.sendall(connection, b"no TLS record at all, after the request was read")
            socket.socket.shutdown(connection, socket.SHUT_WR)


@pytest.fixture
def ca_file() -> Iterator[str]:
    with authority().cert_pem.tempfile() as path:
        yield path


@pytest.mark.parametrize(("shakes_hands", "expected"), [(True, UNANSWERED), (False, NOT_SENT)])
def test_tls_that_breaks_is_judged_by_when_it_broke(
    shakes_hands: bool,  # noqa: FBT001 - a column of the table
    expected: Classification,
    ca_file: str,
) -> None:
    read: list[bytes] = []
    with breaking_server(read, shakes_hands=shakes_hands) as port:
        with pytest.raises(requests.ConnectionError) as caught:
            requests.post(f"https://127.0.0.1:{port}/", data="x", verify=ca_file, timeout=5)
        with pytest.raises(Exception, match="SSL") as from_botocore:
            queue(port, ca_file).send_message(QueueUrl=f"https://127.0.0.1:{port}/1/q", MessageBody="x")
    assert classify_http(caught.value) == expected
    assert classify_aws_for("sqs")(from_botocore.value) == expected
    assert len(read) == (2 if shakes_hands else 0)


def test_what_may_not_be_repeated_is_sent_once_when_tls_breaks_after_it(ca_file: str) -> None:
    read: list[bytes] = []
    time = FakeTime()
    with breaking_server(read, shakes_hands=True) as port, pytest.raises(requests.ConnectionError):
        time.policy(RetryPolicy()).call(
            Deadline.after(60, clock=time.clock),
            lambda: requests.post(f"https://127.0.0.1:{port}/", data="x", verify=ca_file, timeout=5),
        )
    assert len(read) == 1


def test_an_ssl_error_from_nowhere_may_have_been_sent() -> None:
    assert classify_http(ssl.SSLError()) == UNANSWERED


def queue(port: int, ca_file: str):  # type: ignore[no-untyped-def] # noqa: ANN201 - boto3's own
    return boto3.client(
        "sqs",
        region_name="eu-west-1",
        endpoint_url=f"https://127.0.0.1:{port}",
        verify=ca_file,
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - nobody's
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=5),
    )
