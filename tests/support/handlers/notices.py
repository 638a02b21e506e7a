"""The function notices among queues, a table and a topic of moto's."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import sqs_backends

from notices import app
from notices.cursor import CursorTable
from notices.kept_cursors import KeptCursors
from notices.looking import Queue
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime
from tests.support.handlers.lambda_context import FixedContext
from tests.support.steps import tables

VARIABLES = {
    "parking": "PARKING_QUEUE_URL",
    "dead": "DEAD_LETTER_QUEUE_URL",
    "lanes-dead.fifo": "LANES_DEAD_LETTER_QUEUE_URL",
    "actions-dead": "ACTIONS_DEAD_LETTER_QUEUE_URL",
}
SETTINGS = {"DELIVERIES_TABLE": tables.NAME, "RESERVE_SECONDS": "5"}


@dataclass
class Client:
    """boto3's client with a count of its calls, no waits, and failures that a test sets."""

    client: Any
    failing: dict[tuple[str, str], Exception] = field(default_factory=dict)
    """Errors by operation and queue; "" is any queue."""
    instead: dict[str, Callable[..., Any]] = field(default_factory=dict)
    """Replacements by operation."""
    calls: Counter[str] = field(default_factory=Counter)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 - boto3's
            self.calls[operation] += 1
            self.requests.append(request)
            queue = request.get("QueueUrl", "").rpartition("/")[2]
            for name in (queue, ""):
                if (operation, name) in self.failing:
                    raise self.failing[operation, name]
            if operation in self.instead:
                return self.instead[operation](**request)
            waits = {"WaitTimeSeconds": 0} if "WaitTimeSeconds" in request else {}
            return getattr(self.client, operation)(**request | waits)

        return call


@dataclass
class Noticing:
    """One warm execution environment and the services around it."""

    sqs: Client
    dynamodb: Client
    sns: Client
    urls: dict[str, str]
    time: FakeTime = field(default_factory=lambda: FakeTime(now=4_000_000_000.0))
    """Later than moto's real clock: every message counts as sent before the last look, as most dead letters were."""
    cursors: KeptCursors = field(init=False)
    steps: app.Steps = field(init=False)

    def __post_init__(self) -> None:
        self.cold_start()

    def cold_start(self) -> None:
        """Replace the steps and the cursors that the process keeps."""
        wired = app.wire()
        reads, writes = self.time.policy(AWS_READ), self.time.policy(AWS_WRITE)
        repeatable = writes.with_(repeatable=True)
        table = CursorTable(
            client=self.dynamodb, name=tables.NAME, reads=reads, writes=repeatable, clock=self.time.clock
        )
        self.cursors = KeptCursors(table)
        self.steps = replace(
            wired,
            queues=tuple(Queue(sqs=self.sqs, url=one.url, reads=reads, writes=repeatable) for one in wired.queues),
            cursors=self.cursors,
            operations=replace(wired.operations, topic=self.sns, writes=writes, clock=self.time.clock, quiet={}),
            clock=self.time.clock,
        )

    def run(self, seconds: float = 55.0) -> str:
        """One run of the schedule, five minutes later -> the text of its notice, "" if there is none."""
        self.time.now += 300
        before = self.sns.calls["publish"]
        app.report(self.steps, self.time.deadline(seconds))
        return str(self.sns.requests[-1]["Message"]) if self.sns.calls["publish"] > before else ""

    def put(self, queue: str, *bodies: str, lane: str = "", **ours: object) -> list[str]:
        """Send messages, with our attribute if facts are given -> their ids."""
        attributes = {"holdfast": {"DataType": "String", "StringValue": json.dumps(ours)}} if ours else {}
        fifo = queue.endswith(".fifo")
        return [
            str(
                self.sqs.client.send_message(
                    QueueUrl=self.urls[queue],
                    MessageBody=body,
                    MessageAttributes=attributes,
                    **(
                        {"MessageGroupId": lane or "default", "MessageDeduplicationId": f"{lane}{body}"} if fifo else {}
                    ),
                )["MessageId"]
            )
            for body in bodies
        ]

    def take(self, queue: str, number: int) -> None:
        """Delete messages as redrive does."""
        got = self.sqs.client.receive_message(QueueUrl=self.urls[queue], MaxNumberOfMessages=number)
        for message in got["Messages"]:
            self.sqs.client.delete_message(QueueUrl=self.urls[queue], ReceiptHandle=message["ReceiptHandle"])

    def visible(self, queue: str) -> int:
        """How many messages could be received at this moment."""
        found = sqs_backends["123456789012"]["eu-west-1"].queues[queue]
        return sum(message.visible for message in found._messages)  # noqa: SLF001 - moto cannot look without receiving

    def fail(self, client: Client, operation: str, error: Exception, queue: str = "") -> None:
        client.failing[operation, queue] = error


@contextmanager
def noticing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Noticing]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sqs: Any = boto3.client("sqs")
        urls = {
            name: sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"} if name.endswith(".fifo") else {})[
                "QueueUrl"
            ]
            for name in VARIABLES
        }
        dynamodb: Any = boto3.client("dynamodb")
        tables.create(dynamodb)
        sns: Any = boto3.client("sns")
        topic_arn = sns.create_topic(Name="ops")["TopicArn"]
        told = {variable: urls[name] for name, variable in VARIABLES.items()} | SETTINGS | {"OPS_TOPIC_ARN": topic_arn}
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Noticing(Client(sqs), Client(dynamodb), Client(sns), urls)
        finally:
            app.wire.cache_clear()


CONTEXT = FixedContext(60.0)
