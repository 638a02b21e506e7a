"""Invoked by SNS itself, without a queue before it: what cannot be delivered at once goes on by the queue."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from record_batch.batch import Undelivered
from tests.support.events import alarm_message, sns_event, sqs_event
from tests.support.handler import PATH, Deployed, deployed
from tests.support.loopback_slack import Answer, LoopbackSlack

EVENT = sns_event(alarm_message())
DONE: dict[str, list[Any]] = {"batchItemFailures": []}


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def stack(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with deployed(monkeypatch, slack.webhook()) as stack:
        yield stack


def url() -> str:
    return boto3.client("sqs").get_queue_url(QueueName="alerts")["QueueUrl"]


def queued(state: str) -> int:
    name: Any = f"ApproximateNumberOfMessages{state}"
    return int(boto3.client("sqs").get_queue_attributes(QueueUrl=url(), AttributeNames=[name])["Attributes"][name])


def test_an_alert_is_delivered_without_the_queue(slack: LoopbackSlack, stack: Deployed) -> None:
    assert stack.handle(EVENT) == DONE
    assert len(slack.requests) == 1
    assert queued("") == queued("Delayed") == 0


def test_what_slack_does_not_take_now_is_held_back_in_the_queue(slack: LoopbackSlack, stack: Deployed) -> None:
    slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "600"),))]
    assert stack.handle(EVENT) == DONE
    assert (queued(""), queued("Delayed")) == (0, 1)


def test_what_comes_back_by_the_queue_is_the_same_alert(
    slack: LoopbackSlack, stack: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack.hidden, "send_message", handed_on := HandedOn())
    slack.answers = [Answer(500, b"rollup_error")] * 4
    assert stack.handle(EVENT) == DONE
    boto3.client("dynamodb").delete_table(TableName="deliveries")  # and with it the circuit, which is open
    [body] = handed_on.bodies
    assert stack.handle(sqs_event(body)) == DONE
    assert stack.handle(sqs_event(body)) == DONE  # posted by now
    assert len(slack.requests) == 4 + 1
    assert "Unsubscribe" not in str(slack.requests[-1].message)


def test_where_the_queue_is_gone_the_invocation_fails(slack: LoopbackSlack, stack: Deployed) -> None:
    boto3.client("ssm").delete_parameter(Name=f"{PATH}/default")
    boto3.client("sqs").delete_queue(QueueUrl=url())
    with pytest.raises(Undelivered):
        stack.handle(EVENT)
    assert slack.requests == []


class HandedOn:
    def __init__(self) -> None:
        self.bodies: list[str] = []

    def __call__(self, *, MessageBody: str, **_: object) -> object:  # noqa: N803
        self.bodies.append(MessageBody)
        return {}
