import json
from collections.abc import Callable, Iterator

import boto3
import pytest
from local.failures import CommandFailed
from local.stack import Stack
from local.verify import Verification, marked_alarm
from moto import mock_aws

from aws_events.alarm import AlarmState, parse_alarm

REGION = "us-east-1"


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack whose topic leads nowhere: each test says what the road does."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sqs = boto3.client("sqs", region_name=REGION)
        outputs = {
            "AlertsTopicArn": boto3.client("sns", region_name=REGION).create_topic(Name="alerts")["TopicArn"],
            "AlertsQueueUrl": sqs.create_queue(QueueName="alerts")["QueueUrl"],
            "AlertsDeadLetterQueueUrl": sqs.create_queue(QueueName="dead")["QueueUrl"],
            "DestinationsPath": "/holdfast/destinations",
            "DefaultDestination": "default",
            "SlackAlertsFunctionName": "slack-alerts",
        }
        yield Stack.from_outputs("holdfast", outputs)


def verify(stack: Stack, meanwhile: Callable[[float], None] = lambda _: None) -> str:
    """Verify it; `meanwhile` happens in each wait."""
    sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
    return Verification(sns, sqs, stack, sleep=meanwhile).run()


def put(url: str) -> None:
    boto3.client("sqs", region_name=REGION).send_message(QueueUrl=url, MessageBody="alert")


def test_an_alert_that_left_the_queue_is_told_without_claiming_what_slack_shows(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    said = verify(stack)
    name = capsys.readouterr().out.strip().removeprefix("published: ")
    assert name in said
    assert "cannot see your Slack" in said


def test_what_was_dead_before_does_not_count(stack: Stack) -> None:
    put(stack.dead_letter_queue_url)
    assert verify(stack)


def test_a_dead_letter_more_is_a_failure(stack: Stack) -> None:
    with pytest.raises(CommandFailed, match="grown from 0 to"):
        verify(stack, lambda _: put(stack.dead_letter_queue_url))


def test_what_stays_in_the_queue_is_a_failure_that_names_the_log(stack: Stack) -> None:
    put(stack.alerts_queue_url)
    with pytest.raises(CommandFailed, match="still in the queue") as failed:
        verify(stack)
    assert "-n slack-alerts" in failed.value.to_do


def test_the_test_alert_is_an_alarm_that_says_what_it_is() -> None:
    text = marked_alarm("Holdfast test alert 123", "arn:aws:sns:eu-west-1:111122223333:alerts")
    alarm = parse_alarm(text)
    assert (alarm.name, alarm.state, alarm.account) == ("Holdfast test alert 123", AlarmState.OK, "111122223333")
    assert alarm.changed_at is not None
    assert "Nothing has happened" in json.loads(text)["AlarmDescription"]


def test_an_output_that_is_missing_is_named() -> None:
    with pytest.raises(CommandFailed, match="AlertsTopicArn"):
        Stack.from_outputs("other", {"Bucket": "b"})
