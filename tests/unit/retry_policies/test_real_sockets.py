"""Each failure a network knows, made on a real socket and judged from what requests and urllib3 made of it."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import urllib3
from urllib3.util import Timeout

from retry_policies import Classification, ErrorKind
from retry_policies.http import classify_http
from retry_policies.slack import classify_slack_webhook
from tests.support.fault_server import raw_server
from tests.support.fault_server.raw_server import Behaviour, RawServer

TIMEOUT = 0.2
BODY = b"x" * 100_000

SENT_NO_STATUS = Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
STATUS_BUT_NO_BODY = Classification(ErrorKind.AMBIGUOUS, code="body")
NOT_SENT = Classification(ErrorKind.TRANSIENT, code="not_sent")

GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"
TWO_LENGTHS = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok"
BROKEN_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"


def with_requests(url: str, **options: object) -> object:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, data=BODY, timeout=TIMEOUT, allow_redirects=False, **options)  # type: ignore[arg-type] # as the test says


def with_urllib3(url: str) -> object:
    pool = urllib3.PoolManager(retries=False, timeout=Timeout(TIMEOUT))
    return pool.request("POST", url, body=BODY)


def failure(call: Callable[[], object]) -> BaseException:
    with pytest.raises((requests.RequestException, urllib3.exceptions.HTTPError, OSError)) as raised:
        call()
    return raised.value


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@pytest.mark.parametrize("post", [with_requests, with_urllib3])
@pytest.mark.parametrize(
    ("behave", "expected"),
    [
        (raw_server.reset_before_reading, SENT_NO_STATUS),
        (raw_server.reset_after_reading, SENT_NO_STATUS),
        (raw_server.close_after_reading, SENT_NO_STATUS),
        (raw_server.say_nothing, SENT_NO_STATUS),
        (raw_server.answer(b"SSH-2.0-OpenSSH_9.6\r\n"), SENT_NO_STATUS),
        (raw_server.answer(raw_server.HEAD + b"short"), STATUS_BUT_NO_BODY),
        (raw_server.answer(BROKEN_CHUNK), STATUS_BUT_NO_BODY),
        (raw_server.answer(GZIP), STATUS_BUT_NO_BODY),
        (raw_server.answer(TWO_LENGTHS), STATUS_BUT_NO_BODY),
    ],
)
def test_what_may_have_been_sent_is_ambiguous(
    behave: Behaviour, expected: Classification, post: Callable[[str], object]
) -> None:
    with RawServer(behave) as server:
        error = failure(lambda: post(f"http://127.0.0.1:{server.port}/"))
    assert classify_http(error) == expected
    assert classify_slack_webhook(error) == expected


def test_a_timeout_within_the_body_is_told_from_one_before_the_status() -> None:
    with RawServer(raw_server.stall_in_body) as server:
        error = failure(lambda: with_requests(f"http://127.0.0.1:{server.port}/"))
    assert isinstance(error, requests.ConnectionError)
    assert classify_http(error) == STATUS_BUT_NO_BODY


@pytest.mark.parametrize("behave", [raw_server.drip_body, raw_server.stall_in_body, raw_server.answer(GZIP)])
def test_with_stream_a_status_is_there_whatever_the_body_does(behave: Behaviour) -> None:
    with RawServer(behave) as server:
        response = with_requests(f"http://127.0.0.1:{server.port}/", stream=True)
        assert isinstance(response, requests.Response)
        with response:
            assert response.status_code == 200


@pytest.mark.parametrize("post", [with_requests, with_urllib3])
def test_a_refused_connection_sent_nothing(post: Callable[[str], object]) -> None:
    assert classify_http(failure(lambda: post(f"http://127.0.0.1:{closed_port()}/"))) == NOT_SENT


@pytest.mark.parametrize("post", [with_requests, with_urllib3])
def test_an_unknown_host_got_nothing(post: Callable[[str], object], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # no name server is asked in unit tests
    assert classify_http(failure(lambda: post("http://nowhere.invalid/"))) == NOT_SENT


@pytest.mark.parametrize("post", [with_requests, with_urllib3])
def test_a_connect_timeout_sent_nothing(post: Callable[[str], object]) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]  # the backlog is full: the next connect is not answered
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003 - its only parameter
            one.connect_ex(full.getsockname())
        try:
            error = failure(lambda: post(f"http://127.0.0.1:{full.getsockname()[1]}/"))
        finally:
            for one in waiting:
                one.close()
    assert classify_http(error) == NOT_SENT


def test_a_refusing_proxy_sent_nothing() -> None:
    proxies = {"http": f"http://127.0.0.1:{closed_port()}"}
    error = failure(lambda: with_requests("http://example.invalid/", proxies=proxies))
    assert isinstance(error, requests.exceptions.ProxyError)
    assert classify_http(error) == NOT_SENT


@pytest.mark.parametrize("post", [with_requests, with_urllib3])
def test_a_certificate_nobody_vouches_for_is_permanent(post: Callable[[str], object], tmp_path: Path) -> None:
    certificate = raw_server.make_certificate(tmp_path / "server.pem", "localhost")
    with RawServer(raw_server.over_tls(certificate, raw_server.close_after_reading)) as server:
        error = failure(lambda: post(f"https://localhost:{server.port}/"))
    assert classify_http(error) == Classification(ErrorKind.PERMANENT, code="certificate")


@pytest.mark.parametrize("behave", [raw_server.speak_no_tls, raw_server.close_in_handshake])
def test_a_broken_handshake_sent_nothing(behave: Behaviour) -> None:
    with RawServer(behave) as server:
        error = failure(lambda: with_requests(f"https://127.0.0.1:{server.port}/"))
    assert classify_http(error) == NOT_SENT


def test_a_reset_in_the_handshake_looks_like_one_after_it_and_is_ambiguous() -> None:
    with RawServer(raw_server.reset_before_reading) as server:
        error = failure(lambda: with_requests(f"https://127.0.0.1:{server.port}/"))
    assert classify_http(error) == SENT_NO_STATUS


def test_an_answer_that_breaks_off_over_tls_is_ambiguous(tmp_path: Path) -> None:
    certificate = raw_server.make_certificate(tmp_path / "server.pem", "localhost")
    with RawServer(raw_server.over_tls(certificate, raw_server.close_after_reading)) as server:
        error = failure(lambda: with_requests(f"https://localhost:{server.port}/", verify=str(certificate)))
    assert classify_http(error) == SENT_NO_STATUS


def test_a_connection_that_died_while_it_was_kept_is_opened_anew() -> None:
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with RawServer(raw_server.answer(ok)) as server, requests.Session() as session:
        session.trust_env = False
        for _ in range(2):
            assert session.post(f"http://127.0.0.1:{server.port}/", data=b"x", timeout=2).status_code == 200
            assert server.closed.acquire(timeout=5)
