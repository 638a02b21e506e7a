"""The Slack stand-in over sockets: Slack's documented answers and limits, and faults."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from demo.slack.standin import SlackStandin

Json = dict[str, object]


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackStandin]:
    with SlackStandin(burst=3, clock=clock) as standin:
        yield standin


def post(slack: SlackStandin, body: object, webhook: str = "ops") -> requests.Response:
    return requests.post(slack.webhook_url(webhook), json=body, timeout=5)


def control(slack: SlackStandin, command: str, body: object) -> requests.Response:
    return requests.post(f"{slack.url}/_control/{command}", json=body, timeout=5)


def answered(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.text


def posted(slack: SlackStandin, text: str = "m", webhook: str = "ops") -> tuple[int, str]:
    return answered(post(slack, {"text": text}, webhook))


def text(words: str, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": words}


def blocks(*some: Json) -> Json:
    return {"text": "fallback", "blocks": list(some)}


def test_a_message_is_answered_ok_and_recorded(slack: SlackStandin) -> None:
    response = post(slack, blocks({"type": "header", "text": text("Queue is old")}))
    assert answered(response) == (200, "ok")
    (message,) = slack.messages()
    assert message.is_accepted
    assert message.blocks[0]["text"] == text("Queue is old")
    (recorded,) = requests.get(f"{slack.url}/_control/messages", timeout=5).json()
    assert recorded == recorded | {"number": 1, "webhook": "ops", "status": 200, "answer": "ok", "text": "fallback"}


@pytest.mark.parametrize(
    "body",
    [b"not json", b'["a", "list"]', b'{"text": NaN}', b'{"text": 1}', b"\xff\xfe", b"", b"[" * 100_000],
    ids=["not JSON", "a list", "NaN", "a number as text", "not UTF-8", "empty", "nested too deep"],
)
def test_a_body_that_is_no_json_object_is_an_invalid_payload(slack: SlackStandin, body: bytes) -> None:
    response = requests.post(slack.webhook_url("ops"), data=body, timeout=5)
    assert answered(response) == (400, "invalid_payload")


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "  "}, {"blocks": []}, {"channel": "#general"}])
def test_a_message_without_text_is_refused(slack: SlackStandin, body: Json) -> None:
    assert answered(post(slack, body)) == (400, "no_text")


def section(**parts: object) -> Json:
    return {"type": "section", **parts}


def button(words: str = "Open", url: str = "https://example.com") -> Json:
    return {"type": "actions", "elements": [{"type": "button", "text": text(words), "url": url}]}


FITTING: dict[str, list[Json]] = {
    "50 blocks": [{"type": "divider"}] * 50,
    "header of 150": [{"type": "header", "text": text("h" * 150)}],
    "section of 3000": [section(text=text("s" * 3000, "mrkdwn"))],
    "10 fields of 2000": [section(fields=[text("f" * 2000)] * 10)],
    "10 context elements": [{"type": "context", "elements": [text("c")] * 10}],
    "button text of 75": [button("b" * 75)],
    "url of 3000": [button(url="https://example.com/".ljust(3000, "u"))],
    "block_id of 255": [section(text=text("s"), block_id="i" * 255)],
    "image": [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a graph"}],
}
TOO_LARGE: dict[str, list[Json]] = {
    "51 blocks": [{"type": "divider"}] * 51,
    "header of 151": [{"type": "header", "text": text("h" * 151)}],
    "header in mrkdwn": [{"type": "header", "text": text("h", "mrkdwn")}],
    "header without words": [{"type": "header", "text": text("")}],
    "section of 3001": [section(text=text("s" * 3001))],
    "section of nothing": [section()],
    "11 fields": [section(fields=[text("f")] * 11)],
    "field of 2001": [section(fields=[text("f" * 2001)])],
    "11 context elements": [{"type": "context", "elements": [text("c")] * 11}],
    "context of nothing": [{"type": "context", "elements": []}],
    "button text of 76": [button("b" * 76)],
    "url of 3001": [button(url="https://example.com/".ljust(3001, "u"))],
    "block_id of 256": [section(text=text("s"), block_id="i" * 256)],
    "image without alt_text": [{"type": "image", "image_url": "https://example.com/a.png"}],
    "unknown type": [{"type": "hologram"}],
    "no type": [{}],
}


def test_blocks_within_the_limits_are_accepted_and_others_refused() -> None:
    with SlackStandin(burst=100) as slack:
        for name, some in (FITTING | TOO_LARGE).items():
            expected = (200, "ok") if name in FITTING else (400, "invalid_blocks")
            assert answered(post(slack, blocks(*some))) == expected, name
        assert answered(post(slack, {"text": "t", "blocks": {"type": "divider"}})) == (400, "invalid_blocks")


def test_a_hundred_attachments_are_accepted_and_no_more(slack: SlackStandin) -> None:
    assert answered(post(slack, {"attachments": [{"text": "a"}] * 100})) == (200, "ok")
    assert answered(post(slack, {"attachments": [{"text": "a"}] * 101})) == (400, "too_many_attachments")


def test_a_text_over_40000_characters_is_cut(slack: SlackStandin) -> None:
    assert answered(post(slack, {"text": "t" * 40_001})) == (200, "ok")
    assert len(slack.messages()[0].text) == 40_000


def test_an_unknown_webhook_is_no_service_and_only_a_post_is_a_message(slack: SlackStandin) -> None:
    assert requests.get(slack.webhook_url("ops"), timeout=5).status_code == 405
    response = requests.post(f"{slack.url}/services/T0/B0/none", json={"text": "hello"}, timeout=5)
    assert answered(response) == (404, "no_service")
    assert [one.webhook for one in slack.messages()] == ["unknown"]


def test_a_webhook_accepts_one_message_a_second_after_a_short_burst(slack: SlackStandin, clock: Clock) -> None:
    assert [posted(slack)[0] for _ in range(3)] == [200, 200, 200]
    throttled = post(slack, {"text": "m"})
    assert (*answered(throttled), throttled.headers["Retry-After"]) == (429, "rate_limited", "1")
    assert posted(slack, webhook="other") == (200, "ok")
    clock.now += 1
    assert [posted(slack)[0] for _ in range(2)] == [200, 429]


def test_a_script_answers_one_request_each_and_then_no_more(slack: SlackStandin) -> None:
    slack.script([{"status": 429, "retry_after": 2}, {"status": 500}, {"body": "channel_is_archived"}])
    first = post(slack, {"text": "m"})
    assert (*answered(first), first.headers["Retry-After"]) == (429, "rate_limited", "2")
    expected = [(500, "rollup_error"), (410, "channel_is_archived"), (200, "ok")]
    assert [posted(slack) for _ in range(3)] == expected


def test_a_code_has_the_status_that_slack_gives_it(slack: SlackStandin) -> None:
    statuses = {
        "channel_not_found": 404,
        "no_team": 404,
        "channel_is_archived": 410,
        "action_prohibited": 403,
        "invalid_token": 403,
        "user_not_found": 400,
        "rollup_error": 500,
    }
    for code, status in statuses.items():
        slack.reset()
        slack.script([{"body": code}], repeat=True)
        assert [posted(slack) for _ in range(2)] == [(status, code)] * 2


def test_a_script_applies_to_its_text_and_to_its_webhook(slack: SlackStandin) -> None:
    slack.script([{"status": 500}], match="disk-full")
    slack.script([{"status": 503}], webhook="other")
    assert posted(slack, "queue-age") == (200, "ok")
    assert posted(slack, "disk-full") == (500, "rollup_error")
    assert posted(slack, webhook="other") == (503, "service_unavailable")


def test_an_outage_lasts_for_its_seconds_or_until_it_is_ended(slack: SlackStandin, clock: Clock) -> None:
    assert control(slack, "outage", {"seconds": 8}).status_code == 200
    clock.now += 7.9
    assert posted(slack) == (503, "service_unavailable")
    clock.now += 0.1
    assert posted(slack) == (200, "ok")
    control(slack, "outage", {})
    clock.now += 1e6
    assert posted(slack)[0] == 503
    control(slack, "outage", {"seconds": 0})
    assert posted(slack)[0] == 200


def test_a_slow_answer_takes_its_seconds(slack: SlackStandin) -> None:
    control(slack, "slow", {"seconds": 0.2})
    began = time.monotonic()
    assert posted(slack)[0] == 200
    assert time.monotonic() - began >= 0.2


def test_a_connection_can_be_reset(slack: SlackStandin) -> None:
    control(slack, "script", {"answers": [{"reset": True}], "match": "m"})
    with pytest.raises(requests.ConnectionError):
        posted(slack)
    assert [(one.status, one.is_accepted) for one in slack.messages()] == [(0, False)]
    assert posted(slack)[0] == 200


def test_a_reset_removes_faults_limits_and_messages_but_no_webhook(slack: SlackStandin) -> None:
    url = slack.webhook_url("ops")
    for _ in range(4):
        posted(slack)
    slack.outage()
    assert control(slack, "reset", {}).status_code == 200
    assert slack.messages() == []
    assert slack.webhook_url("ops") == url
    assert posted(slack) == (200, "ok")


def test_the_requests_before_a_reset_keep_their_place(slack: SlackStandin) -> None:
    posted(slack, "before")
    slack.reset()
    posted(slack, "after")
    assert [(one.number, one.text) for one in slack.since(0)] == [(1, "before"), (2, "after")]
    assert [one.text for one in slack.since(1)] == [one.text for one in slack.messages()] == ["after"]


def test_a_revoked_webhook_is_no_service_and_others_work(slack: SlackStandin) -> None:
    url = slack.webhook_url("ops")
    slack.revoke("ops")
    assert slack.webhook_url("ops") == url
    assert posted(slack) == (404, "no_service")
    assert posted(slack, webhook="other") == (200, "ok")
    assert [one.webhook for one in slack.messages()] == ["ops", "other"]


def test_a_rotated_webhook_has_a_new_url_and_the_old_one_is_no_service(slack: SlackStandin) -> None:
    old = slack.webhook_url("ops")
    new = slack.rotate("ops")
    assert new == slack.webhook_url("ops") != old
    assert answered(requests.post(old, json={"text": "m"}, timeout=5)) == (404, "no_service")
    assert answered(requests.post(new, json={"text": "m"}, timeout=5)) == (200, "ok")


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("explode", {}, 404),
        ("outage", {"hours": 3}, 400),
        ("script", {"answers": [{"code": 500}]}, 400),
        ("slow", [], 400),
    ],
)
def test_an_invalid_control_command_is_refused(slack: SlackStandin, command: str, body: object, status: int) -> None:
    response = control(slack, command, body)
    assert response.status_code == status
    assert response.text.strip()


def test_a_switch_stays_on_until_it_is_switched_off(slack: SlackStandin) -> None:
    assert control(slack, "switch", {"fault": "outage", "on": True, "channel": "ops"}).text == "done\n"
    assert [posted(slack), posted(slack), posted(slack, webhook="other")] == [(503, "service_unavailable")] * 2 + [
        (200, "ok")
    ]
    control(slack, "switch", {"fault": "outage", "on": False})
    assert posted(slack) == (200, "ok")
    assert control(slack, "switch", {"fault": "hunger", "on": True}).status_code == 400


def test_the_secret_of_a_webhook_is_on_no_page_and_in_no_output(
    slack: SlackStandin, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = slack.webhook_url("ops").rpartition("/")[2]
    posted(slack)
    page = requests.get(f"{slack.url}/_control/messages", timeout=5).text
    assert secret not in "".join([page, *capfd.readouterr()])


def test_it_listens_on_this_machine_only(slack: SlackStandin) -> None:
    assert slack.url.startswith("http://127.0.0.1:")
