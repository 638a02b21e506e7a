import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_policies import ErrorKind
from slack_alerts.models import Refused
from slack_alerts.slack.answers import classify_api_answer, classify_webhook_answer

KINDS = {"P": ErrorKind.PERMANENT, "T": ErrorKind.TRANSIENT, "H": ErrorKind.THROTTLED, "A": ErrorKind.AMBIGUOUS}


def test_success_is_200_and_ok_and_nothing_else() -> None:
    assert classify_webhook_answer(200, b"ok", None) is None
    assert classify_api_answer(200, b'{"ok": true, "ts": "1.2"}', None) is None


@pytest.mark.parametrize(
    ("status", "body", "refused", "kind"),
    [
        (200, b"", Refused.UNEXPECTED, "P"),
        (200, b"OK", Refused.UNEXPECTED, "P"),
        (200, b"ok\n<html>", Refused.UNEXPECTED, "P"),
        (200, b"no_text", Refused.UNEXPECTED, "P"),
        (200, b'{"ok": false}', Refused.UNEXPECTED, "P"),
        (204, b"", Refused.UNEXPECTED, "P"),
        (101, b"", Refused.DESTINATION, "P"),
        (302, b"", Refused.DESTINATION, "P"),
        (400, b"invalid_payload", Refused.MESSAGE, "P"),
        (400, b"user_not_found", Refused.MESSAGE, "P"),
        (400, b"anything", Refused.MESSAGE, "P"),
        (401, b"", Refused.FOREIGN, "P"),
        (401, b"invalid_token", Refused.DESTINATION, "P"),
        (403, b"action_prohibited", Refused.DESTINATION, "P"),
        (403, b"anything", Refused.FOREIGN, "P"),
        (404, b"<html>no_service</html>", Refused.FOREIGN, "P"),
        (410, b"", Refused.FOREIGN, "P"),
        (404, b"invalid_payload", Refused.DESTINATION, "P"),
        (404, b"no_service", Refused.DESTINATION, "P"),
        (405, b"", Refused.MESSAGE, "P"),
        (408, b"", Refused.FOR_NOW, "T"),
        (410, b"channel_is_archived", Refused.DESTINATION, "P"),
        (413, b"", Refused.MESSAGE, "P"),
        (425, b"", Refused.FOR_NOW, "T"),
        (429, b"rate_limited", Refused.FOR_NOW, "H"),
        (500, b"rollup_error", Refused.FOR_NOW, "T"),
        (500, b"anything", Refused.FOR_NOW, "A"),
        (500, b"no_service", Refused.DESTINATION, "P"),
        (501, b"", Refused.MESSAGE, "P"),
        (503, b"", Refused.FOR_NOW, "T"),
    ],
)
def test_an_answer_of_a_webhook_says_what_is_refused(status: int, body: bytes, refused: Refused, kind: str) -> None:
    error = classify_webhook_answer(status, body, None)
    assert error is not None
    assert (error.refused, error.classification.kind) == (refused, KINDS[kind])


@pytest.mark.parametrize(
    ("status", "code", "refused", "kind"),
    [
        (200, "channel_not_found", Refused.DESTINATION, "P"),
        (200, "invalid_auth", Refused.DESTINATION, "P"),
        (200, "is_archived", Refused.DESTINATION, "P"),
        (200, "msg_too_long", Refused.MESSAGE, "P"),
        (200, "invalid_blocks", Refused.MESSAGE, "P"),
        (200, "nobody_knows_it", Refused.MESSAGE, "P"),
        (200, "ratelimited", Refused.FOR_NOW, "H"),
        (429, "ratelimited", Refused.FOR_NOW, "H"),
        (200, "service_unavailable", Refused.FOR_NOW, "T"),
        (200, "fatal_error", Refused.FOR_NOW, "A"),
        (200, None, Refused.UNEXPECTED, "P"),
        (503, None, Refused.FOR_NOW, "T"),
        (302, None, Refused.DESTINATION, "P"),
        (401, None, Refused.FOREIGN, "P"),
        (403, None, Refused.FOREIGN, "P"),
        (404, None, Refused.FOREIGN, "P"),
        (410, None, Refused.FOREIGN, "P"),
        (403, "not_in_channel", Refused.DESTINATION, "P"),
        (200, "token_expired", Refused.DESTINATION, "P"),
        (200, "token_revoked", Refused.DESTINATION, "P"),
    ],
)
def test_an_answer_of_the_web_api_says_what_is_refused(status: int, code: object, refused: Refused, kind: str) -> None:
    error = classify_api_answer(status, json.dumps({"ok": False, "error": code}).encode(), None)
    assert error is not None
    assert (error.refused, error.classification.kind) == (refused, KINDS[kind])


@pytest.mark.parametrize(
    ("status", "refused"),
    [(200, Refused.UNEXPECTED), (401, Refused.FOREIGN), (403, Refused.FOREIGN), (404, Refused.FOREIGN)],
)
@pytest.mark.parametrize("error", ["Forbidden", "channel_not_found", "token_expired"])
def test_an_error_without_slacks_ok_may_be_a_proxys(status: int, refused: Refused, error: str) -> None:
    refusal = classify_api_answer(status, json.dumps({"error": error}).encode(), None)
    assert refusal is not None
    assert refusal.refused is refused


@pytest.mark.parametrize("status", [200, 400, 429, 500, 503])
@pytest.mark.parametrize("error", [["x"], {"code": 503}, {}, 5, None])
def test_an_error_that_is_no_code_is_judged_by_the_status(status: int, error: object) -> None:
    refusal = classify_api_answer(status, json.dumps({"ok": False, "error": error}).encode(), 7.0)
    assert refusal is not None
    assert (refusal.refused is Refused.FOR_NOW) == (status in {429, 500, 503})


@given(status=st.integers(100, 599), body=st.binary(max_size=200), wait=st.none() | st.floats(0, 1e6))
def test_any_answer_is_judged_and_none_of_its_text_is_kept(status: int, body: bytes, wait: float | None) -> None:
    for classify in (classify_webhook_answer, classify_api_answer):
        error = classify(status, b"canary" + body, wait)
        assert error is not None
        assert "canary" not in str(vars(error)) + str(error)
