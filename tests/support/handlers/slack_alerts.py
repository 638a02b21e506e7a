"""The whole slack_alerts handler: SSM, SQS, SNS and DynamoDB by moto in this process, Slack on this machine."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import boto3
import pytest
from moto.sqs.models import sqs_backends

from record_batch.batch_response import BatchResponse
from record_batch.lanes import run_lanes
from retry_policies.backoff import Uniform
from slack_alerts import app
from slack_alerts.models import Credentials, SlackMessage
from slack_alerts.slack.http import SlackHttp
from tests.support.handlers.aws_in_process import REGION, aws_in_process
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import LANES_ARN
from tests.support.steps.tables import NAME, create
from tests.support.text.leaks import Recorded, RecordedSteps, recording

LEAST_POST_TIME = 0.5
"""Seconds that a post needs here: a slow answer of the fault server is cut off soon."""
PATH = "/holdfast/destinations"
FIFO: Any = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
"""The attributes of LanesQueue."""


@dataclass
class RecordingSqs:
    """An SQS client that sends by moto, and records deletions and visibility by receipt handle."""

    seconds: dict[str, int] = field(default_factory=dict)
    """The visibility by receipt handle."""
    error: Exception | None = None
    deleted: list[str] = field(default_factory=list)

    def send_message(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        return boto3.client("sqs").send_message(**request)

    def send_message_batch(self, **request: Any) -> object:  # noqa: ANN401 - boto3's own
        return boto3.client("sqs").send_message_batch(**request)

    def delete_message(self, *, ReceiptHandle: str, **_: object) -> dict[str, Any]:
        self.deleted.append(ReceiptHandle)
        return {}

    def change_message_visibility_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> dict[str, Any]:
        if self.error is not None:
            raise self.error
        self.seconds |= {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries}
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def delete_message_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        self.deleted += [entry["ReceiptHandle"] for entry in Entries]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


@dataclass
class FailingSqs:
    """An SQS client that refuses every message."""

    error: Exception

    def send_message(self, **_: object) -> object:
        raise self.error

    def send_message_batch(self, **_: object) -> dict[str, Any]:
        raise self.error


@dataclass
class Deployed:
    """The handler with its queues."""

    parking_url: str
    ops_url: str
    hidden: RecordingSqs = field(default_factory=RecordingSqs)
    slept: list[float] = field(default_factory=list)
    """Pauses between attempts, which are recorded and not slept."""
    passed: float = 0.0
    """Seconds by which the clock of claims and lanes is ahead."""
    parking_error: Exception | None = None
    ca_file: str | None = None
    digest_from: int = 3
    uniform: Uniform = random.uniform
    """The jitter."""
    recorded: Recorded = field(default_factory=Recorded, repr=False)
    post: Callable[[Credentials, SlackMessage, float], None] | None = None
    """A replacement of the post over the network."""

    def handle(self, event: object, *, seconds: float = 60.0) -> BatchResponse:
        """Run the handler's own steps."""
        steps, wall = app.wire(), self._wall
        delivery, resources = steps.delivery, steps.resources
        threads = replace(delivery.threads(), clock=wall)
        credential_store = RecordedSteps(delivery.destinations.credential_store, self.recorded)
        delivery = replace(
            delivery,
            policy=delivery.policy.with_(
                sleep=self.slept.append, min_attempt_time=LEAST_POST_TIME, uniform=self.uniform
            ),
            post=recording(self.post or SlackHttp(os.environ["SLACK_API_URL"], self.ca_file).post, self.recorded),
            destinations=replace(delivery.destinations, credential_store=credential_store),
            lanes=replace(delivery.lanes, clock=wall, uniform=self.uniform),
            threads=lambda: threads,
            claims=replace(delivery.claims, clock=wall),
            digest_from=self.digest_from,
            clock=wall,
            sleep=lambda _: None,
        )
        policy = resources.lanes.policy.with_(sleep=self.slept.append)
        resources = replace(resources, lanes=replace(resources.lanes, sqs=self.hidden, policy=policy))
        if self.parking_error is not None:
            resources = replace(resources, parking=replace(resources.parking, queue=FailingSqs(self.parking_error)))
        steps = replace(steps, delivery=delivery, resources=resources)
        return recording(run_lanes, self.recorded)(
            event, FixedContext(seconds), partial(app.alert, steps), steps.resources
        )

    def _wall(self) -> float:
        return time.time() + self.passed

    def clear_table(self) -> None:
        table = boto3.client("dynamodb")
        for row in table.scan(TableName=NAME)["Items"]:
            table.delete_item(TableName=NAME, Key={"id": row["id"]})

    def sent(self) -> list[Any]:
        """Return the messages that LanesQueue was sent."""
        return _all("lanes.fifo")

    def parked(self) -> list[dict[str, Any]]:
        return _messages(self.parking_url)

    def take_parked(self) -> list[str]:
        """Return all parked bodies and remove them: moto becomes slow with many."""
        held = _all("parking")
        bodies = [message.body for message in held]
        held.clear()
        return bodies

    def with_facts(self) -> list[str]:
        """Return body and attributes of each message that was sent to a lane, to parking or to operations."""
        queues = ("lanes.fifo", "parking", "ops")
        return [f"{one.body} {one.message_attributes}" for name in queues for one in _all(name)]

    def ops_messages(self) -> list[dict[str, Any]]:
        return _messages(self.ops_url)


