"""The batch loops over queues in memory, and steps from a table of outcomes."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from aws_events.event_reading import read_event
from aws_events.record import Record
from outcomes.outcome import Delivered, Outcome
from record_batch.batch import BatchResources, Read, Step, run_batch
from record_batch.batch_response import BatchResponse
from record_batch.lane_batch import LaneResources
from record_batch.lane_step import LaneStep, Outcomes
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from retry_policies import Deadline
from retry_policies.backoff import Uniform
from retry_policies.deadline import Clock
from retry_policies.testing import FakeTime
from shared_state.memory_rows import MemoryRows
from tests.support.handlers.lambda_context import FixedContext
from tests.support.steps.virtual_lanes import VirtualLanes, messages

CRASH_PAUSE = 45.0
DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessage")
ERRORS: list[type[BaseException]] = [ValueError, RecursionError, MemoryError, SystemExit, GeneratorExit]
"""Errors of a step that must not fail other records."""

type Judge = Callable[[Record], Outcome] | Mapping[str, Outcome]
"""A record's outcome, or a table of outcomes by body; Delivered for other bodies."""


def judge_of(judge: Judge) -> Callable[[Record], Outcome]:
    return judge if callable(judge) else lambda record: judge.get(record.body, Delivered())


def failed(response: BatchResponse) -> list[str]:
    return [item["itemIdentifier"] for item in response["batchItemFailures"]]


@dataclass
class FakeQueue:
    """A standard queue and a parking queue. Calls take `seconds`, and fail with `error` or `parking_error`."""

    error: Exception | None = None
    parking_error: Exception | None = None
    hidden: dict[str, int] = field(default_factory=dict)
    """Visibility timeouts by receipt handle."""
    deleted: list[str] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    """(body, delay) pairs."""
    parked: list[str] = field(default_factory=list)
    time: FakeTime = field(default_factory=lambda: FakeTime(1000.0))
    seconds: float = 0.0
    refused: dict[str, str] = field(default_factory=dict)
    """Codes by receipt handle, of entries that fail."""
    overflow: Overflow = field(default_factory=lambda: Overflow(MemoryRows()))

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        self.hidden |= {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries}
        codes = {entry["Id"]: self.refused.get(entry["ReceiptHandle"]) for entry in Entries}
        failed = [{"Id": number, "Code": code} for number, code in codes.items() if code is not None]
        return self._answer(QueueUrl) | {"Failed": failed}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> dict[str, Any]:
        self.deleted.append(ReceiptHandle)
        return self._answer(QueueUrl)

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0, **_: object) -> dict[str, Any]:
        if QueueUrl == "parking":
            if self.parking_error is not None:
                raise self.parking_error
            self.parked.append(MessageBody)
            return {}
        self._answer(QueueUrl)
        self.sent.append((MessageBody, DelaySeconds))
        return {}

    def _answer(self, url: str) -> dict[str, Any]:
        assert url == "queue"
        self.time.now += self.seconds
        if self.error is not None:
            raise self.error
        return {}

    def redelivery(self, uniform: Uniform = random.uniform) -> Redelivery:
        return Redelivery(
            queue=self, queue_url="queue", first_delay=30, delay_cap=900, time_for_call=2.5, uniform=uniform
        )

    def resources(self) -> BatchResources:
        return BatchResources(self.redelivery(), Parking(self, "parking", self.overflow), reserve=5.0)

    def run(
        self,
        event: object,
        judge: Judge | None = None,
        *,
        step: Step | None = None,
        left: float = 60.0,
        read: Read = read_event,
    ) -> Any:  # noqa: ANN401 - list of ids
        """Run the loop with `left` seconds; return the message ids that the response names."""

        def judging(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
            for record in records:
                yield record, judge_of(judge or {})(record)

        step = step or judging
        return failed(run_batch(event, FixedContext(left), step, self.resources(), read=read, clock=self.time.clock))


@dataclass
class Claim:
    """A claim that writes its end into a history; `error` is raised instead."""

    history: list[tuple[str, list[str]]] = field(default_factory=list)
    hop: int = 0
    name: str = "claim"
    error: type[BaseException] | None = None

    def park(self) -> None:
        self._end("parked")

    def release(self) -> None:
        self._end("released")

    def move(self) -> None:
        self._end("moved")

    def _end(self, how: str) -> None:
        if self.error is not None:
            raise self.error
        self.history.append((f"{self.name} {how}", []))


def each(judge: Judge) -> LaneStep:
    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        for record in records:
            yield record, judge_of(judge)(record)

    return step


class LaneLoop:
    """LanesQueue, the parking queue, and the loop; `history` has every call and every end of a claim."""

    def __init__(self) -> None:
        self.queue = VirtualLanes()
        self.history = self.queue.sqs.calls
        self.parking_error: Exception | None = None

    def send_message(self, *, MessageBody: str, **_: object) -> object:
        """Take a message for the parking queue."""
        if self.parking_error is not None:
            raise self.parking_error
        self.history.append(("park", [MessageBody]))
        return {}

    def resources(self) -> LaneResources:
        return LaneResources(
            lanes=self.queue.lanes,
            parking=Parking(self, "parking", Overflow(MemoryRows())),
            reserve=5.0,
            lane_time=10.0,
            crash_pause=CRASH_PAUSE,
            default_lane="default",
        )

    def run(self, event: object, step: LaneStep, clock: Clock = time.monotonic, left: float = 30.0) -> list[str]:
        """Run the loop with `left` seconds; return the message ids that the response names."""
        self.history.clear()
        return failed(run_lanes(event, FixedContext(left), step, self.resources(), clock=clock))

    def work(self, step: LaneStep, *bodies: str) -> list[str]:
        """Send these and work one batch; return the bodies of the messages that the response names."""
        self.queue.send(*messages(*bodies))
        event = self.queue.event()
        ids = {one["messageId"]: one["body"] for one in event["Records"]}
        return [ids[one] for one in self.run(event, step)]

    def deleted(self) -> list[str]:
        return [name for operation, names in self.history if operation == "delete_message_batch" for name in names]

    def calls(self) -> list[str]:
        return [operation for operation, _ in self.history]

    def visible_at(self) -> dict[str, float]:
        return {one.body: one.visible_at for one in self.queue.fifo.messages()}
