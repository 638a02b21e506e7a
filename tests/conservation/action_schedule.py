"""What happens in a world of aws_actions, as data: the requests, and everything that goes wrong."""

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aws_actions.models import DEFAULT_EXPIRES_AFTER
from tests.conservation.schedule import Fault
from tests.support.samples.events import alarm_message
from tests.support.virtual.aws_actions import AwsActions
from tests.support.virtual.cloud import DIES, PARTLY
from tests.support.virtual.cloud import REFUSED as NEVER_TAKEN
from tests.support.virtual.world import World


class Ask(Enum):
    """What is asked for: (service, operation, parameters) of a message, or nothing for an alarm."""

    ONCE = ("ecs", "UpdateService", {"service": "{}"})
    """May not be made twice."""
    BY_TOKEN = ("ssm", "StartAutomationExecution", {"DocumentName": "{}"})
    """AWS knows a second one again."""
    READ = ("ssm", "GetParameter", {"Name": "{}"})
    REFUSED = ("ecs", "UpdateService", {"service": "{} " + NEVER_TAKEN})
    REFUSED_BY_TOKEN = ("ssm", "StartAutomationExecution", {"DocumentName": "{} " + NEVER_TAKEN})
    PARTLY = ("lambda", "Invoke", {"FunctionName": "{}", "Payload": PARTLY})
    """AWS does it, and answers that it failed."""
    DIES = ("ecs", "UpdateService", {"service": "{} " + DIES})
    OFF_LIST = ("ecs", "DeleteService", {"service": "{}"})
    INVALID = ("ecs", "UpdateService", {"cluster": "{}"})
    BY_RULE = ("", "", {"AlarmName": "{}"})
    """Of an alarm; may not be made twice."""
    NO_RULE = ("", "", {"AlarmName": "calm {}"})


@dataclass(frozen=True, slots=True)
class Requested:
    """A request; SNS puts it into the queue once more after each of `again` seconds."""

    at: float
    ask: Ask = Ask.ONCE
    expires_after: float | None = None
    notify: bool = False
    again: tuple[float, ...] = ()

    def message(self, number: int) -> str:
        service, operation, parameters = self.ask.value
        filled = {name: text.format(f"alert-{number}") for name, text in parameters.items()}
        if not service:
            return alarm_message(**filled, StateChangeTime="2500-01-01T00:00:00.000+0000")  # its message is older
        request: dict[str, Any] = {"service": service, "operation": operation, "parameters": filled}
        more = {"expires_after": self.expires_after} if self.expires_after is not None else {}
        return json.dumps(request | more | {"notify": self.notify})

    @property
    def expires(self) -> float:
        """Seconds after the world began, until when it may be carried out."""
        by_rule = self.expires_after is None or self.ask is Ask.BY_RULE
        return self.at + (DEFAULT_EXPIRES_AFTER if by_rule else self.expires_after or 0.0)


@dataclass(frozen=True, slots=True)
class RulesChange:
    """Somebody writes another document of rules."""

    at: float
    document: str

    def inject(self, stack: AwsActions) -> None:
        stack.world.at(self.at, lambda: stack.set_rules(self.document))


@dataclass(frozen=True, slots=True)
class ActionSchedule:
    """The same schedule, the same world."""

    seed: int
    requests: tuple[Requested, ...]
    faults: tuple[Fault[AwsActions], ...]

    def play(self, world: World) -> AwsActions:
        """Until nothing is left to happen."""
        stack = AwsActions(world)
        for fault in self.faults:
            fault.inject(stack)
        for number, one in enumerate(self.requests):
            for again in (0.0, *one.again):
                stack.publish(number, one.message(number), at=one.at, again=again)
        world.run()
        return stack
