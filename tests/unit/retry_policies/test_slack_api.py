import json
import ssl
from http.client import HTTPException, HTTPMessage
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from retry_policies import Classification, ErrorKind, RetryPolicy, StopReason, slack_api
from retry_policies.slack import THROTTLED_CODES
from retry_policies.slack_api import classify_api, classify_slack_api
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.server import FaultServer
from tests.support.steps.failing import Scenario, with_response

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

CODES = {
    R: THROTTLED_CODES,
    T: slack_api.TRANSIENT_CODES,
    A: slack_api.AMBIGUOUS_CODES,
    P: slack_api.REFUSED_DESTINATION_CODES | slack_api.REFUSED_MESSAGE_CODES,
}
"""As in docs/retry-policies.md, which test_documentation.py compares with them."""
PATIENCE = {"Retry-After": "30"}


def refused(status: int, data: object, headers: object = None) -> Exception:
    """As slack_sdk's SlackApiError."""
    return with_response(status_code=status, data=data, headers=headers)


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in CODES.items() for code in sorted(codes)])
def test_each_error_of_the_web_api_has_its_kind(kind: ErrorKind, code: str) -> None:
    assert classify_slack_api(refused(200, {"ok": False, "error": code})) == Classification(kind, code=code)


@pytest.mark.parametrize("code", ["team_added_to_org", "org_login_required"])
@pytest.mark.parametrize(("headers", "wait"), [({}, 60.0), ({"Retry-After": "300"}, 300.0)])
def test_a_migration_stops_the_policy_at_once(code: str, headers: dict[str, str], wait: float) -> None:
    error = refused(200, {"ok": False, "error": code}, headers)
    assert classify_slack_api(error) == Classification(T, wait, code)
    run = Scenario([(0.0, error)], seconds=900.0).run(RetryPolicy(classifier=classify_slack_api))
    assert (run.info.attempts, run.info.reason, run.info.retry_after) == (1, StopReason.RETRY_AFTER, wait)


def test_an_unknown_error_is_permanent_and_not_kept() -> None:
    expected = Classification(P, code="200 unknown_error")
    assert classify_slack_api(refused(200, {"ok": False, "error": "brand_new_error"})) == expected


NON_JSON = "Received a response in a non-JSON format: <html>"
"""The `error` of slack_sdk for an answer that is no JSON."""


@pytest.mark.parametrize("code", [NON_JSON, "https://secret", "", "x" * 81, None, 5, ["x"]])
def test_an_error_that_is_no_code_counts_as_an_unread_body(code: object) -> None:
    assert classify_slack_api(refused(200, {"ok": False, "error": code})) == Classification(A, code="body")
    assert classify_slack_api(refused(400, {"ok": False, "error": code})) == Classification(P, code="400 unknown_error")


@given(st.integers(), st.text() | st.none() | st.booleans() | st.binary(), st.none() | st.floats())
def test_any_answer_of_the_web_api_has_a_kind(status: int, code: object, retry_after: float | None) -> None:
    assert classify_api(status, code, retry_after).kind in ErrorKind


@pytest.mark.parametrize(("status", "kind"), [(500, A), (503, T), (429, R)])
def test_a_status_without_a_code_is_classified_as_http(status: int, kind: ErrorKind) -> None:
    assert classify_slack_api(refused(status, {})) == Classification(kind, code=f"{status} unknown_error")
    assert classify_slack_api(refused(status, b"<html>")) == Classification(kind, code=str(status))


@pytest.mark.parametrize("data", [b"<html>", None, "ok"])
def test_an_unreadable_success_may_have_been_posted(data: object) -> None:
    assert classify_slack_api(refused(200, data)) == Classification(A, code="body")
    assert classify_slack_api(refused(300, data)) == Classification(P, code="300")


@pytest.mark.parametrize("code", ["ratelimited", "service_unavailable", "internal_error", None])
def test_retry_after_is_kept(code: str | None) -> None:
    classification = classify_slack_api(refused(429, {"error": code}, PATIENCE))
    assert classification is not None
    assert classification.retry_after == 30.0


@pytest.mark.parametrize(("status", "kind"), [(403, R), (408, T), (429, R), (500, A), (502, A), (503, R), (504, A)])
@pytest.mark.parametrize("data", [{}, b"<html>", {"ok": False, "error": NON_JSON}])
def test_retry_after_is_kept_with_any_passing_status(status: int, kind: ErrorKind, data: object) -> None:
    classification = classify_slack_api(refused(status, data, PATIENCE))
    assert classification is not None
    assert (classification.kind, classification.retry_after) == (kind, 30.0)


