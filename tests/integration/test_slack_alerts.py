"""The whole handler against a Slack on this machine: the scenarios people know, the sample events, the secret."""

import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slack_alerts.app import handler
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.samples.events import alarm_message, lane_event, lane_record, merged, sample, sns_body
from tests.support.slack.loopback import OK, Answer, LoopbackSlack, closed_port, raw_server

CANARY = "canaryT0kenThatNobodyMaySee"
ALARM = sns_body(alarm_message())
ERROR = Answer(500, b"rollup_error")


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def stack(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with deployed(monkeypatch, slack.webhook(CANARY)) as stack:
        yield stack


def failed(response: object) -> list[str]:
    assert isinstance(response, dict)
    return [item["itemIdentifier"] for item in response["batchItemFailures"]]


@dataclass(frozen=True)
class Scenario:
    answers: list[Answer]
    waits: list[tuple[float, float]]
    """Seconds: more than the first, at most the second."""
    end: str
    """delivered, later or parked."""


SCENARIOS = {
    "success": Scenario([OK], [], "delivered"),
    "missing channel": Scenario([Answer(404, b"channel_not_found")], [], "parked"),
    "broken server": Scenario([ERROR] * 4, [(0, 0.5), (0, 1), (0, 2)], "later"),
    "broken once": Scenario([ERROR], [(0, 0.5)], "delivered"),
    "throttled": Scenario([Answer(429, b"rate_limited", (("Retry-After", "3"),))], [(3, 4)], "delivered"),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_scenarios_people_know_end_as_they_expect(slack: LoopbackSlack, stack: Deployed, name: str) -> None:
    scenario = SCENARIOS[name]
    slack.answers = list(scenario.answers)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)  # for real: the server's own clock is the witness

    response = stack.handle(lane_event(ALARM), change=lambda policy: policy.with_(sleep=sleep))
    assert failed(response) == (["m1"] if scenario.end == "later" else [])
    assert len(stack.parked()) == (scenario.end == "parked")
    assert len(slack.requests) == len(scenario.waits) + 1
    for (more_than, at_most), wait, gap in zip(scenario.waits, waits, slack.gaps(), strict=True):
        assert more_than < wait <= at_most
        assert gap >= wait


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("sns-alarm", ["🔴 ALARM checkout-errors (123456789012, eu-west-1, delayed by "]),
        (
            "sqs-alarms",
            [
                "🔴 ALARM checkout-errors (123456789012, eu-west-1, delayed by ",
                "🟢 OK checkout-errors (123456789012, eu-west-1, delayed by ",
                "⚪ INSUFFICIENT_DATA queue-age (123456789012, eu-west-1, delayed by ",
            ],
        ),
        ("eventbridge-in-sns", ["🔔 ECS Task State Change (123456789012, eu-west-1, delayed by "]),
        (
            "plain-text",
            ["🔔 Nightly backup (delayed by …): Backup of orders finished with 2 warnings &lt;see log&gt; &amp; 0"],
        ),
        ("malformed-body", ['🔔 Message (delayed by …): {"AlarmName": "cut off in the mid']),
    ],
)
def test_each_sample_event_arrives(slack: LoopbackSlack, stack: Deployed, name: str, texts: list[str]) -> None:
    stack.digest_from = 0
    assert stack.handle(in_lane(name)) == {"batchItemFailures": []}
    assert len(slack.texts()) == len(texts)
    for sent, expected in zip(slack.texts(), texts, strict=True):
        assert re.match(re.escape(expected).replace("…", ".+"), sent)


def in_lane(name: str) -> dict[str, Any]:
    """The sample event in a lane, published an hour ago: an alert that is 12 days old is parked."""
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    published = f'"Timestamp": "{an_hour_ago:%Y-%m-%dT%H:%M:%S.000Z}"'
    bodies = [one.get("body") or json.dumps(one["Sns"]) for one in sample(name)["Records"]]
    event = lane_event(*(re.sub(r'"Timestamp": *"[^"]*"', published, body) for body in bodies))
    for record in event["Records"]:
        record["attributes"]["SentTimestamp"] = str(round(an_hour_ago.timestamp() * 1000))
    return event


