"""Each network error is made on a real socket and classified as requests, urllib3 and botocore raise it."""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import boto3
import pytest
import requests
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from requests import exceptions
from urllib3.util import Timeout

from retry_policies import Classification, ErrorKind, RetryPolicy
from retry_policies.aws import classify_aws
from retry_policies.http import classify_http
from retry_policies.slack import classify_slack_webhook
from retry_policies.testing import FakeTime
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.ports import full_port, refusing_port
from tests.support.fault_server.server import FaultServer

TIMEOUT = 0.2
BODY = b"x" * 100_000

T, A, P = ErrorKind.TRANSIENT, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT
UNANSWERED = Classification(A, code="unanswered", answered=False)
BODY_CUT_SHORT = Classification(A, code="body")
NOT_SENT = Classification(T, code="not_sent")
CERTIFICATE = Classification(P, code="certificate")

NOT_GZIP = ask("/200", body="nope", header="Content-Encoding: gzip")
TWO_LENGTHS = ask("/200", body="ok", header="Content-Length: 1")

ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, BotoCoreError, OSError)

type Post = Callable[..., object]


def with_requests(url: str, ca_file: str = "", *, proxy: str = "", **options: object) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        return session.post(url, data=BODY, timeout=TIMEOUT, allow_redirects=False, verify=ca_file or True, **options)  # type: ignore[arg-type] # any option


def with_urllib3(url: str, ca_file: str = "", *, proxy: str = "") -> object:
    pool = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager(ca_certs=ca_file or None)
    return pool.request("POST", url, body=BODY, retries=False, timeout=Timeout(TIMEOUT))


def with_botocore(url: str, ca_file: str = "", *, proxy: str = "") -> object:
    proxies = {"https": proxy} if proxy else None
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=TIMEOUT, read_timeout=TIMEOUT, proxies=proxies)
    session = boto3.Session("a", "b", region_name="eu-west-1")
    return session.client("ssm", endpoint_url=url, verify=ca_file or True, config=config).get_parameter(Name="x")


REQUESTS_AND_URLLIB3 = pytest.mark.parametrize("post", [with_requests, with_urllib3])


def failure(post: Post, *arguments: object, **options: object) -> BaseException:
    with pytest.raises(ERRORS) as raised:
        post(*arguments, **options)
    return raised.value


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@REQUESTS_AND_URLLIB3
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/reset", UNANSWERED),
        ("/close", UNANSWERED),
        ("/silent", UNANSWERED),
        ("/garbage?line=SSH-2.0-OpenSSH_9.6", UNANSWERED),
        ("/length/100?body=short", BODY_CUT_SHORT),
        ("/chunk/5?body=ab", BODY_CUT_SHORT),
        (NOT_GZIP, BODY_CUT_SHORT),
        (TWO_LENGTHS, BODY_CUT_SHORT),
    ],
)
def test_a_request_that_may_have_been_sent_is_ambiguous(
    server: FaultServer, path: str, expected: Classification, post: Post
) -> None:
    error = failure(post, server.url("") + path)
    assert classify_http(error) == expected
    assert classify_slack_webhook(error) == expected


def test_a_timeout_within_the_body_differs_from_one_before_the_status(server: FaultServer) -> None:
    error = failure(with_requests, server.url("/silent/body"))
    assert isinstance(error, requests.ConnectionError)
    assert classify_http(error) == BODY_CUT_SHORT


@pytest.mark.parametrize("path", ["/drip/body?every=0.02", "/silent/body", NOT_GZIP])
def test_with_stream_the_status_counts_without_its_body(server: FaultServer, path: str) -> None:
    with with_requests(server.url("") + path, stream=True) as response:
        assert response.status_code == 200


