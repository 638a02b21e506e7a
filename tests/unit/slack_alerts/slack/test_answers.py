import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_policies import ErrorKind
from slack_alerts.models import Place, Refused
from slack_alerts.slack.answers import api_place, api_refusal, webhook_refusal

PERMANENT, THROTTLED = ErrorKind.PERMANENT, ErrorKind.THROTTLED
TRANSIENT, AMBIGUOUS = ErrorKind.TRANSIENT, ErrorKind.AMBIGUOUS


def test_success_is_200_and_ok() -> None:
    assert webhook_refusal(200, b"ok", None) is None
    assert api_refusal(200, b'{"ok": true, "ts": "1.2"}', None) is None


@pytest.mark.parametrize(
    ("refused", "kind", "answers"),
    [
        (
            Refused.UNEXPECTED,
            PERMANENT,
            ["200 ", "200 OK", "200 ok\n<html>", "200 no_text", '200 {"ok": false}', "204 "],
        ),
        (
            Refused.FOREIGN,
            PERMANENT,
            [
                *("401 ", "403 anything", "404 <html>no_service</html>", "410 "),
                *("407 ", "501 ", "505 <html>", "511 <html>", "526 ", "999 "),
            ],
        ),
        (
            Refused.DESTINATION,
            PERMANENT,
            [
                *(
                    "101 ",
                    "302 ",
                    "401 invalid_token",
                    "403 action_prohibited",
                    "404 invalid_payload",
                    "404 no_service",
                ),
                *("410 channel_is_archived", "500 no_service"),
            ],
        ),
        (
            Refused.MESSAGE,
            PERMANENT,
            ["400 invalid_payload", "400 user_not_found", "400 anything", "405 ", "413 ", "501 invalid_payload"],
        ),
        (Refused.FOR_NOW, TRANSIENT, ["408 ", "425 ", "500 rollup_error", "503 "]),
        (Refused.FOR_NOW, THROTTLED, ["429 rate_limited"]),
        (Refused.FOR_NOW, AMBIGUOUS, ["500 anything"]),
    ],
)
def test_the_answer_of_a_webhook_is_classified(refused: Refused, kind: ErrorKind, answers: list[str]) -> None:
    for answer in answers:
        status, _, body = answer.partition(" ")
        error = webhook_refusal(int(status), body.encode(), None)
        assert error is not None
        assert (error.refused, error.classification.kind) == (refused, kind), answer


@pytest.mark.parametrize(
    ("refused", "kind", "answers"),
    [
        (
            Refused.DESTINATION,
            PERMANENT,
            [
                *("200 channel_not_found", "200 invalid_auth", "200 is_archived", "200 token_expired", "302 "),
                *("200 token_revoked", "403 not_in_channel"),
            ],
        ),
        (Refused.MESSAGE, PERMANENT, ["200 msg_too_long", "200 invalid_blocks", "200 nobody_knows_it"]),
        (Refused.FOR_NOW, THROTTLED, ["200 ratelimited", "429 ratelimited"]),
        (Refused.FOR_NOW, TRANSIENT, ["200 service_unavailable", "503 "]),
        (Refused.FOR_NOW, AMBIGUOUS, ["200 fatal_error"]),
        (Refused.UNEXPECTED, PERMANENT, ["200 "]),
        (Refused.FOREIGN, PERMANENT, ["401 ", "403 ", "404 ", "407 ", "410 ", "501 ", "511 "]),
    ],
)
def test_the_answer_of_the_web_api_is_classified(refused: Refused, kind: ErrorKind, answers: list[str]) -> None:
    for answer in answers:
        status, _, code = answer.partition(" ")
        error = api_refusal(int(status), json.dumps({"ok": False, "error": code or None}).encode(), None)
        assert error is not None
        assert (error.refused, error.classification.kind) == (refused, kind), answer


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"ok": false}'])
@pytest.mark.parametrize("status", [403, 408, 413, 421, 425, 429, 500, 502, 503, 504, 509, *range(520, 526), 529, 530])
def test_a_retry_after_is_kept_with_any_status_that_passes(status: int, body: bytes) -> None:
    for classify in (webhook_refusal, api_refusal):
        error = classify(status, body, 50.0)
        assert error is not None
        assert error.classification.retry_after == 50.0
        assert error.classification.kind is not PERMANENT


@pytest.mark.parametrize("status", [200, 204, 401, 404, 407, 410, 501, 511])
def test_a_proxy_that_asks_for_a_wait_gets_it(status: int) -> None:
    for classify in (webhook_refusal, api_refusal):
        error = classify(status, b"<html>", 50.0)
        assert error is not None
        assert error.refused in {Refused.UNEXPECTED, Refused.FOREIGN}
        assert error.classification.retry_after == 50.0


@pytest.mark.parametrize(
    ("status", "refused"), [(200, Refused.UNEXPECTED), (401, Refused.FOREIGN), (404, Refused.FOREIGN)]
)
@pytest.mark.parametrize("error", ["Forbidden", "channel_not_found", "token_expired"])
def test_an_error_without_slacks_ok_may_come_from_a_proxy(status: int, refused: Refused, error: str) -> None:
    found = api_refusal(status, json.dumps({"error": error}).encode(), None)
    assert found is not None
    assert found.refused is refused


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"channel": "C1", "ts": "1.5"}, Place("C1", "1.5")),
        ({"channel": "C1", "ts": "2.5", "message": {"thread_ts": "1.5"}}, Place("C1", "2.5", "1.5")),
        ({"channel": "C1", "ts": "2.5", "message": {"thread_ts": "<!here>"}}, Place("C1", "2.5")),
        ({"channel": "C1", "ts": "2.5", "message": []}, Place("C1", "2.5")),
        ({"channel": "C1"}, None),
        ({"channel": "C1", "ts": 1.5}, None),
        ({"channel": "C1", "ts": "1.5\n"}, None),
        ({"channel": ["C1"], "ts": "1.5"}, None),
        ({"ts": "1.5"}, None),
        ([], None),
    ],
)
def test_h2_the_place_of_a_message_is_read_or_counts_as_unknown(answer: object, place: Place | None) -> None:
    assert api_place(json.dumps(answer).encode()) == place


@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=200) | st.sampled_from([b'{"ok": false, "error": ["x"]}', b'{"error": {}}', b"5"]),
    wait=st.none() | st.floats(0, 1e6),
)
def test_any_answer_is_classified_without_its_text(status: int, body: bytes, wait: float | None) -> None:
    for classify in (webhook_refusal, api_refusal):
        for text in (body, b"canary" + body):
            error = classify(status, text, wait)
            assert error is None or "canary" not in str(vars(error)) + str(error)
