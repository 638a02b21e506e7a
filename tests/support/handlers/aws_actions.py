"""The whole aws_actions handler against AWS in process: its queues, its table, its two topics, its role."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws

from aws_actions import app
from record_batch.batch import BatchResponse, run_batch
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import Hidden

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:actions"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:actions"
RULES = "/holdfast/action-rules"
SENT = datetime(2026, 1, 31, 12, 0, 41, 200_000, tzinfo=UTC)
"""When the sample events were published."""


@dataclass
class Running:
    """What stands around the handler; `now` is the wall's time."""

    parking_url: str
    slack_url: str
    now: datetime = SENT
    hidden: Hidden = field(default_factory=Hidden)
    slept: list[float] = field(default_factory=list)

    def handle(self, event: object) -> BatchResponse:
        """The handler's own words; pauses are noted and not slept."""
        steps = app.wire()
        actions = replace(
            steps.calling.actions,
            read=steps.calling.actions.read.with_(sleep=self.slept.append),
            write=steps.calling.actions.write.with_(sleep=self.slept.append),
        )
        claims = replace(steps.calling.claims, clock=self.now.timestamp)
        calling = replace(steps.calling, actions=actions, claims=claims, now=lambda: self.now)
        resources = replace(steps.resources, redelivery=replace(steps.resources.redelivery, queue=self.hidden))
        steps = replace(steps, calling=calling, resources=resources)
        return run_batch(event, FixedContext(60), partial(app.act, steps), resources)

    def client(self, service: str) -> Any:  # noqa: ANN401 - each service has its own type
        """Of the AWS around it."""
        make: Any = boto3.client
        return make(service)

    def parked(self) -> list[tuple[str, str]]:
        """(reason, detail) of each record that was parked."""
        found = [json.loads(one["MessageAttributes"]["holdfast"]["StringValue"]) for one in messages(self.parking_url)]
        return [(one["reason"], one["detail"]) for one in found]

    def told(self) -> list[str]:
        """What Slack will be told, by way of AlertsTopic."""
        return [one["Body"] for one in messages(self.slack_url)]


@contextmanager
def running(monkeypatch: pytest.MonkeyPatch, allowed: str, **settings: str) -> Iterator[Running]:
    """Settings, queues, topics, table and role, as the template leaves them."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sqs, sns = boto3.client("sqs"), boto3.client("sns")
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("actions", "parking", "slack")}
        alerts = sns.create_topic(Name="alerts")["TopicArn"]
        arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:slack"
        sns.subscribe(TopicArn=alerts, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
        boto3.client("dynamodb").create_table(
            TableName="deliveries",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        environment = variables(urls, alerts) | {"ALLOWED_ACTIONS": allowed} | settings
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Running(urls["parking"], urls["slack"])
        finally:
            app.wire.cache_clear()


def variables(urls: dict[str, str], alerts: str) -> dict[str, str]:
    return {
        "CALL_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/calls",
        "RULES_PARAMETER": RULES,
        "ACTIONS_QUEUE_URL": urls["actions"],
        "ACTIONS_QUEUE_ARN": QUEUE,
        "ALLOWED_TOPIC_ARNS": TOPIC,
        "ALERTS_TOPIC_ARN": alerts,
        "PARKING_QUEUE_URL": urls["parking"],
        "DELIVERIES_TABLE": "deliveries",
        "CALL_TIMEOUT_SECONDS": "10",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "90",
        "FIRST_DELAY_SECONDS": "30",
        "DELAY_CAP_SECONDS": "900",
    }


def asked(*requests: dict[str, Any], receive_count: int = 1) -> dict[str, Any]:
    """An SQS event with an SNS envelope for each request, published at SENT."""
    return {"Records": [envelope(json.dumps(one), number, receive_count) for number, one in enumerate(requests, 1)]}


def envelope(message: str, number: int = 1, receive_count: int = 1, topic: str = TOPIC) -> dict[str, Any]:
    body = {
        "Type": "Notification",
        "MessageId": f"sns-{number}",
        "TopicArn": topic,
        "Message": message,
        "Timestamp": SENT.isoformat(),
    }
    return {
        "messageId": f"m{number}",
        "receiptHandle": f"r{number}",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(receive_count), "SentTimestamp": "1769860841300"},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE,
    }


def messages(url: str) -> list[dict[str, Any]]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
    )
    found: list[dict[str, Any]] = json.loads(json.dumps(answer.get("Messages", []), default=str))
    return found
