"""The faults of a schedule, as data."""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tests.support.virtual.alert_messages import webhook
from tests.support.virtual.faults import Failure
from tests.support.virtual.mutes import mute
from tests.support.virtual.operations import Moment
from tests.support.virtual.slack_alerts import PATH, SlackAlerts
from tests.support.virtual.slack_behaviours import Behaviour
from tests.support.virtual.stack import VirtualStack


class Fault[S](Protocol):
    """A fault of one kind of stack."""

    def inject(self, stack: S) -> None: ...


@dataclass(frozen=True, slots=True)
class SlackAnswers:
    """The answers to the next requests."""

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
    """The results of the next calls; None is a call that succeeds."""

    service: str
    operation: str
    failures: tuple[Failure | None, ...]

    def inject(self, stack: VirtualStack) -> None:
        stack.services[self.service].faults.script(*self.failures, operation=self.operation)


@dataclass(frozen=True, slots=True)
class ServiceDown:
    service: str
    at: float
    seconds: float
    failure: Failure

    def inject(self, stack: VirtualStack) -> None:
        stack.services[self.service].faults.down(self.at, self.at + self.seconds, self.failure)


@dataclass(frozen=True, slots=True)
class Crash:
    nth: int
    moment: Moment
    operation: str

    def inject(self, stack: VirtualStack) -> None:
        stack.world.operations.crash(self.nth, self.moment, self.operation)


@dataclass(frozen=True, slots=True)
class Throttled:
    """Lambda throttles all functions, or those from a stage on."""

    at: float
    seconds: float
    stage: int = 0

    def inject(self, stack: VirtualStack) -> None:
        for stage in stack.stages[self.stage :]:
            stage.mapping.throttle(self.at, self.at + self.seconds)


@dataclass(frozen=True, slots=True)
class ResponsesLost:
    """Lambda loses the responses of these batches."""

    batches: tuple[int, ...]

    def inject(self, stack: VirtualStack) -> None:
        for stage in stack.stages:
            stage.mapping.lost.update(self.batches)


@dataclass(frozen=True, slots=True)
class DuplicateDelivery:
    """SQS delivers the messages of these receives twice."""

    receives: tuple[int, ...]

    def inject(self, stack: VirtualStack) -> None:
        stack.stages[0].queue.duplicated.update(self.receives)


@dataclass(frozen=True, slots=True)
class ClockJumps:
    at: float
    seconds: float

    def inject(self, stack: VirtualStack) -> None:
        stack.world.at(self.at, lambda: stack.set_clock(self.seconds))


@dataclass(frozen=True, slots=True)
class SecretGone:
    """A secret is removed or revoked, and replaced after a while."""

    at: float
    seconds: float
    destination: str
    is_removed: bool

    def inject(self, stack: SlackAlerts) -> None:
        name, slack = f"{PATH}/{self.destination}", stack.slack

        def revoke() -> None:
            slack.revoked.update(webhook(self.destination, version) for version in range(1, 10))
            if self.is_removed:
                stack.store.put(name, None)

        def replace() -> None:
            version = stack.store.versions[name] + 1
            slack.revoked.discard(webhook(self.destination, version))
            stack.store.put(name, stack.secret(self.destination, version))

        stack.world.at(self.at, revoke)
        stack.world.at(self.at + self.seconds, replace)


@dataclass(frozen=True, slots=True)
class EditAnswers:
    """The answers to the next edits of first messages."""

    behaviours: tuple[Behaviour, ...]

    def inject(self, stack: SlackAlerts) -> None:
        stack.slack.script_edits(*self.behaviours)


@dataclass(frozen=True, slots=True)
class MessagesDeleted:
    """Somebody deletes all messages of the channels."""

    at: float

    def inject(self, stack: SlackAlerts) -> None:
        stack.world.at(self.at, stack.slack.conversations.delete_all)


@dataclass(frozen=True, slots=True)
class MuteChanged:
    """All routes are muted for `seconds`, from the virtual time `begins`. A length of 0 removes the mute."""

    at: float
    begins: float
    seconds: float

    def inject(self, stack: SlackAlerts) -> None:
        fields = mute(self.begins, self.begins + self.seconds) if self.seconds else {}
        stack.world.at(self.at, lambda: stack.store_routes(fields))


@dataclass(frozen=True, slots=True)
class Redrive:
    """The parked messages or the dead letters are sent back."""

    at: float
    is_parked: bool

    def inject(self, stack: VirtualStack) -> None:
        for queue in [stack.parking] if self.is_parked else stack.dead_letters:
            stack.world.at(self.at, partial(stack.redrive, queue))


@dataclass(frozen=True, slots=True)
class ColdStarts:
    """Lambda removes the idle execution environments."""

    at: float

    def inject(self, stack: VirtualStack) -> None:
        for stage in stack.stages:
            stack.world.at(self.at, stage.function.recycle)
