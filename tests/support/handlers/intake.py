"""The whole intake handler against AWS in process: moto's SSM, SQS and DynamoDB."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import boto3
import pytest

from aws_events.alarm_action import read_invocation
from intake import app
from intake.crashes import Crashes
from record_batch.batch import run_batch
from record_batch.batch_response import BatchResponse
from tests.support.handlers.aws_in_process import aws_in_process
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import FailingSqs, RecordingSqs
from tests.support.samples.events import QUEUE_ARN, TEST_ALARM_ARN, TOPIC_ARN
from tests.support.steps.tables import NAME, create

ROUTES = "/holdfast/routes"


@dataclass
class Intake:
    """The handler with its queues."""

    urls: dict[str, str]
    hidden: RecordingSqs = field(default_factory=RecordingSqs)
    lanes_error: Exception | None = None
    """The error of LanesQueue for every call."""
    passed: float = 0.0
    """Seconds by which the clock of leases is ahead."""

    def crashes(self) -> Crashes:
        """Return the counting of crashes, on this clock."""
        claims = app.wire().crashes.claims
        return Crashes(replace(claims, clock=lambda: time.time() + self.passed))

    def handle(self, event: object) -> BatchResponse:
        """Run the handler; pauses are not slept."""
        steps = app.wire()
        lanes = replace(steps.lanes, policy=steps.lanes.policy.with_(sleep=lambda _: None))
        if self.lanes_error is not None:
            lanes = replace(lanes, sqs=FailingSqs(self.lanes_error))
        resources = replace(steps.resources, redelivery=replace(steps.resources.redelivery, queue=self.hidden))
        steps = replace(steps, lanes=lanes, crashes=self.crashes(), resources=resources)
        context = FixedContext(20.0)
        read = partial(read_invocation, request_id=context.aws_request_id)
        return run_batch(event, context, partial(app.send_to_lanes, steps), steps.resources, read=read)

    def queued(self, queue: str) -> list[dict[str, Any]]:
        """Return body, lane and facts of the messages of a queue."""
        answer = boto3.client("sqs").receive_message(
            QueueUrl=self.urls[queue],
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
            VisibilityTimeout=0,
        )
        return [_shown(one) for one in answer.get("Messages", [])]


def _shown(message: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's own
    ours = message.get("MessageAttributes", {}).get("holdfast", {}).get("StringValue", "{}")
    lane = message["Attributes"].get("MessageGroupId", "")
    return {"body": message["Body"], "lane": lane, **json.loads(ours)}


@contextmanager
def intake_handler(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Iterator[Intake]:
    """Make settings, queues and table like the template, without a routes document; direct alarms are off."""
    with aws_in_process():
        sqs = boto3.client("sqs")
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "parking")}
        urls["lanes"] = sqs.create_queue(QueueName="lanes.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        create(boto3.client("dynamodb"))
        for name, value in (variables(urls) | environment).items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Intake(urls)
        finally:
            app.wire.cache_clear()


def variables(urls: dict[str, str]) -> dict[str, str]:
    return {
        "DEFAULT_DESTINATION": "default",
        "ROUTES_PARAMETER": ROUTES,
        "ALERTS_QUEUE_URL": urls["alerts"],
        "ALERTS_QUEUE_ARN": QUEUE_ARN,
        "ALLOWED_TOPIC_ARNS": TOPIC_ARN,
        "LANES_QUEUE_URL": urls["lanes"],
        "PARKING_QUEUE_URL": urls["parking"],
        "DELIVERIES_TABLE": NAME,
        "TEST_ALARM_ARN": TEST_ALARM_ARN,
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "90",
        "FIRST_DELAY_SECONDS": "10",
        "DELAY_CAP_SECONDS": "900",
    }
