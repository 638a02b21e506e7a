"""AWS in this process: moto behind boto3 only, because its own `mock_aws` also slows down every other HTTP request."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from unittest.mock import patch

import boto3
import pytest
from moto.core.base_backend import BackendDict
from moto.core.models import botocore_stubber
from moto.sqs.models import sqs_backends

from configuration import clients

REGION = "eu-west-1"
ENVIRONMENT = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
CLIENTS: dict[str, Any] = {}
"""Clients keep no state of a test, and creating one is slow."""
DOUBLES: dict[str, Any] = {}
"""The clients that the functions get instead, by service; tests get moto's."""
make_client: Any = boto3.client
FIFO: Any = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
"""The attributes of LanesQueue."""


@contextmanager
def aws_in_process() -> Iterator[None]:
    """Start with an empty AWS."""
    with patch.dict(os.environ, ENVIRONMENT), patch("boto3.client", client):
        os.environ.pop("AWS_ENDPOINT_URL", None)
        BackendDict.reset()
        DOUBLES.clear()
        botocore_stubber.enabled = True
        try:
            yield
        finally:
            botocore_stubber.enabled = False


def client(service: str, config: Any = None) -> Any:  # noqa: ANN401 - each service has its own type
    key = f"{service} {vars(config) if config else None}"
    if key not in CLIENTS:
        CLIENTS[key] = make_client(service, config=config)
    return CLIENTS[key]


def client_of_functions(service: str, timeout: float) -> Any:  # noqa: ANN401 - each service has its own type
    return DOUBLES[service] if service in DOUBLES else clients.client(service, timeout)


class Wire(Protocol):
    """A cached function that builds the steps."""

    @property
    def __wrapped__(self) -> Callable[[], object]: ...
    def cache_clear(self) -> None: ...


@contextmanager
def wired(monkeypatch: pytest.MonkeyPatch, wire: Wire, variables: Mapping[str, str]) -> Iterator[None]:
    """Set the variables of a function, whose steps are built anew."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(wire.__wrapped__.__globals__, "client", client_of_functions)
    wire.cache_clear()
    try:
        yield
    finally:
        wire.cache_clear()


class Queues:
    """Queues of moto's; a name that ends with .fifo makes a FIFO queue."""

    def __init__(self, names: Iterable[str]) -> None:
        self.client = boto3.client("sqs")
        self.urls: dict[str, str] = {}
        for name in names:
            attributes: Any = FIFO if name.endswith(".fifo") else {}
            self.urls[name] = self.client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def put(self, queue: str, /, *bodies: str, lane: str = "", **facts: object) -> list[str]:
        """Send messages, with these facts in our attribute if there are any; return their ids."""
        ours: Any = {"holdfast": {"DataType": "String", "StringValue": json.dumps(facts)}} if facts else {}
        group = lane or ("default" if queue.endswith(".fifo") else "")
        places: list[Any] = [
            {"MessageGroupId": group, "MessageDeduplicationId": f"{lane}{body}"} if group else {} for body in bodies
        ]
        return [
            self.client.send_message(QueueUrl=self.urls[queue], MessageBody=body, MessageAttributes=ours, **place)[
                "MessageId"
            ]
            for body, place in zip(bodies, places, strict=True)
        ]

    def delete(self, queue: str, number: int) -> None:
        for message in self.client.receive_message(QueueUrl=self.urls[queue], MaxNumberOfMessages=number)["Messages"]:
            self.client.delete_message(QueueUrl=self.urls[queue], ReceiptHandle=message["ReceiptHandle"])

    def messages(self, queue: str) -> list[Any]:
        """Return moto's own messages, hidden or not, in order: no call reads without receiving."""
        return sqs_backends["123456789012"][REGION].queues[queue]._messages  # noqa: SLF001 - see above

    def bodies(self, queue: str) -> list[str]:
        return [message.body for message in self.messages(queue)]

    def facts(self, queue: str) -> list[dict[str, Any]]:
        """Return our attribute of each message."""
        return [json.loads(one.message_attributes["holdfast"]["StringValue"]) for one in self.messages(queue)]

    def visible(self, queue: str) -> int:
        """Return the number of messages that are not hidden."""
        return sum(message.visible for message in self.messages(queue))
