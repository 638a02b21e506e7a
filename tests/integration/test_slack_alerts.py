"""The whole handler against a Slack on this machine: sample events, several lanes, copies of an alert."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slack_alerts.app import handler
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.samples.events import alarm_message, lane_event, lane_record, merged, sample, sns_body
from tests.support.slack.loopback import Answer, LoopbackSlack

CANARY = "canaryT0kenThatNobodyMaySee"
ALARM = sns_body(alarm_message())


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
    assert "Unsubscribe" not in str([request.message for request in slack.requests])
    for sent, expected in zip(slack.texts(), texts, strict=True):
        assert re.match(re.escape(expected).replace("…", ".+"), sent)


def in_lane(name: str) -> dict[str, Any]:
    """Return the sample event in a lane, published an hour ago: an alert of 12 days would be parked."""
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


def test_a_failing_lane_pauses_and_another_is_delivered(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        slack.refuse = {"bad": Answer(429, b"rate_limited", (("Retry-After", "60"),))}
        event = merged(lane_event("bad 1", "bad 2"), lane_event("good", lane="team", first=3))
        assert failed(stack.handle(event)) == ["m1", "m2"]
    assert stack.hidden.deleted == ["r3"]
    assert (60 <= stack.hidden.seconds["r1"] <= 75, stack.hidden.seconds["r2"]) == (True, 0)


def test_the_alerts_of_a_closed_destination_go_to_the_default_lane(
    slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        slack.answers = [Answer(404, b"no_service")]
        assert failed(stack.handle(lane_event("a", "b", lane="team"))) == []
        assert [(one.body, one.group_id) for one in stack.sent()] == [("a", "default"), ("b", "default")]
        (message,) = stack.ops_messages()
    assert message["Body"] == "Destination team: refused (no_service); its alerts go to default"
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


def test_the_line_for_operations_has_no_secret_of_the_alert(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.answers = [Answer(404, b"no_service")]
    reason = f"see https://hooks.slack.com/services/T0001/B0001/{CANARY} with Bearer abcdefgh.{CANARY}"
    assert failed(stack.handle(lane_event(sns_body(alarm_message(NewStateReason=reason))))) == []
    (message,) = stack.ops_messages()
    assert "checkout-errors" in message["Body"]
    assert CANARY not in message["Body"]
