"""The history of a stack: what Slack, AWS, the table and the queues saw. Oracles judge by it."""

import json
from dataclasses import dataclass, field

from aws_events.message_attributes import ATTRIBUTE
from shared_state.rows import Row
from tests.support.virtual.cloud import CallFact
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.scheduler import Task
from tests.support.virtual.slack import Request
from tests.support.virtual.world import World


@dataclass(frozen=True, slots=True)
class Written:
    """A row was written or removed. None is a missing row."""

    key: str
    old: Row | None
    new: Row | None


@dataclass(frozen=True, slots=True)
class TableFailed:
    """A call to the table failed; it may have taken effect."""

    key: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A message was deleted from the queue of a stage."""

    body: str
    queue: str
    message_id: str


@dataclass(frozen=True, slots=True)
class InLane:
    """A message was sent to a lane."""

    body: str
    lane: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Dead:
    """A message was moved to a FIFO dead-letter queue."""

    body: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A message was sent to the parking queue."""

    body: str
    reason: str
    """Empty if a human parked it."""

    @classmethod
    def of(cls, message: Message) -> "Parked":
        ours = message.attributes.get(ATTRIBUTE, {})
        return cls(message.body, str(json.loads(ours.get("StringValue", "{}")).get("reason", "")))


@dataclass(frozen=True, slots=True)
class SentBack:
    """A human moved a message from the parking queue or the dead-letter queue back to the function's queue."""

    body: str
    is_parked: bool


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The wall clock jumped."""


@dataclass(frozen=True, slots=True)
class RulesSet:
    """The document of rules was replaced."""

    document: str


type Fact = (
    Request | CallFact | Written | TableFailed | Acknowledged | InLane | Dead | Parked | SentBack | ClockSet | RulesSet
)


@dataclass(frozen=True, slots=True)
class Event:
    """A fact, its time, and the invocation that caused it."""

    at: float
    wall: float
    """The time of the wall clock."""
    task: Task | None
    """The invocation; None if no invocation caused the fact."""
    environment: int
    """The number of the invocation's execution environment; 0 without an invocation."""
    fact: Fact

    @property
    def is_orphaned(self) -> bool:
        """Whether its invocation was killed, then or later."""
        return self.task is not None and self.task.is_killed


@dataclass
class History:
    """All events of a stack, in order."""

    world: World
    events: list[Event] = field(default_factory=list)
    environments: dict[Task | None, int] = field(default_factory=dict)
    """The execution environment of each invocation."""

    def add(self, fact: Fact) -> None:
        """Record a fact with the current time and invocation."""
        task = self.world.scheduler.task
        environment = self.environments.get(task, 0)
        self.events.append(Event(self.world.now, self.world.wall(), task, environment, fact))
