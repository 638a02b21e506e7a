"""The whole handler against a Slack on this machine."""

import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slack_alerts import app
from slack_alerts.app import handler
from tests.support.handlers.failing_client import FailingClient, lost_answers
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import Deployed
from tests.support.samples.events import alarm_message, lane_event, lane_record, merged, sample, sns_body
from tests.support.slack.loopback import Answer, LoopbackSlack

ALARM = sns_body(alarm_message())
DONE: dict[str, list[object]] = {"batchItemFailures": []}
IN_EUROPE = "(123456789012, eu-west-1, delayed by "


def alarm(name: str, **changes: object) -> str:
    return sns_body(alarm_message(AlarmName=name, **changes), message_id=f"sns-{name}")


def throttled(seconds: int) -> Answer:
    return Answer(429, b"rate_limited", (("Retry-After", str(seconds)),))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("sns-alarm", [f"🔴 ALARM checkout-errors: Errors 7 &gt; 5 for 2 min, checkout {IN_EUROPE}"]),
        (
            "sqs-alarms",
            [
                f"🔴 ALARM checkout-errors: …{IN_EUROPE}",
                f"🟢 OK checkout-errors: …{IN_EUROPE}",
                f"⚪ INSUFFICIENT_DATA queue-age: …{IN_EUROPE}",
            ],
        ),
        ("eventbridge-in-sns", [f"🔴 STOPPED web: OutOfMemory, exit 137 (cluster shop) {IN_EUROPE}"]),
        (
            "plain-text",
            ["🔔 Nightly backup: Backup of orders finished with 2 warnings &lt;see log&gt; &amp; 0…(delayed by "],
        ),
        ("malformed-body", ['🔔 Message: {"AlarmName": "cut off in the mid…(delayed by ']),
    ],
)
def test_each_sample_event_arrives(slack: LoopbackSlack, stack: Deployed, name: str, texts: list[str]) -> None:
    stack.digest_from = 0
    assert stack.handle(in_lane(name)) == DONE
    assert "Unsubscribe" not in str([request.message for request in slack.requests])
    for sent, expected in zip(slack.texts(), texts, strict=True):
        assert re.match(re.escape(expected).replace("…", ".*"), sent)


def test_a_notice_to_operations_whose_answer_is_lost_is_published_again(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.answers = [Answer(404, b"no_service")] * 2
    topic, steps = FailingClient(None, instead={"publish": lost_answers(1)}), app.wire()
    ops: Any = steps.delivery.notify_ops.__self__  # type: ignore[attr-defined] # a bound method
    notify_ops = replace(ops, topic=lambda: topic, policy=ops.policy.with_(sleep=lambda _: None)).publish
    changed = replace(steps, delivery=replace(steps.delivery, notify_ops=notify_ops))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "wire", lambda: changed)
        assert stack.handle(lane_event(ALARM)) == DONE
    assert (topic.calls["publish"], stack.hidden.deleted) == (2, ["r1"])


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
    assert handler(event, FixedContext()) == DONE
    assert len(slack.requests) == 1


def test_a_storm_in_one_lane_is_a_digest_and_another_lane_pauses_alone(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.refuse = {"bad": throttled(60)}
    storm = lane_event(*[alarm(f"storm-{number}") for number in range(8)])
    response = stack.handle(merged(storm, lane_event("bad 1", "bad 2", lane="team", first=9)))
    assert response == {"batchItemFailures": [{"itemIdentifier": "m9"}, {"itemIdentifier": "m10"}]}
    assert sorted(text.splitlines()[0] for text in slack.texts()) == ["🔔 Message: bad 1", "🔴 8 ALARM"]
    assert stack.hidden.deleted == [f"r{number}" for number in range(1, 9)]
    assert (60 <= stack.hidden.seconds["r9"] <= 75, stack.hidden.seconds["r10"]) == (True, 0)


def test_d1_raw_records_with_the_same_text_are_two_alerts_and_sns_ids_identify_one(
    slack: LoopbackSlack, stack: Deployed
) -> None:
    stack.handle(lane_event("x", "x"))
    assert len(slack.requests) == 2
    for number in (3, 4):
        stack.handle(lane_event(sns_body("x", message_id="sns-1"), first=number))
    assert len(slack.requests) == 3


@pytest.mark.parametrize("lane", ["team", "default"])
def test_the_line_for_operations_about_a_closed_destination_has_no_secret(
    slack: LoopbackSlack, stack: Deployed, lane: str
) -> None:
    slack.answers = [Answer(404, b"no_service")]
    reason = "see https://hooks.slack.com/services/T0001/B0001/canary with Bearer abcdefgh.canary"
    assert stack.handle(lane_event(alarm("a", NewStateReason=reason), lane=lane)) == DONE
    assert [one.group_id for one in stack.sent()] == ["default"] * (lane == "team")
    (message,) = stack.ops_messages()
    end = "; its alerts go to default" if lane == "team" else ". 🔴 ALARM a: see "
    assert message["Body"].startswith(f"Destination {lane}: refused (no_service){end}")
    assert "canary" not in message["Body"]


def values(capsys: pytest.CaptureFixture[str], name: str) -> list[float]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    return [line[name][0] for line in lines if name in line]


def test_latency_is_measured_for_delivered_alerts_with_a_time(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.refuse = {"refused": Answer(400, b"invalid_payload")}
    stack.handle(lane_event(ALARM, alarm("refused"), "a text has no time"))
    [latency] = values(capsys, "DeliveryLatency")
    assert latency == pytest.approx(time.time() - 1769860841.123, abs=60)
    stack.handle(lane_event(*map(alarm, "abc"), first=4))  # a digest
    assert len(values(capsys, "DeliveryLatency")) == 3


def test_pauses_and_a_long_retry_after_are_measured(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [throttled(3), throttled(600)]
    stack.handle(lane_event("a", "b", "c"))
    lines = capsys.readouterr().out
    assert f'"SecondsWaited":[{stack.slept[0]}]' in lines
    assert (lines.count('"SecondsAsked":[600.0]'), lines.count('"Later":[1.0]')) == (1, 1)


def test_a_cold_start_loads_no_library_that_a_delivery_does_not_need() -> None:
    code = "import sys, slack_alerts.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own interpreter
    assert "urllib3.connection" in loaded
    assert not {"boto3", "charset_normalizer", "requests", "tenacity"} & set(loaded)