@pytest.mark.usefixtures("stack")
def test_the_handler_wires_itself_at_its_first_event(slack: LoopbackSlack) -> None:
    event = {"Records": [lane_record(ALARM) | {"receiptHandle": "unknown"}]}
    assert handler(event, FixedContext()) == {"batchItemFailures": []}
    assert len(slack.requests) == 1


def test_a_storm_in_one_lane_is_a_digest_and_an_alert_in_another_lane_is_posted_beside_it(
    slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        bodies = [
            sns_body(alarm_message(AlarmName=f"storm-{number}"), message_id=f"sns-{number}") for number in range(9)
        ]
        event = merged(lane_event(*bodies), lane_event(ALARM, lane="team", first=10))
        assert stack.handle(event) == {"batchItemFailures": []}
    assert min(text.splitlines()[0] for text in slack.texts()) == "🔴 9 ALARM"
    assert sorted(request.path.rpartition("/")[2] for request in slack.requests) == ["default", "team"]
    assert sorted(stack.hidden.deleted) == sorted(f"r{number}" for number in range(1, 11))


def test_a_lane_that_fails_beside_a_healthy_one_pauses_alone(
    slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        slack.refuse = {"bad": Answer(429, b"rate_limited", (("Retry-After", "60"),))}
        event = merged(lane_event("bad 1", "bad 2"), lane_event("good", lane="team", first=3))
        assert failed(stack.handle(event)) == ["m1", "m2"]
    assert stack.hidden.deleted == ["r3"]
    assert (60 <= stack.hidden.seconds["r1"] <= 75, stack.hidden.seconds["r2"]) == (True, 0)


def test_a_closed_destination_sends_its_alerts_to_the_lane_of_the_default_one(
    slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        slack.answers = [Answer(404, b"no_service")]
        assert failed(stack.handle(lane_event("a", "b", lane="team"))) == []
        assert [(one.body, one.group_id) for one in stack.sent()] == [("a", "default"), ("b", "default")]
        (told,) = stack.told()
    assert told["Body"] == "Destination team: refused (no_service); its alerts go to default"
    assert len(slack.requests) == 1


def test_an_unsubscribe_link_is_never_posted(slack: LoopbackSlack, stack: Deployed) -> None:
    for name in ("sns-alarm", "sqs-alarms", "eventbridge-in-sns", "plain-text"):
        stack.handle(in_lane(name))
    assert "Unsubscribe" not in str([request.message for request in slack.requests])


@pytest.mark.parametrize("body", ["", "not JSON", "{", "null", "[]", '"text"', "5", '{"a": NaN}', "[" * 100_000])
def test_a_body_that_is_no_json_object_arrives_as_text(slack: LoopbackSlack, stack: Deployed, body: str) -> None:
    assert stack.handle(lane_event(body)) == {"batchItemFailures": []}
    assert len(slack.requests) == 1


def test_an_event_without_records_posts_nothing_and_fails_nothing(slack: LoopbackSlack, stack: Deployed) -> None:
    assert stack.handle({"Records": []}) == {"batchItemFailures": []}
    assert slack.requests == []


@pytest.mark.parametrize("position", [1, 5, 10])
def test_one_record_without_a_body_among_nine_good_ones(slack: LoopbackSlack, stack: Deployed, position: int) -> None:
    records = [lane_record(None if number == position else f"alert {number}", number) for number in range(1, 11)]
    assert failed(stack.handle({"Records": records})) == [f"m{position}"]
    assert len(slack.requests) == 1
    assert len(stack.hidden.deleted) == 9


@pytest.mark.parametrize("position", [1, 5, 10])
def test_one_message_slack_refuses_among_nine_good_ones(slack: LoopbackSlack, stack: Deployed, position: int) -> None:
    slack.refuse = {f"alert {position}.": Answer(400, b"invalid_payload")}
    event = lane_event(*[f"alert {number}." for number in range(1, 11)])
    assert failed(stack.handle(event)) == []
    assert len(slack.requests) == 1 + 11  # a digest, then one by one, and one of them as plain text
    assert [message["Body"] for message in stack.parked()] == [f"alert {position}."]


def test_a_throttled_batch_is_one_request_and_stays_whole(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "60"),))]
    assert failed(stack.handle(lane_event("a", "b", "c"))) == ["m1", "m2", "m3"]
    assert len(slack.requests) == 1


