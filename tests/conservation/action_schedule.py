"""A schedule of requests to aws_actions and faults, as data."""

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aws_actions.models import DEFAULT_EXPIRES_AFTER
from tests.conservation.faults import Fault
from tests.support.samples.events import alarm_message
from tests.support.virtual.aws_actions import AwsActions
from tests.support.virtual.cloud import DIES, PARTLY
from tests.support.virtual.cloud import REFUSED as NEVER_TAKEN
from tests.support.virtual.world import World


class CallKind(Enum):
    """The (service, operation, parameters) of a request; service and operation are empty for an alarm."""

    ONCE = ("ecs", "UpdateService", {"service": "{}"})
    """May not be repeated."""
    BY_TOKEN = ("ssm", "StartAutomationExecution", {"DocumentName": "{}"})
    """AWS recognises a repetition by its token."""
    READ = ("ssm", "GetParameter", {"Name": "{}"})
    REFUSED = ("ecs", "UpdateService", {"service": "{} " + NEVER_TAKEN})
    REFUSED_BY_TOKEN = ("ssm", "StartAutomationExecution", {"DocumentName": "{} " + NEVER_TAKEN})
    PARTLY = ("lambda", "Invoke", {"FunctionName": "{}", "Payload": PARTLY})
    """AWS does a part of it and answers that it failed."""
    DIES = ("ecs", "UpdateService", {"service": "{} " + DIES})
    OFF_LIST = ("ecs", "DeleteService", {"service": "{}"})
    INVALID = ("ecs", "UpdateService", {"cluster": "{}"})
    BY_RULE = ("", "", {"AlarmName": "{}"})
    """The call of an alarm's rule; may not be repeated."""
    NO_RULE = ("", "", {"AlarmName": "calm {}"})


@dataclass(frozen=True, slots=True)
class PublishedRequest:
    """A request. SNS sends another copy after each of `again` seconds."""

    at: float
    kind: CallKind = CallKind.ONCE
    expires_after: float | None = None
    notify: bool = False
    again: tuple[float, ...] = ()

    def message(self, number: int) -> str:
        service, operation, parameters = self.kind.value
        filled = {name: text.format(f"alert-{number}") for name, text in parameters.items()}
        if not service:
            return alarm_message(**filled, StateChangeTime="2500-01-01T00:00:00.000+0000")  # after its message
        request: dict[str, Any] = {"service": service, "operation": operation, "parameters": filled}
        more = {"expires_after": self.expires_after} if self.expires_after is not None else {}
        return json.dumps(request | more | {"notify": self.notify})

    @property
    def expires(self) -> float:
        """The expiry, in seconds after the start of the world."""
        by_rule = self.expires_after is None or self.kind is CallKind.BY_RULE
        return self.at + (DEFAULT_EXPIRES_AFTER if by_rule else self.expires_after or 0.0)


@dataclass(frozen=True, slots=True)
class RulesChange:
    """The document of rules is replaced."""

    at: float
    document: str

    def inject(self, stack: AwsActions) -> None:
        stack.world.at(self.at, lambda: stack.set_rules(self.document))


@dataclass(frozen=True, slots=True)
class ActionSchedule:
    """Requests and faults. A schedule determines everything that happens."""

    seed: int
    requests: tuple[PublishedRequest, ...]
    faults: tuple[Fault[AwsActions], ...]

    def play(self, world: World) -> AwsActions:
        """Run until nothing is scheduled."""
        stack = AwsActions(world)
        for fault in self.faults:
            fault.inject(stack)
        for number, one in enumerate(self.requests):
            for again in (0.0, *one.again):
                stack.publish(number, one.message(number), at=one.at, again=again)
        world.run()
        return stack
