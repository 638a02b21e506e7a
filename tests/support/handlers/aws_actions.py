"""The function aws_actions among queues, topics, a table and a role of moto's."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import boto3
import pytest

from aws_actions import app
from record_batch.batch import run_batch
from record_batch.batch_response import BatchResponse
from tests.support.handlers.aws_in_process import DOUBLES, Queues, aws_in_process, wired
from tests.support.handlers.failing_client import RecordingSqs
from tests.support.handlers.lambda_context import FixedContext
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import ACCOUNT, REFERENCES, environment
from tests.support.steps.rewired import rewired

QUEUE, TOPIC = REFERENCES["ActionsQueue.Arn"], REFERENCES["ActionsTopic"]
RULES = "/holdfast/action-rules"
PUBLISHED = datetime(2026, 1, 31, 12, 0, 41, 200_000, tzinfo=UTC)
"""When the sample events were published."""


@dataclass
class ActionsStack:
    """The services around the function; `now` is the wall clock."""

    queues: Queues
    now: datetime = PUBLISHED
    sqs: RecordingSqs = field(default_factory=lambda: RecordingSqs(boto3.client("sqs")))

    def __post_init__(self) -> None:
        DOUBLES["sqs"] = self.sqs

    def handle(self, event: object) -> BatchResponse:
        """Run the handler; pauses are not slept."""
        steps = rewired(app.wire(), (time.time, self.now.timestamp), (time.sleep, lambda _: None))
        steps = replace(steps, calling=replace(steps.calling, now=lambda: self.now))
        return run_batch(event, FixedContext(60), partial(app.act, steps), steps.resources)

    def parked(self) -> list[tuple[str, str]]:
        """Return the reason and the detail of each parked record."""
        return [(one["reason"], one["detail"]) for one in self.queues.facts("parking")]

    def published(self) -> list[str]:
        return self.queues.bodies("slack")


@contextmanager
def actions_stack(monkeypatch: pytest.MonkeyPatch, allowed: str) -> Iterator[ActionsStack]:
    with aws_in_process():
        queues = Queues(("actions", "parking", "slack"))
        sns = boto3.client("sns")
        topic = sns.create_topic(Name="alerts")["TopicArn"]
        queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:slack"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
        create_table(boto3.client("dynamodb"))
        with wired(monkeypatch, app.wire, environment("Actions") | {"ALLOWED_ACTIONS": allowed}):
            yield ActionsStack(queues)


def event_of(*requests: dict[str, Any]) -> dict[str, Any]:
    """Return an SQS event with an SNS envelope for each request."""
    return {"Records": [envelope(json.dumps(one), number) for number, one in enumerate(requests, 1)]}


def envelope(message: str, number: int = 1, topic: str = TOPIC) -> dict[str, Any]:
    body = {
        "Type": "Notification",
        "MessageId": f"sns-{number}",
        "TopicArn": topic,
        "Message": message,
        "Timestamp": PUBLISHED.isoformat(),
    }
    return {
        "messageId": f"m{number}",
        "receiptHandle": f"r{number}",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1769860841300"},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE,
    }