@REQUESTS_AND_URLLIB3
def test_without_a_connection_nothing_was_sent(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing_port() as port:
        assert classify_http(failure(post, f"http://127.0.0.1:{port}/")) == NOT_SENT
    with full_port() as port:
        assert classify_http(failure(post, f"http://127.0.0.1:{port}/")) == NOT_SENT

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # unit tests ask no name server
    assert classify_http(failure(post, "http://nowhere.invalid/")) == NOT_SENT


def test_a_refusing_proxy_sent_nothing() -> None:
    with refusing_port() as port:
        error = failure(with_requests, "http://example.invalid/", proxy=f"http://127.0.0.1:{port}")
    assert isinstance(error, exceptions.ProxyError)
    assert classify_http(error) == NOT_SENT


@pytest.mark.parametrize(
    ("tls", "on_connect", "path", "expected"),
    [
        ("self_signed", "serve", "/ok", CERTIFICATE),
        ("good", "no_tls", "/ok", NOT_SENT),
        ("good", "close_in_handshake", "/ok", NOT_SENT),
        ("good", "reset", "/ok", NOT_SENT),
        ("good", "stall", "/ok", NOT_SENT),
        ("good", "drip", "/ok", NOT_SENT),
        ("good", "serve", "/close", UNANSWERED),
        ("good", "serve", "/broken-tls", UNANSWERED),
    ],
)
@pytest.mark.parametrize("post", [with_requests, with_urllib3, with_botocore])
def test_tls_that_fails_before_the_request_has_sent_nothing(
    tls: Certificate, on_connect: OnConnect, path: str, expected: Classification, post: Post
) -> None:
    with FaultServer(tls, on_connect=on_connect) as server:
        server.script("/", then=path)
        error = failure(post, server.url("/"), server.ca_file)
    assert (classify_aws if post is with_botocore else classify_http)(error) == expected
    assert len(server.requests) == (on_connect == "serve" and tls == "good")


@pytest.mark.parametrize("on_connect", ["stall", "reset", "close", "no_tls"])
@pytest.mark.parametrize("post", [with_requests, with_urllib3, with_botocore])
def test_a_proxy_that_opens_no_tunnel_has_sent_nothing(post: Post, on_connect: OnConnect) -> None:
    with FaultServer(on_connect=on_connect) as proxy:
        error = failure(post, "https://example.invalid/", proxy=proxy.url(""))
    assert (classify_aws if post is with_botocore else classify_http)(error) == NOT_SENT


@pytest.mark.parametrize("on_connect", ["close", "no_tls"])
def test_http_client_has_sent_nothing_through_a_proxy_that_opens_no_tunnel(on_connect: OnConnect) -> None:
    with FaultServer(on_connect=on_connect) as proxy:
        connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=TIMEOUT)
        connection.set_tunnel("example.invalid")
        with pytest.raises((http.client.HTTPException, OSError)) as raised:
            connection.request("POST", "/", BODY)
        connection.close()
    assert classify_http(raised.value) == NOT_SENT


def test_a_call_that_may_not_be_repeated_is_repeated_when_tls_broke_before_it() -> None:
    time = FakeTime()
    with FaultServer("good", on_connect="reset") as server, pytest.raises(requests.ConnectionError):
        time.policy(RetryPolicy(max_attempts=3)).call(None, with_requests, server.url("/"), server.ca_file)
    assert len(server.connections) == 3


def test_a_call_that_may_not_be_repeated_is_made_once_when_tls_breaks_after_it() -> None:
    time = FakeTime()
    with FaultServer("good") as server, pytest.raises(requests.ConnectionError):
        time.policy(RetryPolicy()).call(None, with_requests, server.url("/broken-tls"), server.ca_file)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [303, 307])
def test_a_redirected_request_was_sent_even_if_its_redirect_fails_to_connect(server: FaultServer, status: int) -> None:
    with refusing_port() as port:
        url = server.url(f"/{status}", header=f"Location: http://127.0.0.1:{port}/")
        by_requests = failure(requests.post, url, data=b"x", timeout=TIMEOUT)
        by_urllib3 = failure(urllib3.PoolManager().request, "POST", url, retries=urllib3.Retry(redirect=1, connect=0))
    for error in (by_requests, by_urllib3):
        assert classify_http(error) == Classification(A, code="redirected")


