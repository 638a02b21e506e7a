"""The Web API of the Slack stand-in: chat.postMessage with a bot's token, refusals with status 200, and faults."""

from collections.abc import Iterator

import pytest
import requests

from demo.slack.standin import SlackStandin

Json = dict[str, object]
UNKNOWN = "xoxb-unknown"


@pytest.fixture
def slack() -> Iterator[SlackStandin]:
    with SlackStandin(burst=3, clock=lambda: 1000.0) as standin:
        yield standin


def call(slack: SlackStandin, body: object, token: str | None = None) -> requests.Response:
    """Call chat.postMessage with the bot's token or another one; "" sends none."""
    token = slack.bot_token() if token is None else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(f"{slack.api_url}/chat.postMessage", json=body, headers=headers, timeout=5)


def error_of(response: requests.Response) -> tuple[int, str]:
    """Return the status and the error of the Web API."""
    answer = response.json()
    assert answer["ok"] is False
    return response.status_code, answer["error"]


def test_the_web_api_posts_to_a_channel_by_its_id(slack: SlackStandin) -> None:
    channel = slack.channel_id("ops")
    response = call(slack, {"channel": channel, "text": "fallback", "blocks": [{"type": "divider"}]})
    answer = response.json()
    assert (response.status_code, answer["ok"], answer["channel"]) == (200, True, channel)
    assert answer["message"]["text"] == "fallback"
    assert answer["message"]["ts"] == answer["ts"]
    (message,) = slack.messages(accepted=True)
    assert (message.webhook, message.status, message.answer, message.text) == ("#ops", 200, "ok", "fallback")


def test_the_web_api_authenticates_its_bot(slack: SlackStandin) -> None:
    body, token = {"channel": slack.channel_id("ops"), "text": "m"}, slack.bot_token()
    assert error_of(call(slack, body, token="")) == (200, "not_authed")
    assert error_of(call(slack, body, token=UNKNOWN)) == (200, "invalid_auth")
    slack.revoke_bot()
    assert error_of(call(slack, body, token=token)) == (200, "token_revoked")
    assert call(slack, body).json()["ok"] is True


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"channel": "C0NOBODY", "text": "m"}, "channel_not_found"),
        ({"text": "m"}, "channel_not_found"),
        ({"channel": "ops", "text": " "}, "no_text"),
        ({"channel": "ops", "text": "t" * 40_001}, "msg_too_long"),
        ({"channel": "ops", "text": "t", "blocks": [{"type": "hologram"}]}, "invalid_blocks"),
    ],
)
def test_the_web_api_refuses_with_status_200_and_a_code(slack: SlackStandin, body: Json, error: str) -> None:
    if body.get("channel") == "ops":
        body = {**body, "channel": slack.channel_id("ops")}
    assert error_of(call(slack, body)) == (200, error)
    assert [(one.is_accepted, one.answer) for one in slack.messages()] == [(False, error)]


def test_a_body_that_is_no_json_object_is_invalid_json(slack: SlackStandin) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token()}"}
    response = requests.post(f"{slack.api_url}/chat.postMessage", data=b"not json", headers=headers, timeout=5)
    assert error_of(response) == (200, "invalid_json")


def test_each_channel_has_a_rate_of_its_own(slack: SlackStandin) -> None:
    ops, other = ({"channel": slack.channel_id(name), "text": "m"} for name in ("ops", "other"))
    assert [call(slack, ops).status_code for _ in range(3)] == [200, 200, 200]
    refused = call(slack, ops)
    assert (*error_of(refused), refused.headers["Retry-After"]) == (429, "ratelimited", "1")
    assert call(slack, other).json()["ok"] is True


def test_scripts_and_outages_apply_to_the_web_api(slack: SlackStandin) -> None:
    body = {"channel": slack.channel_id("ops"), "text": "m"}
    slack.script([{"body": "not_in_channel"}, {"body": "channel_is_archived"}], webhook="#ops")
    slack.script([{"status": 429, "retry_after": 7}, {"status": 500}], match="m")
    assert [error_of(call(slack, body)) for _ in range(4)] == [
        (200, "not_in_channel"),
        (200, "is_archived"),
        (429, "ratelimited"),
        (500, "internal_error"),
    ]
    slack.outage()
    assert error_of(call(slack, body)) == (503, "service_unavailable")


def test_the_token_is_on_no_page_and_in_no_output(slack: SlackStandin, capfd: pytest.CaptureFixture[str]) -> None:
    call(slack, {"channel": slack.channel_id("ops"), "text": "m"})
    page = requests.get(f"{slack.url}/_control/messages", timeout=5).text
    assert slack.bot_token() not in "".join([page, *capfd.readouterr()])


def update(slack: SlackStandin, body: Json) -> requests.Response:
    headers = {"Authorization": f"Bearer {slack.bot_token()}"}
    return requests.post(f"{slack.api_url}/chat.update", json=body, headers=headers, timeout=5)


def test_the_web_api_replies_in_a_thread_and_edits_its_first_message(slack: SlackStandin) -> None:
    channel = slack.channel_id("ops")
    root = call(slack, {"channel": channel, "text": "first"}).json()
    reply = call(slack, {"channel": channel, "text": "second", "thread_ts": root["ts"], "reply_broadcast": True}).json()
    assert (reply["message"]["thread_ts"], reply["message"]["subtype"]) == (root["ts"], "thread_broadcast")
    assert "thread_ts" not in root["message"]
    edited = update(slack, {"channel": channel, "ts": root["ts"], "text": "first, edited"}).json()
    assert (edited["ok"], edited["message"]["text"]) == (True, "first, edited")
    assert [one.shown.text for one in slack.history("ops")] == ["first, edited", "second"]
    assert [(one.ts, one.thread_ts) for one in slack.messages()] == [(root["ts"], ""), (reply["ts"], root["ts"])]


def test_an_edit_is_refused_with_slacks_codes_and_has_a_rate_of_its_own(slack: SlackStandin) -> None:
    channel = slack.channel_id("ops")
    ts = call(slack, {"channel": channel, "text": "m"}).json()["ts"]
    body: Json = {"channel": channel, "ts": ts, "text": "new"}
    assert error_of(update(slack, {**body, "text": "x" * 4_001})) == (200, "msg_too_long")
    assert error_of(update(slack, {**body, "ts": "9.9"})) == (200, "message_not_found")
    assert [update(slack, body).status_code for _ in range(50)] == [200] * 49 + [429]
    requests.post(f"{slack.url}/_control/delete", json={"channel": "ops", "ts": ts}, timeout=5)
    assert error_of(update(slack, body)) == (200, "message_not_found")
