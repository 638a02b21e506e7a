import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from aws_events.alarm import AlarmState
from aws_events.alarm_parsing import parse_alarm
from holdfast_cli.failures import CommandFailed
from holdfast_cli.function_log import FunctionLog, Line
from holdfast_cli.operations import listeners, ops_problem
from holdfast_cli.stack import Stack
from holdfast_cli.verify import Stage, Verification, marked_alarm
from tests.unit.holdfast_cli.outputs import OUTPUTS

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

REGION = "us-east-1"
RECEIVES, LANE_RECEIVES = 3, 4

type Says = Callable[[str], list[dict[str, object]]]
"""An alert's SNS id -> the lines about it that its log has so far."""


class Logs:
    """CloudWatch Logs and Lambda in one: each look at a function's log reads one line further."""

    def __init__(self, says: Mapping[str, Says]) -> None:
        self.says = says
        """By function."""
        self.asked: list[dict[str, object]] = []

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, object]:
        return {"LoggingConfig": {"LogGroup": f"group-of-{FunctionName}"}}

    def get_paginator(self, name: str) -> "Logs":
        assert name == "filter_log_events"
        return self

    def paginate(self, **asked: object) -> Iterator[dict[str, Any]]:
        self.asked.append(asked)
        group = str(asked["logGroupName"])
        looks = sum(one["logGroupName"] == group for one in self.asked)
        says = next(one for function, one in self.says.items() if group.endswith(function))
        yield {"events": [{"message": "START RequestId: 1"}]}
        sns_id = str(asked["filterPattern"]).strip('"')
        yield {"events": [{"message": json.dumps(line)} for line in says(sns_id)[:looks]]}


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack whose topic has no subscriber: each test sets the lines of the logs."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sns = boto3.client("sns", region_name=REGION)
        topics = {name: sns.create_topic(Name=name)["TopicArn"] for name in ("alerts", "ops")}
        sns.subscribe(TopicArn=topics["ops"], Protocol="email", Endpoint="ops@example.com")
        made = {
            "AlertsTopicArn": topics["alerts"],
            "OpsTopicArn": topics["ops"],
            "AlertsQueueUrl": create_queue("alerts", RECEIVES),
            "LanesQueueUrl": create_queue("lanes.fifo", LANE_RECEIVES),
        }
        yield Stack.from_outputs("holdfast", OUTPUTS | made)


def create_queue(name: str, receives: int) -> str:
    sqs: Any = boto3.client("sqs", region_name=REGION)
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    sqs.create_queue(QueueName=f"dead-{name}", Attributes=fifo)
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:123456789012:dead-{name}", "maxReceiveCount": receives}
    return str(sqs.create_queue(QueueName=name, Attributes=fifo | {"RedrivePolicy": json.dumps(redrive)})["QueueUrl"])


def said(outcome: str, receive: int = 1, **facts: object) -> Says:
    """Return a log with one line about the alert."""
    return lambda sns_id: [line(sns_id, outcome, receive, **facts)]


def line(sns_id: str, outcome: str, receive: int = 1, **facts: object) -> dict[str, object]:
    return {"message": outcome, "sns_message_id": sns_id, "receive": receive, **facts}


MOVED = said("moved", lane="default")


def verify(stack: Stack, slack_alerts: Says, intake: Says = MOVED) -> str:
    sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
    logs = Logs({"intake": intake, "slack-alerts": slack_alerts})
    stages = (
        Stage("intake", FunctionLog(logs, logs, "intake"), stack.alerts_queue_url),
        Stage("slack_alerts", FunctionLog(logs, logs, "slack-alerts"), stack.lanes_queue_url),
    )
    return Verification(sns, sqs, stages, stack, sleep=lambda _: None).run()


def nothing(_: str) -> list[dict[str, object]]:
    return []