def test_a_connection_that_died_while_it_was_kept_is_opened_again(server: FaultServer) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(2):
            assert session.post(server.url("/ok", then="close"), data=b"x", timeout=2).status_code == 200
            server._threads[-1].join()  # noqa: SLF001 - the server has closed the connection then


@pytest.mark.parametrize(
    "make",
    [
        exceptions.TooManyRedirects,
        exceptions.MissingSchema,
        exceptions.InvalidSchema,
        exceptions.InvalidURL,
        exceptions.InvalidHeader,
        exceptions.InvalidProxyURL,
        exceptions.InvalidJSONError,
        exceptions.UnrewindableBodyError,
        exceptions.URLRequired,
        exceptions.RetryError,
        lambda: urllib3.exceptions.LocationParseError("x"),
        lambda: urllib3.exceptions.LocationValueError("No host specified."),
        lambda: urllib3.exceptions.URLSchemeUnknown("x"),
        lambda: urllib3.exceptions.ProxySchemeUnknown("x"),
        lambda: urllib3.exceptions.ProxySchemeUnsupported("x"),
        lambda: urllib3.exceptions.HostChangedError(urllib3.HTTPConnectionPool("h"), "/"),
    ],
)
def test_a_faulty_request_is_permanent(make: Callable[[], Exception]) -> None:
    error = make()
    assert classify_http(error) == Classification(P, code=type(error).__name__)


POOL = urllib3.HTTPConnectionPool("h")
REFUSED = urllib3.exceptions.NewConnectionError(urllib3.connection.HTTPConnection("h"), "refused")
READ_TIMEOUT = urllib3.exceptions.ReadTimeoutError(POOL, "/", "timed out")
DEEP = type("Deep", (Exception,), {"__module__": "urllib3.util.somewhere"})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), NOT_SENT),
        (ConnectionResetError(), UNANSWERED),
        (BrokenPipeError(), UNANSWERED),
        (TimeoutError(), UNANSWERED),
        (ssl.SSLError(), UNANSWERED),
        (exceptions.RequestException(), UNANSWERED),
        (urllib3.exceptions.FullPoolError(POOL, "full"), UNANSWERED),
        (http.client.ResponseNotReady(), UNANSWERED),
        (http.client.CannotSendRequest(), NOT_SENT),
        (http.client.CannotSendHeader(), NOT_SENT),
        (http.client.NotConnected(), NOT_SENT),
        (exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/", READ_TIMEOUT)), UNANSWERED),
        (DEEP(), UNANSWERED),
        (urllib3.exceptions.MaxRetryError(POOL, "/", REFUSED), NOT_SENT),
        (exceptions.ChunkedEncodingError(response=SimpleNamespace(status_code=200)), BODY_CUT_SHORT),  # type: ignore[arg-type] # enough of a response
        *((error, None) for error in (ValueError(), OSError(), FileNotFoundError(), KeyError("x"), TypeError())),
    ],
)
def test_an_error_is_classified_by_all_that_it_wraps(error: Exception, expected: Classification | None) -> None:
    assert classify_http(error) == expected


def test_a_wrapped_error_counts_beside_a_cause() -> None:
    error = exceptions.ConnectionError(REFUSED)
    error.__cause__ = ValueError("another error")
    assert classify_http(error) == NOT_SENT


def test_a_pool_without_a_free_connection_has_sent_nothing() -> None:
    with urllib3.HTTPConnectionPool("127.0.0.1", maxsize=1, block=True) as pool:
        held = pool._get_conn()  # noqa: SLF001 - as another thread would hold it
        empty = failure(pool.urlopen, "POST", "/", pool_timeout=0)
        held.close()
    closed = failure(pool.urlopen, "POST", "/")
    for error in (empty, closed, exceptions.ConnectionError(closed)):
        assert classify_http(error) == NOT_SENT


def test_a_body_that_is_no_json_came_with_a_status() -> None:
    response = requests.Response()
    response.status_code = 200
    response._content = b"<html>"  # noqa: SLF001 - as requests does when it has read it
    assert classify_http(failure(response.json)) == BODY_CUT_SHORT
