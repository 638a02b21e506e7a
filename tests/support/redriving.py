"""The function redrive among queues, a table and secrets of moto's."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import sqs_backends

from record_batch.circuit import Circuits
from record_batch.claims import Claims
from record_batch.deliveries_table import TABLE_POLICY, DeliveriesTable
from record_batch.parking import Parking
from redrive import app
from redrive.models import Request, Source
from redrive.moves import Mover
from retry_policies import Deadline
from tests.support import tables
from tests.support.events import sns_body

PATH, ROUTES = "/holdfast/destinations", "/holdfast/routes"
ALERTS_ARN = "arn:aws:sqs:eu-west-1:123456789012:alerts"
QUEUES = {"alerts": "ALERTS_QUEUE_URL", "dead": "DEAD_LETTER_QUEUE_URL", "parking": "PARKING_QUEUE_URL"}


@dataclass
class Sqs:
    """boto3's client, which waits for nothing here and fails where it is told."""

    client: Any
    failing: dict[str, Exception] = field(default_factory=dict)
    """By operation."""

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:  # noqa: ANN401 - boto3's
            if operation in self.failing:
                raise self.failing[operation]
            return getattr(self.client, operation)(
                **request | ({"WaitTimeSeconds": 0} if "Wait" in str(request) else {})
            )

        return call


def _nothing() -> None:
    """Nobody does anything."""


@dataclass
class Redriving:
    """What stands around it."""

    sqs: Sqs
    rows: DeliveriesTable
    urls: dict[str, str]
    slept: list[float] = field(default_factory=list)
    on_pause: Callable[[], object] = _nothing
    """What others do after the first letter."""
    change: Callable[[Mover], Mover] = lambda mover: mover

    def redrive(self, *, seconds: float = 55.0, **event: object) -> dict[str, str | int | bool]:
        """The handler's own words -> its report. Only pauses take time, and they are not slept."""
        wired = app.wire()

        def new_mover(source: Source) -> Mover:
            mover = wired.new_mover(source)
            parking = Parking(self.sqs, self.urls["parking"])
            queue = replace(mover.queue, sqs=self.sqs)
            return self.change(replace(mover, sqs=self.sqs, queue=queue, parking=parking, sleep=self._sleep))

        deadline = Deadline.after(seconds, clock=lambda: sum(self.slept))
        return app.redrive(replace(wired, new_mover=new_mover), Request.from_event(event), deadline)

    def put(self, queue: str, body: str, /, hop: int | None = None, **ours: object) -> str:
        """A message with what earlier stays wrote beside it -> its id."""
        attributes = {} if hop is None else {"holdfast": {"DataType": "String", "StringValue": ""}}
        if hop is not None:
            attributes["holdfast"]["StringValue"] = json.dumps({"alert_id": f"first-{hop}", "hop": hop, **ours})
        sent = self.sqs.client.send_message(QueueUrl=self.urls[queue], MessageBody=body, MessageAttributes=attributes)
        return str(sent["MessageId"])

    def bodies(self, queue: str) -> list[str]:
        """All that is there, hidden or not."""
        return [message.body for message in self._messages(queue)]

    def hops(self, queue: str) -> list[int]:
        """What the messages there say of how often they were redriven."""
        return [one.get("hop", -1) for one in self.facts(queue)]

    def facts(self, queue: str) -> list[dict[str, Any]]:
        """Our attribute of each."""
        return [json.loads(one.message_attributes["holdfast"]["StringValue"]) for one in self._messages(queue)]

    def visible(self, queue: str) -> int:
        """How many could be received at this moment."""
        return sum(message.visible for message in self._messages(queue))

    def open_circuit(self, destination: str = "default", version: str = "1", *, ago: float = 0.0) -> None:
        """As the function that posts does, so many seconds ago; its first pause is 30 s."""
        passage = self.circuits(lambda: time.time() - ago).enter(destination, version)
        assert not hasattr(passage, "reason")
        passage.failed(None)

    def close_circuit(self, destination: str = "default", version: str = "1") -> None:
        """As the function that posts does once an answer came."""
        passage = self.circuits(lambda: time.time() + 3600).enter(destination, version)
        assert not hasattr(passage, "reason")
        passage.answered()

    def circuits(self, clock: Callable[[], float] = time.time) -> Circuits:
        return Circuits(rows=self.rows, first_pause=30, pause_cap=900, clock=clock)

    @property
    def claims(self) -> Claims:
        return Claims(rows=self.rows, lease=90)

    def _messages(self, queue: str) -> list[Any]:
        queues = sqs_backends["123456789012"]["eu-west-1"].queues
        return list(queues[queue]._messages)  # noqa: SLF001 - moto has no reading without receiving

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        do, self.on_pause = self.on_pause, _nothing
        do()


@contextmanager
def redriving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redriving]:
    """As the template makes it, with a secret for the default destination."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client: Any = boto3.client("sqs")
        urls = {name: client.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
        dynamodb: Any = boto3.client("dynamodb")
        tables.create(dynamodb)
        store_secret("default")
        told = {variable: urls[name] for name, variable in QUEUES.items()} | SETTINGS
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Redriving(Sqs(client), DeliveriesTable(dynamodb, tables.NAME, TABLE_POLICY), urls)
        finally:
            app.wire.cache_clear()


def store_secret(destination: str) -> None:
    """What `make secret` does; redrive never sees it."""
    name = f"{PATH}/{destination}"
    boto3.client("ssm").put_parameter(Name=name, Value="c4n4ry", Type="SecureString", Overwrite=True)


def store_routes(document: object) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    boto3.client("ssm").put_parameter(Name=ROUTES, Value=text, Type="String", Overwrite=True)


def alert(number: int, subject: str = "") -> str:
    """An SNS envelope of its own."""
    return sns_body(f"alert {number}", message_id=f"sns-{number}", subject=subject)


SETTINGS = {
    "ALERTS_QUEUE_ARN": ALERTS_ARN,
    "DESTINATIONS_PATH": PATH,
    "DEFAULT_DESTINATION": "default",
    "ROUTES_PARAMETER": ROUTES,
    "SECRET_STORE": "ssm",
    "DELIVERIES_TABLE": tables.NAME,
    "RESERVE_SECONDS": "5",
    "LEASE_SECONDS": "90",
    "FIRST_PAUSE_SECONDS": "30",
    "PAUSE_CAP_SECONDS": "900",
}