def test_it_is_verified_once_slack_alerts_has_delivered_it(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    told = verify(stack, said("delivered"))
    shown = capsys.readouterr().out
    assert told.startswith("delivered: Holdfast test alert ")
    assert told.removeprefix("delivered: ") in shown
    assert "email ops@example.com" in shown
    assert "not yet: intake: moved to lane default, receive 1" in shown


def test_that_intake_has_moved_it_is_not_its_delivery(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="within 120 s; intake moved it to lane default") as failed:
        verify(stack, nothing)
    assert "group-of-slack-alerts has no line about it" in failed.value.what
    assert "event source mapping" in failed.value.to_do
    assert "slack_alerts" in failed.value.to_do


def test_lines_about_other_alerts_are_not_believed(stack: Stack) -> None:
    others: list[dict[str, object]] = [line("another", "delivered"), {"message": "delivered"}, {"sns_message_id": 1}]
    with pytest.raises(CommandFailed, match="no line about it"):
        verify(stack, lambda _: others)


def test_a_later_outcome_is_shown_and_waited_for(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(
        stack, lambda sns_id: [line(sns_id, "later", reason="throttled"), line(sns_id, "delivered", receive=2)]
    )
    assert "not yet: slack_alerts: later: throttled, receive 1" in capsys.readouterr().out


def test_a_move_to_the_default_lane_is_shown_and_waited_for(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(stack, lambda sns_id: [line(sns_id, "moved", lane="ops"), line(sns_id, "delivered")])
    assert "not yet: slack_alerts: moved to lane ops, receive 1" in capsys.readouterr().out


def test_a_parked_alert_is_a_failure_with_the_reason(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="parked: message_refused") as failed:
        verify(stack, said("parked", reason="message_refused", detail="invalid_blocks"))
    assert "(invalid_blocks), receive 1 (slack_alerts)" in failed.value.what
    assert "group-of-slack-alerts" in failed.value.to_do


def test_an_alert_that_intake_parks_is_a_failure_too(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match=r"parked: unexpected_source .*\(intake\)") as failed:
        verify(stack, nothing, said("parked", reason="unexpected_source", detail="topic"))
    assert "AllowedTopicArns" in failed.value.to_do


@pytest.mark.parametrize("reason", ["destination_refused", "secret_missing"])
def test_a_fault_of_the_secret_is_mended_by_another_one(stack: Stack, reason: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        verify(stack, said("parked", reason=reason))
    assert "make secret STACK=holdfast" in failed.value.to_do


def test_the_last_receive_of_intake_ends_in_the_dead_letter_queue(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="dead-letter queue") as failed:
        verify(stack, nothing, said("later", RECEIVES, reason="not_sent"))
    assert "intake: later: not_sent, receive 3; that was the last of 3" in failed.value.what


def test_the_last_receive_of_a_lane_ends_in_the_dead_letter_queue(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="that was the last of 4"):
        verify(stack, said("later", LANE_RECEIVES, reason="unreachable"))


def test_an_alert_that_never_arrives_is_a_failure_that_says_where_to_look(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="within 120 s, and group-of-intake has no line") as failed:
        verify(stack, nothing, nothing)
    assert "event source mapping" in failed.value.to_do
    assert "subscriber" in failed.value.to_do


def test_an_alert_that_still_waits_is_a_failure_with_the_last_reason(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="within 120 s; last: slack_alerts: later: throttled, receive 1"):
        verify(stack, said("later", reason="throttled"))
    with pytest.raises(CommandFailed, match="within 120 s; last: intake: later: not_sent, receive 1"):
        verify(stack, nothing, said("later", reason="not_sent"))


def subscribed(*arns: str) -> "SNSClient":
    """A topic with an e-mail subscription for each ARN that SNS lists."""

    class Sns:
        def get_paginator(self, _name: str) -> "Sns":
            return self

        def paginate(self, **_topic: str) -> Iterator[dict[str, Any]]:
            for number, arn in enumerate(arns):
                one = {"SubscriptionArn": arn, "Protocol": "email", "Endpoint": f"ops{number}@example.com"}
                yield {"Subscriptions": [one]}

    sns: Any = Sns()
    checked: SNSClient = sns
    return checked


@pytest.mark.parametrize("arn", ["PendingConfirmation", "pending confirmation", "Deleted"])
def test_who_has_not_confirmed_hears_nothing(arn: str) -> None:
    confirmed, pending = listeners(subscribed(arn), "arn:topic")
    what, to_do = ops_problem(confirmed, pending, "arn:topic")
    assert (confirmed, pending) == ([], ["email ops0@example.com"])
    assert "ops0@example.com has not confirmed" in what
    assert "link in the mail" in to_do


def test_one_who_has_confirmed_is_enough() -> None:
    confirmed, pending = listeners(subscribed("PendingConfirmation", "arn:aws:sns:1"), "arn:topic")
    assert ops_problem(confirmed, pending, "arn:topic") == ("", "")


def test_a_road_that_delivers_fails_all_the_same_while_nobody_is_told(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    sns = boto3.client("sns", region_name=REGION)
    for one in sns.list_subscriptions_by_topic(TopicArn=stack.ops_topic_arn)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    with pytest.raises(CommandFailed, match="has no subscription") as failed:
        verify(stack, said("delivered"))
    assert failed.value.what.startswith("delivered: Holdfast test alert")
    assert stack.ops_topic_arn in failed.value.to_do
    assert "nobody" in capsys.readouterr().out


def test_a_url_that_is_told_is_shown_by_its_host_alone(stack: Stack) -> None:
    sns = boto3.client("sns", region_name=REGION)
    sns.subscribe(TopicArn=stack.ops_topic_arn, Protocol="https", Endpoint="https://pager.example.com/c4n4ry")
    confirmed, pending = listeners(sns, stack.ops_topic_arn)
    assert "https pager.example.com" in confirmed + pending
    assert "c4n4ry" not in str(confirmed + pending)


def test_a_function_without_a_group_of_its_own_writes_where_lambda_always_did() -> None:
    class Plain(Logs):
        def get_function_configuration(self, *, FunctionName: str) -> dict[str, object]:  # noqa: ARG002
            return {}

    logs = Plain({"slack-alerts": said("delivered")})
    log = FunctionLog(logs, logs, "slack-alerts")
    assert log.group == "/aws/lambda/slack-alerts"
    assert log.about("sns-1", 1000.0) == [Line("delivered", 1)]
    assert logs.asked[0]["startTime"] == 940_000


def test_the_test_alert_is_an_alarm_that_says_what_it_is() -> None:
    text = marked_alarm("Holdfast test alert 123", "arn:aws:sns:eu-west-1:111122223333:alerts")
    alarm = parse_alarm(text)
    assert (alarm.name, alarm.state, alarm.account) == ("Holdfast test alert 123", AlarmState.OK, "111122223333")
    assert alarm.changed_at is not None
    assert "Nothing has happened" in json.loads(text)["AlarmDescription"]


def test_an_output_that_is_missing_is_named() -> None:
    with pytest.raises(CommandFailed, match="AlertsTopicArn"):
        Stack.from_outputs("other", {"Bucket": "b"})
