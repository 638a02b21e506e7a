from types import SimpleNamespace

import pytest
import requests

from retry_policies import Classification, ErrorKind
from retry_policies.slack import WEBHOOK_CODES, classify_slack_webhook, classify_webhook, webhook_code

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

WEBHOOK = [
    ("invalid_payload", 400, P),
    ("invalid_blocks", 400, P),
    ("invalid_blocks_format", 400, P),
    ("invalid_attachments", 400, P),
    ("missing_text_or_fallback_or_attachments", 400, P),
    ("no_text", 400, P),
    ("too_many_attachments", 400, P),
    ("user_not_found", 400, P),
    ("channel_not_found", 404, P),
    ("channel_is_archived", 410, P),
    ("action_prohibited", 403, P),
    ("posting_to_general_channel_denied", 403, P),
    ("invalid_token", 403, P),
    ("no_service", 404, P),
    ("no_service_id", 404, P),
    ("no_active_hooks", 404, P),
    ("no_team", 404, P),
    ("team_disabled", 403, P),
    ("team_disabled", 410, P),
    ("rollup_error", 500, T),
    ("rate_limited", 429, R),
    ("ratelimited", 429, R),
]


def refused(status: int, body: bytes, **headers: str) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    response._content = body  # noqa: SLF001 - as requests does when it has read it
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return requests.HTTPError(response=response)


@pytest.mark.parametrize(("body", "status", "kind"), WEBHOOK)
def test_each_answer_of_a_webhook_has_its_kind(body: str, status: int, kind: ErrorKind) -> None:
    assert classify_slack_webhook(refused(status, body.encode())) == Classification(kind, code=body)


def test_every_known_body_is_in_the_table() -> None:
    assert {body for body, _, _ in WEBHOOK} == WEBHOOK_CODES


def test_the_body_wins_over_the_status() -> None:
    assert classify_slack_webhook(refused(500, b"no_service")) == Classification(P, code="no_service")


@pytest.mark.parametrize(
    ("status", "kind"), [(200, P), (302, P), (400, P), (418, P), (500, A), (502, A), (503, T), (408, T)]
)
def test_a_body_nobody_knows_is_judged_by_status_and_not_kept(status: int, kind: ErrorKind) -> None:
    judged = classify_slack_webhook(refused(status, b"https://hooks.slack.com/services/T/B/secret"))
    assert judged == Classification(kind, code=f"{status} unknown_body")


@pytest.mark.parametrize("body", [b"rate_limited", b"anything"])
def test_retry_after_is_handed_on(body: bytes) -> None:
    judged = classify_slack_webhook(refused(429, body, Retry_After="30"))
    assert judged is not None
    assert (judged.kind, judged.retry_after) == (R, 30.0)


def test_a_failing_rollup_keeps_its_retry_after() -> None:
    assert classify_webhook(500, "rollup_error", 3.0) == Classification(T, 3.0, "rollup_error")


def test_a_body_that_was_not_read_is_not_read_now() -> None:
    class Unread(requests.Response):
        @property
        def content(self) -> bytes:
            raise AssertionError("this would read from the network")

    response = Unread()
    response.status_code = 404
    judged = classify_slack_webhook(requests.HTTPError(response=response))
    assert judged == Classification(P, code="404 unknown_body")


@pytest.mark.parametrize("status", [200, 202, 299])
def test_a_success_whose_body_broke_off_may_have_been_posted(status: int) -> None:
    response = requests.Response()
    response.status_code = status
    broken = requests.exceptions.ChunkedEncodingError(response=response)
    assert classify_slack_webhook(broken) == Classification(A, code="body")


def test_a_redirect_is_no_success() -> None:
    response = requests.Response()
    response.status_code = 300
    assert classify_slack_webhook(requests.HTTPError(response=response)) == Classification(P, code="300 unknown_body")


def test_a_response_without_a_dict_has_no_body() -> None:
    class Slotted:
        __slots__ = ("status_code",)

    response = Slotted()
    response.status_code = 503  # type: ignore[attr-defined] # a slot
    error = Exception()
    error.response = response  # type: ignore[attr-defined] # as libraries do
    assert classify_slack_webhook(error) == Classification(T, code="503 unknown_body")


def test_a_failure_of_the_network_is_judged_as_http() -> None:
    assert classify_slack_webhook(ConnectionRefusedError()) == Classification(T, code="not_sent")
    assert classify_slack_webhook(ValueError()) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"no_text", "no_text"), (b" no_text\n", "no_text"), (b"", "unknown_body"), (b"\xff\x00", "unknown_body")],
)
def test_a_body_is_one_of_the_known_codes_or_unknown(body: bytes, code: str) -> None:
    assert webhook_code(body) == code


def test_a_response_of_another_kind_is_no_http_response() -> None:
    error = Exception()
    error.response = SimpleNamespace(status_code="404")  # type: ignore[attr-defined] # as it should not be
    assert classify_slack_webhook(error) is None
