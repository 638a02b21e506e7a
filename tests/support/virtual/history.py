"""What Slack, AWS, the table and the queues saw, in the order in which they saw it: what an oracle judges by."""

import json
from dataclasses import dataclass, field
from typing import Protocol

from aws_events.message_attributes import ATTRIBUTE
from shared_state.rows import Row
from tests.support.virtual.cloud import OfCall
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.scheduler import Task
from tests.support.virtual.slack import Request, VirtualSlack
from tests.support.virtual.world import World


@dataclass(frozen=True, slots=True)
class Written:
    """A row took the place of another; None: there was none, or there is none now."""

    key: str
    old: Row | None
    new: Row | None


@dataclass(frozen=True, slots=True)
class TableFailed:
    """A call that the table did not answer, whether it took effect or not."""

    key: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A message was deleted from a queue that a function works."""

    body: str
    queue: str = "alerts"
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class InLane:
    """A message came into a lane."""

    body: str
    lane: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Dead:
    """A message died in a lane, or before intake."""

    body: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A message came into the parking queue."""

    body: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SentBack:
    """Somebody moved a message from the parking queue, or else from the dead letters, to the function's queue."""

    body: str
    is_parked: bool


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The clock on the wall jumped."""


@dataclass(frozen=True, slots=True)
class RulesSet:
    """Somebody wrote another document of rules."""

    document: str


type Fact = (
    Request | OfCall | Written | TableFailed | Acknowledged | InLane | Dead | Parked | SentBack | ClockSet | RulesSet
)


@dataclass(frozen=True, slots=True)
class Event:
    """A fact, when it came about, and which invocation did it."""

    at: float
    wall: float
    """What the clock on the wall said."""
    task: Task | None
    """None for what no invocation did."""
    environment: int
    """The invocation's; 0 for none."""
    fact: Fact

    @property
    def is_orphaned(self) -> bool:
        """Whether its invocation was killed, then or later."""
        return self.task is not None and self.task.is_killed


class Watched(Protocol):
    """The parts of a road that a history records."""

    world: World
    slack: VirtualSlack
    alerts: VirtualQueue
    parking: VirtualQueue


@dataclass
class History:
    """All events on a road."""

    road: "Watched"
    events: list[Event] = field(default_factory=list)
    environments: dict[Task | None, int] = field(default_factory=dict)
    """Which one each invocation ran in."""

    def __post_init__(self) -> None:
        self.road.slack.on_request.append(self.add)
        self.road.alerts.on_delete.append(
            lambda message: self.add(Acknowledged(message.body, message_id=message.message_id))
        )
        self.road.parking.on_send.append(lambda message: self.add(Parked(message.body, _reason(message))))

    def add(self, fact: Fact) -> None:
        """It has just come about."""
        scheduler = self.road.world.scheduler
        task = scheduler.task
        environment = self.environments.get(task, 0)
        self.events.append(Event(scheduler.now, self.road.world.wall(), task, environment, fact))


def _reason(message: Message) -> str:
    """Why it was parked; what was put there by hand has none."""
    ours = message.attributes.get(ATTRIBUTE, {})
    return str(json.loads(ours.get("StringValue", "{}")).get("reason", ""))
