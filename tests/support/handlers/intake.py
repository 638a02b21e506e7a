"""The whole intake handler against AWS in process: moto's SSM, SQS and DynamoDB."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import boto3
import pytest

from aws_events.alarm_action import read_invocation
from intake import app
from record_batch.batch import run_batch
from record_batch.batch_response import BatchResponse
from tests.support.handlers.aws_in_process import DOUBLES, Queues, aws_in_process, wired
from tests.support.handlers.failing_client import RecordingSqs
from tests.support.handlers.lambda_context import FixedContext
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import environment
from tests.support.steps.rewired import rewired

ROUTES = "/holdfast/routes"


@dataclass
class Intake:
    """The handler with its queues."""

    queues: Queues = field(default_factory=lambda: Queues(("alerts", "parking", "lanes.fifo")))
    sqs: RecordingSqs = field(default_factory=lambda: RecordingSqs(boto3.client("sqs")))
    passed: float = 0.0
    """Seconds by which the wall clock is ahead."""

    def __post_init__(self) -> None:
        DOUBLES["sqs"] = self.sqs

    def steps(self) -> app.Steps:
        """Return the wired steps on this clock; pauses are not slept."""
        return rewired(app.wire(), (time.time, lambda: time.time() + self.passed), (time.sleep, lambda _: None))

    def handle(self, event: object) -> BatchResponse:
        steps, context = self.steps(), FixedContext(20.0)
        read = partial(read_invocation, request_id=context.aws_request_id)
        return run_batch(event, context, partial(app.send_to_lanes, steps), steps.resources, read=read)

    def queued(self, queue: str) -> list[dict[str, Any]]:
        """Return body, lane and facts of the messages of a queue."""
        answer = boto3.client("sqs").receive_message(
            QueueUrl=self.queues.urls[queue],
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
def intake_handler(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Iterator[Intake]:
    """Make queues and table like the template, without a routes document; direct alarms are off."""
    with aws_in_process(), wired(monkeypatch, app.wire, environment("Intake") | variables):
        create_table(boto3.client("dynamodb"))
        yield Intake()