@pytest.mark.parametrize("facts", [{"identity": "alarm 1"}, {}], ids=["by what intake parsed", "by its SNS id"])
def test_d1_an_alert_is_recognised_in_its_lane_whatever_its_sqs_id(
    slack: LoopbackSlack, stack: Deployed, facts: dict[str, Any]
) -> None:
    sns_ids = ("sns-1", "sns-2") if facts else ("sns-1", "sns-1")
    for number, sns_id in enumerate(sns_ids, start=1):
        stack.handle(lane_event(sns_body("x", message_id=sns_id), first=number, **facts))
    assert len(slack.requests) == 1


def test_d1_the_same_raw_words_twice_are_two_alerts(slack: LoopbackSlack, stack: Deployed) -> None:
    assert failed(stack.handle(lane_event("x", "x"))) == []
    assert len(slack.requests) == 2


def test_a_secret_in_an_alert_is_not_told_to_operations(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.answers = [Answer(404, b"no_service")]
    reason = f"see https://hooks.slack.com/services/T0001/B0001/{CANARY} with Bearer abcdefgh.{CANARY}"
    assert failed(stack.handle(lane_event(sns_body(alarm_message(NewStateReason=reason))))) == []
    (told,) = stack.told()
    assert "checkout-errors" in told["Body"]
    assert CANARY not in told["Body"]


@pytest.mark.parametrize(
    "answer",
    [
        OK,
        Answer(404, b"no_service"),
        Answer(400, f"invalid /services/T000/B000/{CANARY}".encode()),
        Answer(200, CANARY.encode()),
        Answer(302, b"", (("Location", f"http://127.0.0.1:1/{CANARY}"),)),
        Answer(429, CANARY.encode(), (("Retry-After", CANARY),)),
        Answer(500, CANARY.encode()),
    ],
    ids=lambda answer: f"{answer.status} {len(answer.body)} bytes",
)
def test_the_webhook_is_in_no_log_line_and_no_return_value(
    slack: LoopbackSlack,
    stack: Deployed,
    answer: Answer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    slack.answers = [answer] * 4
    assert CANARY not in everything_said(stack, caplog, capfd)


def test_the_webhook_is_in_no_log_line_when_nobody_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with deployed(monkeypatch, f"http://127.0.0.1:{closed_port()}/services/T000/B000/{CANARY}") as stack:
        assert CANARY not in everything_said(stack, caplog, capfd)


def test_the_webhook_is_in_no_log_line_when_an_answers_headers_are_broken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nthis line is no header\r\n\r\nok"
    with (
        raw_server(answer) as port,
        deployed(monkeypatch, f"http://127.0.0.1:{port}/services/T000/B000/{CANARY}") as stack,
    ):
        assert CANARY not in everything_said(stack, caplog, capfd)


def test_a_malformed_webhook_is_in_no_log_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with deployed(monkeypatch, f"http://hooks.slack.com/services/T000/B000/{CANARY}") as stack:
        assert CANARY not in everything_said(stack, caplog, capfd)


def everything_said(stack: Deployed, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    """One alarm through the handler, every logger at its most talkative: all that was logged, printed and returned."""
    caplog.set_level(logging.DEBUG)
    response = stack.handle(lane_event(ALARM))
    written = capfd.readouterr()
    said = [str(vars(line)) for line in caplog.records if line.name != "responses"]
    assert any("'record': 'm1'" in line for line in said)
    return "".join([*said, written.out, written.err, str(response)])
