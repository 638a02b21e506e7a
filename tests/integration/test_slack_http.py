"""The post over real sockets: what each answer, and each failure of the network, is turned into."""

import pytest

from slack_alerts.models import SlackMessage, SlackRefused, SlackUnreachable, Webhook
from slack_alerts.slack.http import SlackHttp
from tests.support.slack.loopback import Answer, LoopbackSlack, closed_port, raw_server

post = SlackHttp().post
MESSAGE = SlackMessage("🔴 disk full", ({"type": "header", "text": {"type": "plain_text", "text": "disk full"}},))
CANARY = "canary-webhook-token"


def test_a_message_arrives_as_it_was_built() -> None:
    with LoopbackSlack() as slack:
        post(Webhook(slack.webhook()), MESSAGE, 5.0)
    (request,) = slack.requests
    assert request.message == {
        "text": MESSAGE.text,
        "blocks": list(MESSAGE.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    assert request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("answer", "code", "retry_after"),
    [
        (Answer(404, b"channel_not_found"), "channel_not_found", None),
        (Answer(400, b"invalid_payload"), "invalid_payload", None),
        (Answer(429, b"rate_limited", (("Retry-After", "30"),)), "rate_limited", 30.0),
        (Answer(429, b"", (("Retry-After", "soon"),)), "429 unknown_body", None),
        (Answer(500, b"rollup_error"), "rollup_error", None),
        (Answer(503, b"<html>https://hooks.slack.com/services/canary</html>"), "503 unknown_body", None),
        (Answer(200, b"no_text"), "unknown_body", None),
        (Answer(200, b""), "unknown_body", None),
        (Answer(200, b"ok and more"), "unknown_body", None),
        (Answer(204, b""), "unknown_body", None),
        (Answer(200, b"x" * 1_000_000), "unknown_body", None),
    ],
)
def test_anything_but_200_and_ok_is_a_refusal(answer: Answer, code: str, retry_after: float | None) -> None:
    with LoopbackSlack([answer]) as slack, pytest.raises(SlackRefused) as caught:
        post(Webhook(slack.webhook(CANARY)), MESSAGE, 5.0)
    classification = caught.value.classification
    assert (classification.code, classification.retry_after) == (code, retry_after)
    assert caught.value.__context__ is None
    assert len(slack.requests) == 1


def test_a_redirect_is_a_refusal_and_never_followed() -> None:
    with LoopbackSlack() as elsewhere:
        answer = Answer(302, b"", (("Location", f"http://{elsewhere.host}/"),))
        with LoopbackSlack([answer]) as slack, pytest.raises(SlackRefused):
            post(Webhook(slack.webhook()), MESSAGE, 5.0)
    assert elsewhere.requests == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_in_the_environment_decides_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    with LoopbackSlack() as slack:
        post(Webhook(slack.webhook()), MESSAGE, 5.0)
    assert len(slack.requests) == 1


def test_a_refused_connection_was_not_sent() -> None:
    with pytest.raises(SlackUnreachable) as caught:
        post(Webhook(f"http://127.0.0.1:{closed_port()}/services/{CANARY}"), MESSAGE, 5.0)
    assert not caught.value.sent
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    "behaviour",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"],
    ids=["closes without an answer", "answers no HTTP", "cuts the body short"],
)
def test_a_broken_answer_may_mean_delivered(behaviour: bytes) -> None:
    with raw_server(behaviour) as port, pytest.raises((SlackUnreachable, SlackRefused)) as caught:
        post(Webhook(f"http://127.0.0.1:{port}/services/{CANARY}"), MESSAGE, 5.0)
    assert isinstance(caught.value, SlackUnreachable)
    assert caught.value.sent
    assert caught.value.__context__ is None


def test_silence_may_mean_delivered() -> None:
    with raw_server(None) as port, pytest.raises(SlackUnreachable) as caught:
        post(Webhook(f"http://127.0.0.1:{port}/services/{CANARY}"), MESSAGE, 0.2)
    assert caught.value.sent
