"""LanesQueue in virtual time, outside any task: each call acts at once or fails as the test says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from aws_events.event_reading import read_event
from aws_events.message_attributes import Attributes
from aws_events.record import Record
from record_batch.lane_message import LaneMessage
from record_batch.lane_queue import LaneQueue
from record_batch.overflow import Overflow
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from shared_state.memory_rows import MemoryRows
from tests.support.samples.events import LANES_ARN
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World


@dataclass
class FlakySqs:
    """A virtual SQS that records batch calls and fails by script; one call at a time, for lanes in threads."""

    sqs: VirtualSqs
    failing: dict[str, list[str]] = field(default_factory=dict)
    """By body or receipt handle: the codes of its next failures."""
    errors: dict[str, Exception] = field(default_factory=dict)
    """The error of each operation."""
    calls: list[tuple[str, list[str]]] = field(default_factory=list)
    """(operation, bodies or handles) of each call."""
    on_call: Callable[[str, list[str]], None] = lambda _operation, _names: None
    """Called after a call has acted."""
    lock: Lock = field(default_factory=Lock)

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(*, QueueUrl: str, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
            names = [one.get("MessageBody") or one["ReceiptHandle"] for one in Entries]
            with self.lock:
                self.calls.append((operation, names))
                if operation in self.errors:
                    raise self.errors[operation]
                answer = self._act(operation, QueueUrl, Entries, names)
            self.on_call(operation, names)
            return answer

        return call

    def _act(self, operation: str, url: str, entries: Sequence[dict[str, Any]], names: list[str]) -> dict[str, Any]:
        coded = [
            (one, codes.pop(0) if (codes := self.failing.get(name)) else "")
            for one, name in zip(entries, names, strict=True)
        ]
        good = [one for one, code in coded if not code]
        answer: dict[str, Any] = getattr(self.sqs, operation)(QueueUrl=url, Entries=good) if good else {}
        failed = [{"Id": one["Id"], "Code": code, "SenderFault": code == "AccessDenied"} for one, code in coded if code]
        return {**answer, "Failed": [*answer.get("Failed", []), *failed]}


class VirtualLanes:
    """LanesQueue and a client that acts at once."""

    def __init__(self) -> None:
        self.world = World()
        self.fifo = VirtualFifoQueue("lanes.fifo", self.world.scheduler, visibility=90.0)
        virtual = VirtualSqs(self.world.service("sqs"))
        virtual.add(self.fifo)
        self.sqs = FlakySqs(virtual)
        self.slept: list[float] = []
        policy = AWS_WRITE.with_(repeatable=True, sleep=self.slept.append)
        self.lanes = LaneQueue(sqs=self.sqs, url=self.fifo.url, overflow=Overflow(MemoryRows()), policy=policy)

    def send(self, *messages: LaneMessage, seconds: float = 60.0) -> list[bool]:
        return self.lanes.send(messages, Deadline.after(seconds))

    def event(self, seconds_later: float = 0.0) -> dict[str, Any]:
        """Receive a batch like Lambda, this many seconds later."""
        self.world.scheduler.now += seconds_later
        return {"Records": [one.record(LANES_ARN) for one in self.fifo.receive()]}

    def receive(self, seconds_later: float = 0.0) -> list[Record]:
        return [one for one in read_event(self.event(seconds_later)) if isinstance(one, Record)]

    def bodies(self, seconds_later: float = 0.0) -> list[str]:
        return [one.body for one in self.receive(seconds_later)]

    def stored(self) -> list[str]:
        return [one.body for one in self.fifo.messages()]


def message(body: str, lane: str = "a") -> LaneMessage:
    return LaneMessage(lane, body, Attributes({}), f"id-{hash(body)}")


def messages(*bodies: str) -> list[LaneMessage]:
    """Messages such as "a1", whose lane is their first letter."""
    return [message(body, body[0]) for body in bodies]
