"""The whole slack_alerts handler: SSM, SQS, SNS and DynamoDB by moto in this process, Slack on this machine."""

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import boto3
import pytest

from record_batch.batch_response import BatchResponse
from record_batch.lanes import run_lanes
from retry_policies.backoff import Uniform
from retry_policies.deadline import Deadline
from slack_alerts import app
from slack_alerts.models import Post
from slack_alerts.slack.http import SlackHttp
from tests.support.handlers.aws_in_process import DOUBLES, REGION, Queues, aws_in_process, wired
from tests.support.handlers.failing_client import FailingClient, RecordingSqs
from tests.support.handlers.lambda_context import FixedContext
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import ACCOUNT, environment
from tests.support.steps.rewired import rewired
from tests.support.steps.tables import NAME
from tests.support.text.leaks import Recorded, RecordedSteps, recording

LEAST_POST_TIME = 0.5
"""Seconds that a post needs here: a slow answer of the fault server is cut off soon."""
PATH = "/holdfast/destinations"


@dataclass
class Deployed:
    """The handler with its queues."""

    queues: Queues = field(default_factory=lambda: Queues(("lanes.fifo", "parking", "ops")))
    sqs: RecordingSqs = field(default_factory=lambda: RecordingSqs(boto3.client("sqs")))
    ssm: FailingClient = field(default_factory=lambda: FailingClient(boto3.client("ssm")))
    table: FailingClient = field(default_factory=lambda: FailingClient(boto3.client("dynamodb")))
    slept: list[float] = field(default_factory=list)
    """Pauses between attempts, which are recorded and not slept."""
    passed: float = 0.0
    """Seconds by which the wall clock is ahead."""
    uptime: float = 0.0
    """Seconds by which the monotonic clock is ahead, except that of deadlines."""
    ca_file: str | None = None
    digest_from: int = 3
    uniform: Uniform = random.uniform
    """The jitter."""
    recorded: Recorded = field(default_factory=Recorded, repr=False)
    post: Post | None = None
    """A replacement of the post over the network."""
    _wired: tuple[app.Steps, app.Steps] | None = None

    def __post_init__(self) -> None:
        DOUBLES.update(sqs=self.sqs, ssm=self.ssm, dynamodb=self.table)

    def handle(self, event: object, *, seconds: float = 60.0) -> BatchResponse:
        """Run the handler's own steps."""
        steps = self._steps()
        delivery = steps.delivery
        credential_store = RecordedSteps(delivery.destinations.credential_store, self.recorded)
        delivery = replace(
            delivery,
            policy=delivery.policy.with_(min_attempt_time=LEAST_POST_TIME),
            post=recording(self.post or SlackHttp(os.environ["SLACK_API_URL"], self.ca_file).post, self.recorded),
            destinations=replace(delivery.destinations, credential_store=credential_store),
            digest_from=self.digest_from,
            sleep=lambda _: None,
        )
        step, context = partial(app.alert, replace(steps, delivery=delivery)), FixedContext(seconds)
        response = recording(run_lanes, self.recorded)(event, context, step, steps.resources)
        if steps.pictures is not None:
            steps.pictures.post(Deadline.from_context(context, reserve=steps.resources.reserve))
        return response

    def _steps(self) -> app.Steps:
        """Return the wired steps on these clocks; they are built anew after a cold start."""
        wired = app.wire()
        if self._wired is None or self._wired[0] is not wired:
            changes = (
                (time.time, lambda: time.time() + self.passed),
                (time.monotonic, lambda: time.monotonic() + self.uptime),
                (time.sleep, self.slept.append),
                (random.uniform, self.uniform),
            )
            self._wired = wired, rewired(wired, *changes)
        return self._wired[1]

    def clear_table(self) -> None:
        table = boto3.client("dynamodb")
        for row in table.scan(TableName=NAME)["Items"]:
            table.delete_item(TableName=NAME, Key={"id": row["id"]})

    def sent(self) -> list[Any]:
        """Return the messages that LanesQueue was sent."""
        return self.queues.messages("lanes.fifo")

    def parked(self) -> list[dict[str, Any]]:
        return self._messages("parking")

    def take_parked(self) -> list[str]:
        """Return all parked bodies and remove them: moto becomes slow with many."""
        bodies = self.queues.bodies("parking")
        self.queues.messages("parking").clear()
        return bodies

    def with_facts(self) -> list[str]:
        """Return body and attributes of each message that was sent to a lane, to parking or to operations."""
        return [
            f"{one.body} {one.message_attributes}" for name in self.queues.urls for one in self.queues.messages(name)
        ]

    def ops_messages(self) -> list[dict[str, Any]]:
        return self._messages("ops")

    def _messages(self, queue: str) -> list[dict[str, Any]]:
        answer = boto3.client("sqs").receive_message(
            QueueUrl=self.queues.urls[queue], MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
        )
        found: list[dict[str, Any]] = json.loads(json.dumps(answer.get("Messages", []), default=str))
        return found


@contextmanager
def deployed(
    monkeypatch: pytest.MonkeyPatch,
    secret: str | None,
    *,
    api_url: str = "https://slack.com/api",
    pictures: str = "off",
    **destinations: str,
) -> Iterator[Deployed]:
    """Make queues, topic and secrets like the template and `make secret`; with None there is no secret."""
    variables = environment("SlackAlerts") | {"SLACK_API_URL": api_url, "PICTURES": pictures}
    with aws_in_process(), wired(monkeypatch, app.wire, variables):
        stack, sns = Deployed(), boto3.client("sns")
        create_table(boto3.client("dynamodb"))
        ops, queue = sns.create_topic(Name="ops")["TopicArn"], f"arn:aws:sqs:{REGION}:{ACCOUNT}:ops"
        sns.subscribe(TopicArn=ops, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
        for name, value in ({"default": secret} | destinations).items():
            if value is not None:
                store(value, name)
        yield stack


def store(value: str, destination: str = "default") -> None:
    """Store a secret like `make secret`."""
    name = f"{PATH}/{destination}"
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
