import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from retry_policies import Classification, ErrorKind
from retry_policies.slack import (
    REFUSED_DESTINATION_CODES,
    REFUSED_MESSAGE_CODES,
    THROTTLED_CODES,
    TRANSIENT_CODES,
    classify_slack_webhook,
    classify_webhook,
    webhook_code,
)
from tests.support.steps.failing import with_response

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

CODES = {P: REFUSED_DESTINATION_CODES | REFUSED_MESSAGE_CODES, R: THROTTLED_CODES, T: TRANSIENT_CODES}
"""As in docs/retry-policies.md, which test_documentation.py compares with them."""


def refused(status: int, body: bytes, **headers: str) -> Exception:
    return with_response(status_code=status, _content=body, headers=headers)


@pytest.mark.parametrize("status", [200, 400, 404, 429, 500])
@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in CODES.items() for code in sorted(codes)])
def test_each_code_has_its_kind_whatever_the_status(kind: ErrorKind, code: str, status: int) -> None:
    assert classify_slack_webhook(refused(status, code.encode())) == Classification(kind, code=code)


@pytest.mark.parametrize(
    ("status", "kind"), [(300, P), (302, P), (400, P), (418, P), (500, A), (502, A), (503, T), (408, T)]
)
def test_an_unknown_body_is_classified_by_status_and_not_kept(status: int, kind: ErrorKind) -> None:
    expected = Classification(kind, code=f"{status} unknown_body")
    assert classify_slack_webhook(refused(status, b"https://hooks.slack.com/services/T/B/secret")) == expected


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize("body", [b"<html>", b"", b"OK"])
def test_a_success_without_slacks_ok_counts_as_an_unread_body(status: int, body: bytes) -> None:
    assert classify_slack_webhook(refused(status, body)) == Classification(A, code="body")


def test_retry_after_is_kept() -> None:
    assert classify_webhook(429, "rate_limited", 30.0) == Classification(R, 30.0, "rate_limited")
    assert classify_webhook(500, "rollup_error", 3.0) == Classification(T, 3.0, "rollup_error")


@pytest.mark.parametrize(("status", "kind"), [(403, R), (408, T), (429, R), (500, A), (502, A), (503, R), (504, A)])
def test_retry_after_is_kept_with_any_passing_status(status: int, kind: ErrorKind) -> None:
    expected = Classification(kind, 30.0, f"{status} unknown_body")
    assert classify_slack_webhook(refused(status, b"<html>", **{"Retry-After": "30"})) == expected


def test_a_refusal_by_code_does_not_pass_whatever_the_headers_say() -> None:
    error = refused(403, b"action_prohibited", **{"Retry-After": "30"})
    assert classify_slack_webhook(error) == Classification(P, code="action_prohibited")


def test_an_unread_body_is_not_read() -> None:
    class Unread(requests.Response):
        @property
        def content(self) -> bytes:
            raise AssertionError("this would read from the network")

    for status, expected in ((404, Classification(P, code="404 unknown_body")), (202, Classification(A, code="body"))):
        response = Unread()
        response.status_code = status
        assert classify_slack_webhook(requests.HTTPError(response=response)) == expected


@pytest.mark.parametrize("status", [200, 202, 299, 300])
def test_a_success_whose_body_broke_off_may_have_been_posted(status: int) -> None:
    expected = Classification(A, code="body") if status < 300 else Classification(P, code="300 unknown_body")
    assert classify_slack_webhook(with_response(status_code=status)) == expected


def test_a_response_without_a_dict_has_no_body() -> None:
    class Slotted:
        __slots__ = ("status_code",)

    error = with_response()
    error.response = Slotted()  # type: ignore[attr-defined] # as libraries do
    error.response.status_code = 503  # type: ignore[attr-defined]
    assert classify_slack_webhook(error) == Classification(T, code="503 unknown_body")


def test_an_error_without_a_status_is_classified_as_http() -> None:
    assert classify_slack_webhook(ConnectionRefusedError()) == Classification(T, code="not_sent")
    assert classify_slack_webhook(ValueError()) is None
    assert classify_slack_webhook(with_response(status_code="404")) is None


@given(st.binary(max_size=5000))
def test_a_body_is_one_of_the_known_codes_or_unknown(body: bytes) -> None:
    assert webhook_code(b" no_text\n") == "no_text"
    assert webhook_code(body) == webhook_code(b"") == webhook_code(b"\xff\x00") == "unknown_body"
