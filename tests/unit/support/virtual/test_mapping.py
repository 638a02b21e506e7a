"""Rules of Lambda's event source mapping: batches, partial batch responses, throttling, concurrency, message groups."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from aws_events.event_reading import read_event
from aws_events.record import Record
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.function import Handler, Invocation, VirtualFunction
from tests.support.virtual.mapping import VirtualMapping
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.world import World
from tests.unit.support.virtual.queue_script import Script


@dataclass
class Consumer:
    """A function behind a queue: the handler returns the responses in order, the last one again and again."""

    world: World
    responses: list[object] = field(default_factory=lambda: [None])
    handler: Callable[[dict[str, Any]], object] | None = None
    seconds: float = 0.0
    """Length of an invocation."""
    queue: VirtualQueue = field(init=False)
    kind: type[VirtualQueue] = VirtualQueue
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scheduler, name = self.world.scheduler, "lanes.fifo" if self.kind is VirtualFifoQueue else "alerts"
        self.queue = self.kind(name, scheduler, 100.0)
        self.function = VirtualFunction(scheduler, self.world.wall, self._handler, 900.0)
        self.mapping = VirtualMapping(scheduler, self.queue, self.function, **self.settings)

    def send(self, *bodies: str) -> None:
        Script(self.queue, self.world).send(*bodies)

    @property
    def runs(self) -> list[Invocation]:
        return self.function.invocations

    @property
    def batches(self) -> list[tuple[float, str]]:
        """The start of each invocation, and the bodies of its records."""
        return [(one.started, " ".join(record["body"] for record in one.event["Records"])) for one in self.runs]

    def running(self, *instants: float) -> list[int]:
        """Return the number of concurrent invocations at these instants."""
        return [sum(run.started <= instant < run.ended for run in self.runs) for instant in instants]

    def _handler(self) -> Handler:
        def handle(event: dict[str, Any], _: object) -> object:
            self.world.sleep(self.seconds)
            if self.handler is not None:
                return self.handler(event)
            response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
            if isinstance(response, BaseException):
                raise response
            return response

        return handle


def failing(*identifiers: object) -> dict[str, object]:
    return {"batchItemFailures": [{"itemIdentifier": one} for one in identifiers]}


@pytest.mark.parametrize(
    ("response", "redelivered"),
    [
        (None, ""),
        ({}, ""),
        ([], ""),
        ({"batchItemFailures": []}, ""),
        ({"batchItemFailures": None}, ""),
        (failing("alerts-2"), "b"),
        (failing(""), "a b c"),
        (failing(None), "a b c"),
        (failing("alerts-1", "unknown"), "a b c"),
        (failing(7), "a b c"),
        ({"batchItemFailures": [{"id": "alerts-1"}]}, "a b c"),
        ({"batchItemFailures": ["alerts-1"]}, "a b c"),
        ({"batchItemFailures": "alerts-1"}, "a b c"),
        ("alerts-1", "a b c"),
        ({1, 2}, "a b c"),  # not JSON
        *((error, "a b c") for error in (ValueError("no"), SystemExit(1), MemoryError())),
    ],
)
def test_the_response_decides_what_is_redelivered(world: World, response: object, redelivered: str) -> None:
    consumer = Consumer(world, [response, None])
    consumer.send("a", "b", "c")
    world.run()
    assert consumer.batches == [(0.0, "a b c"), *([(100.0, redelivered)] if redelivered else [])]
    assert consumer.queue.messages() == []


def test_an_event_has_the_form_of_lambda(world: World) -> None:
    consumer = Consumer(world)
    text = {"DataType": "String", "StringValue": "{}"}
    consumer.queue.send("a", {"holdfast": text, "raw": {"DataType": "Binary", "BinaryValue": b"\0"}})
    world.run()
    [record] = consumer.runs[0].event["Records"]
    [read] = read_event({"Records": [record]})
    assert isinstance(read, Record)
    assert (read.message_id, read.queue_arn, read.receive_count) == ("alerts-1", consumer.queue.arn, 1)
    assert read.attributes["holdfast"] == {"dataType": "String", "stringValue": "{}"}
    assert read.attributes["raw"] == {"dataType": "Binary", "binaryValue": "AA=="}
    assert set(record["attributes"]) > {"SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"}
    assert record["awsRegion"] == "eu-west-1"


def test_a_throttled_batch_counts_as_received(world: World) -> None:
    consumer = Consumer(world)
    consumer.mapping.throttle(0.0, 150.0)
    consumer.send("a")
    world.run()
    assert consumer.batches == [(200.0, "a")]
    assert consumer.runs[0].event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "3"


def test_an_invocation_longer_than_the_visibility_timeout_does_not_delete_a_message_received_again(
    world: World,
) -> None:
    def work(event: dict[str, Any]) -> object:
        is_first = event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1"
        world.sleep(150.0 if is_first else 80.0)
        return None if is_first else failing("alerts-1")

    consumer = Consumer(world, handler=work)
    consumer.send("a")
    world.run(until=190.0)
    assert (consumer.batches, len(consumer.queue.messages())) == ([(0.0, "a"), (100.0, "a")], 1)


@pytest.mark.parametrize(
    ("kind", "seconds", "messages", "maximum", "running"),
    [
        (VirtualQueue, 90.0, 400, 1000, {0.0: 5, 0.1: 5, 0.2: 6, 1.0: 10, 60.0: 305}),
        (VirtualQueue, 10.0, 200, 8, {0.0: 5, 0.6: 8, 5.0: 8, 50.0: 8}),
        (VirtualFifoQueue, 1.0, 25, 20, {0.0: 20, 1.0: 5}),
    ],
    ids=["a standard queue adds five batches a second", "up to its maximum", "a FIFO queue begins at its maximum"],
)
def test_the_number_of_concurrent_batches_grows(  # noqa: PLR0913, PLR0917 - a table
    world: World, kind: type[VirtualQueue], seconds: float, messages: int, maximum: int, running: dict[float, int]
) -> None:
    settings = {"batch_size": 1, "max_concurrency": maximum}
    consumer = Consumer(world, seconds=seconds, kind=kind, settings=settings)
    consumer.queue.visibility = 1000.0
    consumer.send(*(chr(ord("a") + number) for number in range(messages)))
    world.run()
    assert dict(zip(running, consumer.running(*running), strict=True)) == running
    assert len(consumer.runs) == messages


def test_the_number_of_concurrent_batches_falls_back_without_work(world: World) -> None:
    consumer = Consumer(world, seconds=5.0, settings={"batch_size": 1, "max_concurrency": 1000})
    for instant in (0.0, 100.0):
        world.at(instant, lambda: consumer.send(*map(str, range(50))))
    world.run()
    assert consumer.running(0.0, 4.0, 100.0, 104.0) == [5, 25, 5, 25]


@pytest.mark.parametrize(
    ("settings", "batches"),
    [
        ({}, [(0.0, "a0 a2 b1 b3")]),
        ({"one_group_per_batch": True}, [(0.0, "a0 a2"), (0.0, "b1 b3")]),
        ({"batch_size": 1, "max_concurrency": 9}, [(0.0, "a0"), (0.0, "b1"), (1.0, "a2"), (1.0, "b3")]),
    ],
    ids=["a batch has several groups", "or one", "a group is in one batch at a time"],
)
def test_a_batch_of_a_fifo_queue(world: World, settings: dict[str, Any], batches: list[tuple[float, str]]) -> None:
    consumer = Consumer(world, seconds=1.0, kind=VirtualFifoQueue, settings=settings)
    consumer.mapping.disable()
    consumer.send("a0", "b1", "a2", "b3")
    consumer.mapping.enable()
    world.run()
    assert sorted(consumer.batches) == batches


def test_a_message_that_stays_in_a_fifo_queue_blocks_its_group(world: World) -> None:
    consumer = Consumer(world, [failing("lanes.fifo-2"), None], kind=VirtualFifoQueue)
    consumer.mapping.disable()
    consumer.send("a0", "a1", "a2")
    consumer.mapping.enable()
    world.at(10.0, lambda: consumer.send("a3"))
    world.run()
    assert consumer.batches == [(0.0, "a0 a1 a2"), (100.0, "a1 a3")]


def test_a_response_after_the_visibility_timeout_deletes_nothing_from_a_fifo_queue(world: World) -> None:
    consumer = Consumer(world, seconds=60.0, kind=VirtualFifoQueue, settings={"max_concurrency": 1})
    consumer.queue.visibility = 45.0
    consumer.send("a")
    world.at(61.0, lambda: setattr(consumer, "seconds", 1.0))
    world.run()
    assert [start for start, _ in consumer.batches] == [0.0, 60.0, 120.0]
    assert consumer.queue.messages() == []