@contextmanager
def deployed(
    monkeypatch: pytest.MonkeyPatch, secret: str | None, *, api_url: str = "https://slack.com/api", **destinations: str
) -> Iterator[Deployed]:
    """Make settings, queues, topic and secrets like the template and `make secret`; with None there is no secret."""
    with aws_in_process():
        sqs, sns = boto3.client("sqs"), boto3.client("sns")
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("parking", "ops")}
        urls["lanes"] = sqs.create_queue(QueueName="lanes.fifo", Attributes=FIFO)["QueueUrl"]
        create(boto3.client("dynamodb"))
        ops = sns.create_topic(Name="ops")["TopicArn"]
        arn = sqs.get_queue_attributes(QueueUrl=urls["ops"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=ops, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
        for name, value in ({"default": secret} | destinations).items():
            if value is not None:
                store(value, name)
        for name, value in (settings(urls, ops) | {"SLACK_API_URL": api_url}).items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Deployed(urls["parking"], urls["ops"])
        finally:
            app.wire.cache_clear()


def store(value: str, destination: str = "default") -> None:
    """Store a secret like `make secret`."""
    name = f"{PATH}/{destination}"
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def settings(urls: dict[str, str], ops: str) -> dict[str, str]:
    return {
        "DESTINATIONS_PATH": PATH,
        "DEFAULT_DESTINATION": "default",
        "SECRET_STORE": "ssm",
        "SLACK_API_URL": "https://slack.com/api",
        "ALLOWED_HOSTS": "hooks.slack.com,slack.com",
        "LANES_QUEUE_URL": urls["lanes"],
        "LANES_QUEUE_ARN": LANES_ARN,
        "PARKING_QUEUE_URL": urls["parking"],
        "OPS_TOPIC_ARN": ops,
        "DELIVERIES_TABLE": NAME,
        "UNANSWERED_POSTS": "repeat",
        "EDITS": "on",
        "DIGEST_FROM": "3",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "45",
        "LANE_SECONDS": "10",
        "POST_INTERVAL_SECONDS": "1",
        "FIRST_PAUSE_SECONDS": "5",
        "PAUSE_CAP_SECONDS": "60",
        "DOUBT_PAUSE_CAP_SECONDS": "900",
        "PACE": "standard",
    }


@contextmanager
def changed_credential_store(**changes: object) -> Iterator[None]:
    """Give the handler a credential store with these changes."""
    steps = app.wire()
    destinations = steps.delivery.destinations
    credential_store: Any = replace(destinations.credential_store, **changes)  # type: ignore[type-var] # a CredentialStore, behind its protocol
    delivery = replace(steps.delivery, destinations=replace(destinations, credential_store=credential_store))
    changed = replace(steps, delivery=delivery)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "wire", lambda: changed)
        yield


def _all(queue: str) -> list[Any]:
    found: list[Any] = sqs_backends["123456789012"][REGION].queues[queue]._messages  # noqa: SLF001 - moto has no reading without receiving
    return found


def _messages(url: str) -> list[dict[str, Any]]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
    )
    found: list[dict[str, Any]] = json.loads(json.dumps(answer.get("Messages", []), default=str))
    return found
