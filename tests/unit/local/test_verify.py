import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from local.failures import CommandFailed
from local.function_log import FunctionLog, Line
from local.operations import listeners, ops_problem
from local.stack import Stack
from local.verify import Verification, marked_alarm
from moto import mock_aws

from aws_events.alarm import AlarmState, parse_alarm
from tests.unit.local.outputs import OUTPUTS

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

REGION = "us-east-1"
RECEIVES = 3

type Says = Callable[[str], list[dict[str, object]]]
"""An alert's SNS id -> what the log says of it so far."""


class Logs:
    """CloudWatch Logs and Lambda in one: a log that says what the test wants; each look reads it a line further."""

    def __init__(self, says: Says) -> None:
        self.says = says
        self.asked: list[dict[str, object]] = []

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, object]:  # noqa: N803
        return {"LoggingConfig": {"LogGroup": f"group-of-{FunctionName}"}}

    def get_paginator(self, name: str) -> "Logs":
        assert name == "filter_log_events"
        return self

    def paginate(self, **asked: object) -> Iterator[dict[str, Any]]:
        self.asked.append(asked)
        lines = self.says(str(asked["filterPattern"]).strip('"'))[: len(self.asked)]
        yield {"events": [{"message": "START RequestId: 1"}]}
        yield {"events": [{"message": json.dumps(line)} for line in lines]}


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack whose topic leads nowhere: each test says what the log says."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
        sqs.create_queue(QueueName="dead")
        redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:123456789012:dead", "maxReceiveCount": RECEIVES}
        queue = sqs.create_queue(QueueName="alerts", Attributes={"RedrivePolicy": json.dumps(redrive)})
        topics = {name: sns.create_topic(Name=name)["TopicArn"] for name in ("alerts", "ops")}
        sns.subscribe(TopicArn=topics["ops"], Protocol="email", Endpoint="ops@example.com")
        made = {
            "AlertsTopicArn": topics["alerts"],
            "OpsTopicArn": topics["ops"],
            "AlertsQueueUrl": queue["QueueUrl"],
        }
        yield Stack.from_outputs("holdfast", OUTPUTS | made)


def said(outcome: str, receive: int = 1, **facts: object) -> Says:
    """A log with one line about the alert."""
    return lambda sns_id: [line(sns_id, outcome, receive, **facts)]


def line(sns_id: str, outcome: str, receive: int = 1, **facts: object) -> dict[str, object]:
    return {"message": outcome, "sns_message_id": sns_id, "receive": receive, **facts}


def verify(stack: Stack, says: Says) -> str:
    sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
    logs = Logs(says)
    return Verification(sns, sqs, FunctionLog(logs, logs, "slack-alerts"), stack, sleep=lambda _: None).run()


def test_it_is_verified_once_the_log_says_delivered(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    told = verify(stack, said("delivered"))
    shown = capsys.readouterr().out
    assert told.startswith("delivered: Holdfast test alert ")
    assert told.removeprefix("delivered: ") in shown
    assert "email ops@example.com" in shown


def test_what_the_log_says_of_other_alerts_is_not_believed(stack: Stack) -> None:
    others: list[dict[str, object]] = [line("another", "delivered"), {"message": "delivered"}, {"sns_message_id": 1}]
    with pytest.raises(CommandFailed, match="nothing about it"):
        verify(stack, lambda _: others)


def test_what_is_for_later_is_told_and_waited_for(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(
        stack, lambda sns_id: [line(sns_id, "later", reason="throttled"), line(sns_id, "delivered", receive=2)]
    )
    assert "not yet: later: throttled, receive 1" in capsys.readouterr().out


def test_what_was_parked_is_a_failure_with_the_reason(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="parked: message_refused") as failed:
        verify(stack, said("parked", reason="message_refused", detail="invalid_blocks"))
    assert "(invalid_blocks), receive 1" in failed.value.what
    assert "group-of-slack-alerts" in failed.value.to_do


@pytest.mark.parametrize("reason", ["destination_refused", "secret_missing"])
def test_what_another_secret_mends_is_said_so(stack: Stack, reason: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        verify(stack, said("parked", reason=reason))
    assert "make secret STACK=holdfast" in failed.value.to_do


def test_the_last_receive_is_said_to_end_in_the_dead_letter_queue(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="dead-letter queue") as failed:
        verify(stack, said("later", RECEIVES, reason="unreachable"))
    assert "later: unreachable, receive 3; that was the last of 3" in failed.value.what


def test_what_never_arrives_is_a_failure_that_says_where_to_look(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="within 120 s, and group-of-slack-alerts has nothing") as failed:
        verify(stack, lambda _: [])
    assert "event source mapping" in failed.value.to_do


def test_what_is_still_on_its_way_is_a_failure_with_the_last_reason(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="not delivered within 120 s; last: later: throttled, receive 1"):
        verify(stack, said("later", reason="throttled"))


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
        def get_function_configuration(self, *, FunctionName: str) -> dict[str, object]:  # noqa: ARG002, N803
            return {}

    logs = Plain(said("delivered"))
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
