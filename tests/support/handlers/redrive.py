"""The function redrive among moto's queues and table."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import sqs_backends

from record_batch.parking import Parking
from redrive import app
from redrive.models import End, Request, Source
from redrive.moves import Mover
from retry_policies import Deadline
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.last_success import LastSuccess
from tests.support.samples.events import sns_body
from tests.support.steps import tables

ALERTS_ARN = "arn:aws:sqs:eu-west-1:123456789012:alerts"
LANES_ARN = "arn:aws:sqs:eu-west-1:123456789012:lanes.fifo"
QUEUES = {
    "alerts": "ALERTS_QUEUE_URL",
    "lanes.fifo": "LANES_QUEUE_URL",
    "dead": "DEAD_LETTER_QUEUE_URL",
    "lanes-dead.fifo": "LANES_DEAD_LETTER_QUEUE_URL",
    "parking": "PARKING_QUEUE_URL",
}
FOR_REAL: dict[str, Any] = {"dry_run": False}
BY_HAND: dict[str, Any] = {"queue": "parking", "dry_run": False}

type Report = dict[str, str | int | bool]


@dataclass
class Sqs:
    """boto3's client, which never waits for a message and fails for the operations and queues that a test names."""

    client: Any
    failing: dict[str, Exception] = field(default_factory=dict)
    """By operation, or by operation and name of the queue: "receive_message dead"."""
    before: Callable[[str], object] = lambda _: None
    """Called with the operation, before it."""

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 - boto3's
            self.before(operation)
            queue = request["QueueUrl"].rpartition("/")[2]
            for name in (operation, f"{operation} {queue}"):
                if name in self.failing:
                    raise self.failing[name]
            waits = {"WaitTimeSeconds": 0} if "WaitTimeSeconds" in request else {}
            return getattr(self.client, operation)(**request | waits)

        return call


def _nothing() -> None:
    """Do nothing."""


@dataclass
class Redriving:
    """The queues, the table and the clocks around the function."""

    sqs: Sqs
    rows: DeliveriesTable
    urls: dict[str, str]
    slept: list[float] = field(default_factory=list)
    on_pause: Callable[[], object] = _nothing
    """Called once, during the first pause."""
    ahead: float = 0.0
    """Seconds that the wall clock is ahead of moto's."""

    def redrive(self, *, seconds: float = 55.0, **event: object) -> Report:
        """Redrive as the handler does -> its report. Only pauses take time, and they are not slept."""
        wired = app.wire()
        deadline = Deadline.after(seconds, clock=lambda: sum(self.slept))
        return app.redrive(replace(wired, new_movers=self._movers), Request.from_event(event), deadline)

    def put(self, queue: str, body: str, /, lane: str = "", **ours: object) -> str:
        """Put a message with these facts in our attribute -> its id."""
        attributes = {"holdfast": {"DataType": "String", "StringValue": json.dumps(ours)}} if ours else {}
        place = {"MessageGroupId": lane, "MessageDeduplicationId": body} if lane else {}
        sent = self.sqs.client.send_message(
            QueueUrl=self.urls[queue], MessageBody=body, MessageAttributes=attributes, **place
        )
        return str(sent["MessageId"])

    def put_lane(self, lane: str, *numbers: int) -> list[str]:
        """Put dead letters of a lane with the facts of intake -> their ids."""
        facts = {"hop": 2, "mention": "<!here>", "as_text": False, "note": ""}
        return [
            self.put("lanes-dead.fifo", alert(one), lane, alert_id=f"first-{one}", identity=f"sns-{one}", **facts)
            for one in numbers
        ]

    def take_in(self) -> None:
        """Let intake finish a record now."""
        LastSuccess(self.rows, "intake", self.clock).record()

    def clock(self) -> float:
        return time.time() + self.ahead

    def bodies(self, queue: str) -> list[str]:
        """Return all bodies in the queue, hidden or not, in order."""
        return [message.body for message in self.messages(queue)]

    def facts(self, queue: str) -> list[dict[str, Any]]:
        """Return our attribute of each message."""
        return [json.loads(one.message_attributes["holdfast"]["StringValue"]) for one in self.messages(queue)]

    def visible(self, queue: str) -> int:
        """Count the messages that are not hidden at this moment."""
        return sum(message.visible for message in self.messages(queue))

    def messages(self, queue: str) -> list[Any]:
        """Return moto's own messages: it has no call that reads without receiving."""
        return list(sqs_backends["123456789012"]["eu-west-1"].queues[queue]._messages)  # noqa: SLF001 - see above

    def empty(self, queue: str) -> None:
        """Take everything out of a queue."""
        sqs_backends["123456789012"]["eu-west-1"].queues[queue]._messages.clear()  # noqa: SLF001 - PurgeQueue works once a minute

    def _movers(self, source: Source) -> Sequence[Mover]:
        """Return the wired movers with this client and these clocks."""
        movers = app.wire().new_movers(source)
        intake = replace(
            movers[0].intake,
            sqs=self.sqs,
            last_success=LastSuccess(self.rows, "intake", self.clock),
            clock=self.clock,
            sleep=self._sleep,
        )
        return [
            replace(
                mover,
                queue=replace(mover.queue, sqs=self.sqs),
                intake=intake,
                lanes=replace(mover.lanes, sqs=self.sqs, policy=mover.lanes.policy.with_(sleep=lambda _: None)),
                parking=Parking(self.sqs, self.urls["parking"], mover.parking.overflow),
                clock=self.clock,
            )
            for mover in movers
        ]

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        do, self.on_pause = self.on_pause, _nothing
        do()


@contextmanager
def redriving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redriving]:
    """Make the queues and the table as the template does."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client: Any = boto3.client("sqs")
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "false"}
        urls = {
            name: client.create_queue(QueueName=name, Attributes=fifo if name.endswith(".fifo") else {})["QueueUrl"]
            for name in QUEUES
        }
        dynamodb: Any = boto3.client("dynamodb")
        tables.create(dynamodb)
        for name, value in ({variable: urls[name] for name, variable in QUEUES.items()} | SETTINGS).items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Redriving(Sqs(client), DeliveriesTable(dynamodb, tables.NAME, TABLE_POLICY), urls)
        finally:
            app.wire.cache_clear()


def alert(number: int) -> str:
    """Return an SNS envelope of its own."""
    return sns_body(f"alert {number}", message_id=f"sns-{number}")


def ends(report: Report) -> dict[str, int]:
    """Return the ends that happened, with their counts."""
    return {end.value: int(report[end.value]) for end in End if report[end.value]}


SETTINGS = {
    "ALERTS_QUEUE_ARN": ALERTS_ARN,
    "LANES_QUEUE_ARN": LANES_ARN,
    "DELIVERIES_TABLE": tables.NAME,
    "RESERVE_SECONDS": "5",
    "LEASE_SECONDS": "90",
}
