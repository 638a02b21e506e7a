from types import SimpleNamespace

import pytest

from retry_policies import Classification, ErrorKind, RetryPolicy, StopReason, retry_info
from retry_policies.slack_api import classify_slack_api
from retry_policies.testing import FakeTime

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

CODES = {
    R: "ratelimited rate_limited",
    T: "service_unavailable request_timeout",
    A: "internal_error fatal_error",
    P: """message_limit_exceeded
        not_authed invalid_auth account_inactive token_revoked token_expired no_permission missing_scope
        not_allowed_token_type access_denied team_access_not_granted two_factor_setup_required ekm_access_denied
        enterprise_is_restricted accesslimited
        channel_not_found not_in_channel is_archived restricted_action restricted_action_read_only_channel
        restricted_action_thread_only_channel restricted_action_non_threadable_channel restricted_action_thread_locked
        posting_to_general_channel_denied messages_tab_disabled cannot_reply_to_message
        invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_post_type
        missing_post_type invalid_json json_not_object invalid_blocks invalid_blocks_format no_text msg_too_long
        too_many_attachments metadata_too_large method_deprecated deprecated_endpoint""",
}


class SlackApiError(Exception):
    """As slack_sdk raises it."""

    def __init__(self, status: int, data: object, **headers: str) -> None:
        super().__init__("The request to the Slack API failed.")
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.response = SimpleNamespace(status_code=status, data=data, headers=headers)


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in CODES.items() for code in codes.split()])
def test_each_error_of_the_web_api_has_its_kind(kind: ErrorKind, code: str) -> None:
    assert classify_slack_api(SlackApiError(200, {"ok": False, "error": code})) == Classification(kind, code=code)


@pytest.mark.parametrize("code", ["team_added_to_org", "org_login_required"])
@pytest.mark.parametrize(("header", "wait"), [({}, 60.0), ({"Retry_After": "300"}, 300.0)])
def test_a_migration_is_handed_on_at_once(code: str, header: dict[str, str], wait: float) -> None:
    error = SlackApiError(200, {"ok": False, "error": code}, **header)
    assert classify_slack_api(error) == Classification(T, wait, code)

    def post() -> None:
        raise error

    with pytest.raises(SlackApiError):
        FakeTime().policy(RetryPolicy(classifier=classify_slack_api, timeout=900)).call(None, post)
    info = retry_info(error)
    assert info is not None
    assert (info.attempts, info.reason, info.retry_after) == (1, StopReason.RETRY_AFTER, wait)


@pytest.mark.parametrize("code", ["brand_new_error", "https://secret", "", None, 5, ["x"]])
def test_an_error_nobody_knows_is_permanent_and_not_kept(code: object) -> None:
    judged = classify_slack_api(SlackApiError(200, {"ok": False, "error": code}))
    assert judged == Classification(P, code="200 unknown_error")


@pytest.mark.parametrize(("status", "kind"), [(500, A), (503, T), (429, R)])
def test_a_bare_status_is_judged_as_http(status: int, kind: ErrorKind) -> None:
    assert classify_slack_api(SlackApiError(status, {})) == Classification(kind, code=f"{status} unknown_error")
    assert classify_slack_api(SlackApiError(status, b"<html>")) == Classification(kind, code=str(status))


@pytest.mark.parametrize("data", [b"<html>", None, "ok"])
def test_a_success_that_cannot_be_read_may_have_been_posted(data: object) -> None:
    assert classify_slack_api(SlackApiError(200, data)) == Classification(A, code="body")
    assert classify_slack_api(SlackApiError(300, data)) == Classification(P, code="300")


@pytest.mark.parametrize("code", ["ratelimited", "service_unavailable", "internal_error"])
def test_retry_after_is_handed_on(code: str) -> None:
    judged = classify_slack_api(SlackApiError(429, {"error": code}, Retry_After="30"))
    assert judged is not None
    assert judged.retry_after == 30.0


def test_a_429_without_a_code_keeps_its_retry_after() -> None:
    assert classify_slack_api(SlackApiError(429, {}, Retry_After="30")) == Classification(R, 30.0, "429 unknown_error")


def test_an_answer_without_headers_is_judged() -> None:
    error = SlackApiError(200, {"error": "no_text"})
    del error.response.headers
    assert classify_slack_api(error) == Classification(P, code="no_text")


def test_what_is_not_slack_is_judged_as_http() -> None:
    assert classify_slack_api(ConnectionRefusedError()) == Classification(T, code="not_sent")
    assert classify_slack_api(ValueError()) is None
