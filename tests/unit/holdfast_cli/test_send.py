import json

import boto3
import pytest

from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.send import complete, find, names, publish
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack
from tests.unit.holdfast_cli.command import Run


def test_a_sample_is_published_to_the_alerts_topic_as_of_now(session: boto3.Session) -> None:
    sns, sqs = session.client("sns"), session.client("sqs")
    topic, queue = sns.create_topic(Name="alerts")["TopicArn"], sqs.create_queue(QueueName="copy")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    account = account_with(Session({"us-east-1": CloudFormation({"holdfast": stack()})}))
    sns_id = publish(account, "holdfast", names()["alarm-metric.json"])
    envelope = json.loads(sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"])
    assert envelope["MessageId"] == sns_id
    sample = json.loads(names()["alarm-metric.json"].messages[0][1])
    sent = json.loads(envelope["Message"])
    assert sent["AlarmName"] == sample["AlarmName"]
    assert sent["StateChangeTime"] > sample["StateChangeTime"]


def test_an_unknown_sample_is_answered_with_the_nearest(run: Run) -> None:
    finished = run("send", "guardduty.json")
    assert (finished.code, finished.out) == (Exit.USAGE, "")
    assert "did you mean guardduty-" in finished.err


def test_a_sample_that_is_a_secret_is_not_shown() -> None:
    with pytest.raises(CommandFailed) as failed:
        find("xoxb-1-c4n4ry")
    assert "c4n4ry" not in failed.value.report


def test_the_shell_completes_samples() -> None:
    assert "alarm-metric.json" in set(complete("alarm-m"))
