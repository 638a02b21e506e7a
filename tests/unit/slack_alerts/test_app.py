"""The whole handler against a Slack on this machine."""

import json
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from slack_alerts import app
from slack_alerts.app import handler
from tests.support.handlers.aws_in_process import DOUBLES
from tests.support.handlers.failing_client import FailingClient, lost_answers
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import Deployed
from tests.support.samples.events import alarm_message, lane_event, lane_record, merged, sample, sns_body
from tests.support.slack.loopback import LoopbackSlack

ALARM = sns_body(alarm_message())
DONE: dict[str, list[object]] = {"batchItemFailures": []}
IN_EUROPE = "(123456789012, eu-west-1, delayed by "


def alarm(name: str, **changes: object) -> str:
    return sns_body(alarm_message(AlarmName=name, **changes), message_id=f"sns-{name}")


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
            ["🔔 Nightly backup: Backup of orders finished with 2 warnings &lt;see log&gt; &amp; 0 errors."],
        ),
        ("malformed-body", ['🔔 Message: {"AlarmName": "cut off in the mid']),
    ],
)
def test_each_sample_event_arrives(slack: LoopbackSlack, stack: Deployed, name: str, texts: list[str]) -> None:
    stack.digest_from = 0
    bodies = [one.get("body") or json.dumps(one["Sns"]) for one in sample(name)["Records"]]
    assert stack.handle(lane_event(*bodies, renewed_at=time.time())) == DONE  # published longer than 12 days ago
    assert "Unsubscribe" not in str([request.message for request in slack.requests])
    for sent, expected in zip(slack.texts(), texts, strict=True):
        assert re.match(re.escape(expected).replace("…", ".*"), sent)


def test_a_notice_to_operations_whose_answer_is_lost_is_published_again(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.answers = ["/404?body=no_service"] * 2
    topic = DOUBLES["sns"] = FailingClient(None, instead={"publish": lost_answers(1)})
    assert stack.handle(lane_event(ALARM)) == DONE
    assert (topic.calls["publish"], stack.sqs.deleted) == (2, ["r1"])


@pytest.mark.usefixtures("stack")
def test_the_handler_wires_itself_at_its_first_event(slack: LoopbackSlack) -> None:
    event = {"Records": [lane_record(ALARM) | {"receiptHandle": "unknown"}]}
    assert handler(event, FixedContext()) == DONE
    assert len(slack.requests) == 1


def test_a_storm_in_one_lane_is_a_digest_and_another_lane_pauses_alone(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.refuse = {"bad": "/429?ra=60"}
    storm = lane_event(*[alarm(f"storm-{number}") for number in range(8)])
    response = stack.handle(merged(storm, lane_event("bad 1", "bad 2", lane="team", first=9)))
    assert response == {"batchItemFailures": [{"itemIdentifier": "m9"}, {"itemIdentifier": "m10"}]}
    assert sorted(text.splitlines()[0] for text in slack.texts()) == ["🔔 Message: bad 1", "🔴 8 ALARM"]
    assert stack.sqs.deleted == [f"r{number}" for number in range(1, 9)]
    assert (60 <= stack.sqs.hidden["r9"] <= 75, stack.sqs.hidden["r10"]) == (True, 0)


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
    slack.answers = ["/404?body=no_service"]
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
    slack.refuse = {"refused": "/400?body=invalid_payload"}
    stack.handle(lane_event(ALARM, alarm("refused"), "a text has no time"))
    [latency] = values(capsys, "DeliveryLatency")
    assert latency == pytest.approx(time.time() - 1769860841.123, abs=60)
    stack.handle(lane_event(*map(alarm, "abc"), first=4))  # a digest
    assert len(values(capsys, "DeliveryLatency")) == 3


def test_pauses_and_a_long_retry_after_are_measured(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = ["/429?ra=3", "/429?ra=600"]
    stack.handle(lane_event("a", "b", "c"))
    lines = capsys.readouterr().out
    assert f'"SecondsWaited":[{stack.slept[0]}]' in lines
    assert (lines.count('"SecondsAsked":[600.0]'), lines.count('"Later":[1.0]')) == (1, 1)


def test_a_cold_start_loads_no_library_that_a_delivery_does_not_need() -> None:
    code = "import sys, slack_alerts.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - our own interpreter
    assert "urllib3.connection" in loaded
    assert not {"boto3", "charset_normalizer", "requests", "tenacity"} & set(loaded)
    assert not [name for name in loaded if name.startswith(("slack_alerts.pictures", "slack_alerts.slack.upload"))]


def test_without_the_parameter_there_are_no_pictures(stack: Deployed) -> None:
    assert stack.handle(lane_event("a")) == {"batchItemFailures": []}
    assert (app.wire().pictures, app.wire().delivery.want_picture) == (None, None)


def test_alerts_of_a_muted_lane_are_held_and_then_sent_to_their_destination(
    slack: LoopbackSlack, stack: Deployed
) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    mute = {"from": f"{ends - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}", "until": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    lane = f"default.muted-{ends.timestamp():.0f}-0"
    event = {"Records": [lane_record(ALARM, number, lane, sent_at=time.time()) for number in (1, 2)]}
    put_routes(json.dumps({"routes": [{"match": {}, "destination": "default", "mute": mute}]}))
    assert [one["itemIdentifier"] for one in stack.handle(event)["batchItemFailures"]] == ["m1", "m2"]
    assert (stack.sqs.hidden, [one.group_id for one in stack.sent()]) == ({"r1": 900, "r2": 0}, ["default"])
    put_routes('{"routes": []}')
    assert stack.handle(event) == DONE
    assert ([one.group_id for one in stack.sent()], slack.requests) == (["default"] * 4, [])


def put_routes(text: str) -> None:
    boto3.client("ssm").put_parameter(Name=os.environ["ROUTES_PARAMETER"], Value=text, Type="String", Overwrite=True)