@pytest.mark.parametrize("headers", [{}, PATIENCE])
def test_a_wait_in_the_answer_counts_if_no_header_has_one(headers: dict[str, str]) -> None:
    expected = Classification(R, 30.0 if headers else 40.0, "ratelimited")
    answer = {"ok": False, "error": "ratelimited", "retry_after": 40}
    assert classify_slack_api(refused(429, answer, headers)) == expected


HTML, BROKEN = "<html>", '{"ok": tru'
REAL_ANSWERS = [
    (ask("/200", body=HTML), Classification(A, code="body")),
    (ask("/200", body=""), Classification(A, code="body")),
    (ask("/200", body="{}"), Classification(A, code="body")),
    (ask("/200", body="[]"), Classification(A, code="body")),
    (ask("/200", body=BROKEN), Classification(A, code="body")),
    (ask("/200", body="é", type="application/json; charset=ascii"), Classification(A, code="body")),
    (ask("/length/100", body=HTML), Classification(A, code="body")),
    (ask("/403", body=HTML), Classification(P, code="403 unknown_error")),
    (ask("/403", body=HTML, ra=9), Classification(R, 9.0, "403 unknown_error")),
    (ask("/429", body=HTML, header="RETRY-AFTER: 9"), Classification(R, 9.0, "429 unknown_error")),
    (ask("/500", body=HTML, ra=9), Classification(A, 9.0, "500 unknown_error")),
    (ask("/503", body=HTML, ra=9), Classification(R, 9.0, "503 unknown_error")),
    (ask("/200", body='{"ok": false, "error": "no_text"}'), Classification(P, code="no_text")),
    ("/informational/103?then=ok", Classification(A, code="103 unknown_error", answered=False)),
    ("/informational/101?then=ok", Classification(P, code="101 unknown_error")),
    ("/close", Classification(A, code="unanswered", answered=False)),
]


@pytest.mark.parametrize(("path", "expected"), REAL_ANSWERS)
def test_an_answer_is_classified_as_slack_sdk_gives_it(path: str, expected: Classification) -> None:
    with FaultServer() as server:
        server.script("/chat.postMessage", then=path)
        client = WebClient("a-token", base_url=server.url("/"), timeout=2)
        with pytest.raises((SlackApiError, OSError, HTTPException, ValueError)) as raised:
            client.chat_postMessage(channel="C", text="x")
    assert classify_slack_api(raised.value) == expected


@pytest.mark.parametrize("on_connect", ["reset", "stall"])
def test_slack_sdk_has_sent_nothing_if_tls_failed(on_connect: OnConnect) -> None:
    with FaultServer("good", on_connect=on_connect) as server:
        context = ssl.create_default_context(cafile=server.ca_file)
        client = WebClient("a-token", base_url=server.url("/"), timeout=1, ssl=context, retry_handlers=[])
        with pytest.raises(OSError) as raised:  # noqa: PT011 - the test is about its classification
            client.chat_postMessage(channel="C", text="x")
    assert classify_slack_api(raised.value) == Classification(T, code="not_sent")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Classification(A, code="body")),
        (403, Classification(R, 30.0, "403")),
        (500, Classification(A, 30.0, "500")),
        (503, Classification(R, 30.0, "503")),
        ("200", None),
        (None, None),
    ],
)
def test_a_response_that_is_a_dict_is_an_unread_body(status: object, expected: Classification | None) -> None:
    headers = HTTPMessage()
    headers["Retry-After"] = "30"
    plain = {"status": status, "headers": headers, "body": HTML}
    of_aiohttp = SimpleNamespace(status=status, headers=PATIENCE)
    for response in (plain, of_aiohttp):
        assert classify_slack_api(SlackApiError(NON_JSON, response)) == expected  # type: ignore[no-untyped-call] # slack_sdk's


def test_only_slack_sdks_own_decoding_is_about_an_unread_body() -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the test is about its classification
        json.loads(BROKEN)
    assert classify_slack_api(raised.value) is None


def test_an_answer_without_headers_is_classified() -> None:
    error = with_response(status_code=200, data={"error": "no_text"})
    assert classify_slack_api(error) == Classification(P, code="no_text")


def test_an_error_without_a_response_is_classified_as_http() -> None:
    assert classify_slack_api(ConnectionRefusedError()) == Classification(T, code="not_sent")
    assert classify_slack_api(ValueError()) is None
