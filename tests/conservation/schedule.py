"""What happens in a world, as data: the alerts, and everything that goes wrong."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from tests.support.virtual.alert_messages import DEFAULT, webhook
from tests.support.virtual.faults import Failure
from tests.support.virtual.operations import Moment
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.service import Service
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_alerts_steps import PATH
from tests.support.virtual.slack_behaviours import REFUSED_MESSAGE, Behaviour
from tests.support.virtual.stack import Stage
from tests.support.virtual.timing import lane_settings
from tests.support.virtual.world import World

LANE_RECEIVES = 60
"""Receives, in place of the template's thousand: an alert that always kills the function must be dead soon."""
REFUSED, PLAIN_ONLY = "never-taken", "plain-only"
"""Words of alerts that Slack never takes, or takes only as plain text."""


class Stack(Protocol):
    """Either stack: a VirtualStack that can send messages back."""

    world: World
    services: dict[str, Service]
    stages: list[Stage[VirtualQueue]]
    parking: VirtualQueue

    def set_clock(self, seconds: float) -> None: ...
    def redrive(self, queue: VirtualQueue) -> None: ...


class Fault[S](Protocol):
    """Something that goes wrong, around a function of that kind."""

    def inject(self, stack: S) -> None: ...


@dataclass(frozen=True, slots=True)
class SlackAnswers:
    """The next requests are answered like this."""

    behaviours: tuple[Behaviour, ...]

    def inject(self, stack: SlackAlerts) -> None:
        stack.slack.script(*self.behaviours)


@dataclass(frozen=True, slots=True)
class SlackDown:
    at: float
    seconds: float
    behaviour: Behaviour
    destination: str

    def inject(self, stack: SlackAlerts) -> None:
        for version in (1, 2):
            url = webhook(self.destination, version)
            stack.slack.down(self.at, self.at + self.seconds, self.behaviour, url)


@dataclass(frozen=True, slots=True)
class CallsFail:
    """The next calls come to this; None is one that goes well."""

    service: str
    operation: str
    failures: tuple[Failure | None, ...]

    def inject(self, stack: Stack) -> None:
        stack.services[self.service].faults.script(*self.failures, operation=self.operation)


@dataclass(frozen=True, slots=True)
class ServiceDown:
    service: str
    at: float
    seconds: float
    failure: Failure

    def inject(self, stack: Stack) -> None:
        stack.services[self.service].faults.down(self.at, self.at + self.seconds, self.failure)


@dataclass(frozen=True, slots=True)
class Crash:
    nth: int
    moment: Moment
    operation: str

    def inject(self, stack: Stack) -> None:
        stack.world.operations.crash(self.nth, self.moment, self.operation)


@dataclass(frozen=True, slots=True)
class Throttled:
    """Lambda starts no invocation, of any function or only of the last one."""

    at: float
    seconds: float
    stage: int = 0

    def inject(self, stack: Stack) -> None:
        for stage in stack.stages[self.stage :]:
            stage.mapping.throttle(self.at, self.at + self.seconds)


@dataclass(frozen=True, slots=True)
class AnswersLost:
    batches: tuple[int, ...]

    def inject(self, stack: Stack) -> None:
        for stage in stack.stages:
            stage.mapping.lost.update(self.batches)


@dataclass(frozen=True, slots=True)
class DuplicateDelivery:
    """SQS hands these out twice."""

    receives: tuple[int, ...]

    def inject(self, stack: Stack) -> None:
        stack.stages[0].queue.duplicated.update(self.receives)


@dataclass(frozen=True, slots=True)
class ClockJumps:
    at: float
    seconds: float

    def inject(self, stack: Stack) -> None:
        stack.world.at(self.at, lambda: stack.set_clock(self.seconds))


@dataclass(frozen=True, slots=True)
class SecretGone:
    """Removed or revoked, and after a while there is a new one."""

    at: float
    seconds: float
    destination: str
    is_removed: bool

    def inject(self, stack: SlackAlerts) -> None:
        name, slack = f"{PATH}/{self.destination}", stack.slack

        def go() -> None:
            slack.revoked.update(webhook(self.destination, version) for version in range(1, 10))
            if self.is_removed:
                stack.store.put(name, None)

        def come_back() -> None:
            version = stack.store.versions[name] + 1
            slack.revoked.discard(webhook(self.destination, version))
            stack.store.put(name, webhook(self.destination, version))

        stack.world.at(self.at, go)
        stack.world.at(self.at + self.seconds, come_back)


@dataclass(frozen=True, slots=True)
class Redrive:
    """Somebody sends back what is parked, or dead."""

    at: float
    is_parked: bool

    def inject(self, stack: Stack) -> None:
        for queue in [stack.parking] if self.is_parked else [stage.dead for stage in stack.stages]:
            stack.world.at(self.at, partial(stack.redrive, queue))


@dataclass(frozen=True, slots=True)
class ColdStarts:
    """Lambda takes the idle environments away, and all they remember."""

    at: float

    def inject(self, stack: Stack) -> None:
        for stage in stack.stages:
            stack.world.at(self.at, stage.function.recycle)


@dataclass(frozen=True, slots=True)
class Published:
    """An alert; SNS puts it into the queue once more after each of `again` seconds."""

    at: float
    destination: str = DEFAULT
    word: str = ""
    again: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The same schedule, the same world."""

    seed: int
    alerts: tuple[Published, ...]
    faults: tuple[Fault[SlackAlerts], ...]

    def play(self, world: World) -> SlackAlerts:
        """Until nothing is left to happen."""
        settings = replace(lane_settings(), max_receives=LANE_RECEIVES, one_group_per_batch=bool(self.seed % 2))
        stack = SlackAlerts(world, lane_settings=settings)
        stack.slack.refuse = _refuse
        for fault in self.faults:
            fault.inject(stack)
        for number, alert in enumerate(self.alerts):
            for later in (0.0, *alert.again):
                stack.publish(number, alert.destination, at=alert.at + later, words=alert.word)
        world.run()
        return stack


def _refuse(message: object) -> Behaviour | None:
    text, blocks = getattr(message, "text", ""), getattr(message, "blocks", ())
    return REFUSED_MESSAGE if REFUSED in text or (PLAIN_ONLY in text and blocks) else None
