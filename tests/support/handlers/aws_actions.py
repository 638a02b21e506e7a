"""The function aws_actions among queues, topics, a table and a role of moto's."""

import json
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
from tests.support.handlers.aws_in_process import Queues, aws_in_process, wired
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import RecordingSqs
from tests.support.steps import tables

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:actions"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:actions"
RULES = "/holdfast/action-rules"
PUBLISHED = datetime(2026, 1, 31, 12, 0, 41, 200_000, tzinfo=UTC)
"""When the sample events were published."""
QUEUES = {"actions": "ACTIONS_QUEUE_URL", "parking": "PARKING_QUEUE_URL"}
SETTINGS = {
    "CALL_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/calls",
    "RULES_PARAMETER": RULES,
    "ACTIONS_QUEUE_ARN": QUEUE,
    "ALLOWED_TOPIC_ARNS": TOPIC,
    "DELIVERIES_TABLE": tables.NAME,
    "CALL_TIMEOUT_SECONDS": "10",
    "RESERVE_SECONDS": "5",
    "LEASE_SECONDS": "90",
    "FIRST_DELAY_SECONDS": "30",
    "DELAY_CAP_SECONDS": "900",
}


@dataclass
class ActionsStack:
    """The services around the function; `now` is the wall clock."""

    queues: Queues
    now: datetime = PUBLISHED
    hidden: RecordingSqs = field(default_factory=RecordingSqs)

    def handle(self, event: object) -> BatchResponse:
        """Run the handler; pauses are not slept."""
        steps = app.wire()
        actions = replace(
            steps.calling.actions,
            read=steps.calling.actions.read.with_(sleep=lambda _: None),
            write=steps.calling.actions.write.with_(sleep=lambda _: None),
        )
        claims = replace(steps.calling.claims, clock=self.now.timestamp)
        calling = replace(steps.calling, actions=actions, claims=claims, now=lambda: self.now)
        redelivery = replace(steps.resources.redelivery, queue=self.hidden)
        steps = replace(steps, calling=calling, resources=replace(steps.resources, redelivery=redelivery))
        return run_batch(event, FixedContext(60), partial(app.act, steps), steps.resources)

    def parked(self) -> list[tuple[str, str]]:
        """Return the reason and the detail of each parked record."""
        return [(one["reason"], one["detail"]) for one in self.queues.facts("parking")]

    def published(self) -> list[str]:
        """Return the outcomes published to AlertsTopic."""
        return self.queues.bodies("slack")


@contextmanager
def actions_stack(monkeypatch: pytest.MonkeyPatch, allowed: str, **settings: str) -> Iterator[ActionsStack]:
    with aws_in_process():
        queues = Queues(("actions", "parking", "slack"))
        alerts = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
        boto3.client("sns").subscribe(
            TopicArn=alerts,
            Protocol="sqs",
            Endpoint=f"arn:aws:sqs:eu-west-1:{ACCOUNT}:slack",
            Attributes={"RawMessageDelivery": "true"},
        )
        tables.create(boto3.client("dynamodb"))
        own = {"ALLOWED_ACTIONS": allowed, "ALERTS_TOPIC_ARN": alerts} | settings
        with wired(monkeypatch, app.wire, queues.variables(QUEUES) | SETTINGS | own):
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
