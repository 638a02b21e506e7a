from collections.abc import Callable
from types import SimpleNamespace

import pytest
import requests
import urllib3
from requests import exceptions

from retry_policies import Classification, ErrorKind
from retry_policies.http import classify_http, classify_status

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

STATUSES = {
    P: [*range(300, 309), *range(400, 408), 409, 410, 411, 413, 414, 415, 422, 423, 424, 451, 501, 505, 511, 599],
    T: [408, 421, 425, 503, 521, 523, 529],
    R: [429, 509],
    A: [500, 502, 504, 520, 522, 524, 530],
}


def http_error(status: int, **headers: str) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return requests.HTTPError(response=response)


@pytest.mark.parametrize(("kind", "status"), [(kind, status) for kind, some in STATUSES.items() for status in some])
def test_each_status_has_its_kind(kind: ErrorKind, status: int) -> None:
    assert classify_http(http_error(status)) == Classification(kind, code=str(status))


@pytest.mark.parametrize("status", [413, 429, 503])
def test_where_retry_after_counts_it_means_throttled(status: int) -> None:
    assert classify_http(http_error(status, Retry_After="7")) == Classification(R, 7.0, str(status))


@pytest.mark.parametrize("status", [400, 500, 502])
def test_elsewhere_retry_after_changes_nothing(status: int) -> None:
    assert classify_http(http_error(status, Retry_After="7")) == classify_status(status)


def test_a_date_is_measured_against_the_answers_own() -> None:
    error = http_error(429, Retry_After="Sat, 31 Jan 2026 12:00:30 GMT", Date="Sat, 31 Jan 2026 12:00:00 GMT")
    assert classify_http(error) == Classification(R, 30.0, "429")


@pytest.mark.parametrize("form", [str.lower, str.title])
def test_headers_in_a_plain_dict_are_found_in_either_case(form: Callable[[str], str]) -> None:
    headers = {
        form("retry-after"): "Sat, 31 Jan 2026 12:00:07 GMT",
        form("date"): "Sat, 31 Jan 2026 12:00:00 GMT",
    }
    error = Exception()
    error.response = SimpleNamespace(status_code=429, headers=headers)  # type: ignore[attr-defined] # as libraries do
    assert classify_http(error) == Classification(R, 7.0, "429")


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
def test_what_was_wrong_before_it_was_sent_is_permanent(make: Callable[[], Exception]) -> None:
    error = make()
    assert classify_http(error) == Classification(P, code=type(error).__name__)


def test_too_many_redirects_with_its_response_is_permanent_by_status() -> None:
    response = requests.Response()
    response.status_code = 302
    assert classify_http(exceptions.TooManyRedirects(response=response)) == Classification(P, code="302")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), T),
        (ConnectionResetError(), A),
        (BrokenPipeError(), A),
        (TimeoutError(), A),
        (exceptions.RequestException(), A),
    ],
)
def test_pythons_own_connection_errors_have_a_kind(error: Exception, kind: ErrorKind) -> None:
    classification = classify_http(error)
    assert classification is not None
    assert classification.kind is kind


@pytest.mark.parametrize(
    "error", [ValueError(), OSError(), FileNotFoundError(), KeyError("x"), Exception(), TypeError()]
)
def test_what_is_not_http_is_not_judged(error: Exception) -> None:
    assert classify_http(error) is None


def new_connection_error() -> urllib3.exceptions.NewConnectionError:
    return urllib3.exceptions.NewConnectionError(urllib3.connection.HTTPConnection("h"), "refused")


def test_a_reason_is_looked_at_where_there_is_no_cause() -> None:
    error = urllib3.exceptions.MaxRetryError(urllib3.HTTPConnectionPool("h"), "/", new_connection_error())
    assert classify_http(error) == Classification(T, code="not_sent")


def test_a_pool_that_has_no_connection_to_give_has_sent_nothing() -> None:
    not_sent = Classification(T, code="not_sent")
    with urllib3.HTTPConnectionPool("127.0.0.1", maxsize=1, block=True) as pool:
        held = pool._get_conn()  # noqa: SLF001 - as another thread would hold it
        with pytest.raises(urllib3.exceptions.EmptyPoolError) as raised:
            pool.urlopen("POST", "/", pool_timeout=0)
        assert classify_http(raised.value) == not_sent
        held.close()
    with pytest.raises(urllib3.exceptions.ClosedPoolError) as closed:
        pool.urlopen("POST", "/")
    assert classify_http(closed.value) == not_sent
    assert classify_http(exceptions.ConnectionError(closed.value)) == not_sent


def test_a_pool_that_is_full_when_the_answer_is_there_says_nothing() -> None:
    judged = classify_http(urllib3.exceptions.FullPoolError(urllib3.HTTPConnectionPool("h"), "full"))
    assert judged == Classification(A, code="unanswered", answered=False)


def test_an_answer_that_is_no_json_has_come_all_the_same() -> None:
    response = requests.Response()
    response.status_code = 200
    response._content = b"<html>"  # noqa: SLF001 - as requests does when it has read it
    with pytest.raises(requests.JSONDecodeError) as raised:
        response.json()
    assert classify_http(raised.value) == Classification(A, code="body")


def test_all_that_an_error_wraps_is_looked_at() -> None:
    error = exceptions.ConnectionError(new_connection_error())
    error.__cause__ = ValueError("something beside it")
    assert classify_http(error) == Classification(T, code="not_sent")


def test_a_read_timeout_that_an_adapter_gave_up_on_has_no_status() -> None:
    pool = urllib3.HTTPConnectionPool("h")
    timeout = urllib3.exceptions.ReadTimeoutError(pool, "/", "timed out")
    error = exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/", timeout))
    assert classify_http(error) == Classification(A, code="unanswered", answered=False)


def test_an_error_from_deep_within_a_library_is_its_own() -> None:
    deep = type("Deep", (Exception,), {"__module__": "urllib3.util.somewhere"})
    assert classify_http(deep()) == Classification(A, code="unanswered", answered=False)


def test_a_response_without_headers_is_judged_by_status() -> None:
    error = Exception()
    error.response = SimpleNamespace(status_code=429)  # type: ignore[attr-defined] # as libraries do
    assert classify_http(error) == Classification(R, code="429")


def test_a_success_that_broke_off_is_judged_by_how_not_by_its_status() -> None:
    response = requests.Response()
    response.status_code = 200
    judged = classify_http(exceptions.ChunkedEncodingError(response=response))
    assert judged == Classification(A, code="body")
