"""Storms, outages of Slack and faults of our own, played through the pipeline in virtual time.

The functions' own steps, the template's numbers, and a virtual SQS, Lambda, table and Slack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from tests.support.virtual.faults import DENIED, Failure
from tests.support.virtual.ledger import DeliveryStatus
from tests.support.virtual.operator_alarms import OperatorAlarms
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_behaviours import (
    NOT_CONNECTED,
    UNAVAILABLE,
    UNTRUSTED,
    Behaviour,
    broken,
    throttled,
    unanswered,
)
from tests.support.virtual.table import table_down
from tests.support.virtual.world import World

SEED = 2026
MINUTE, HOUR = 60.0, 3600.0
DAY = 24 * HOUR
REDRIVE_RATE = 15 * MINUTE
"""The template's default."""
RECOVERY = 4 * HOUR
"""Seconds that are played after the end of a fault."""
OTHER = "team"
"""The healthy channel beside a storm."""
OTHER_EVERY = 5.0
"""Seconds between two alerts to it, as long as the storm lasts."""
LOOK_EVERY = MINUTE
"""Seconds between two looks at the dead letters."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One fault from the first second on, while alerts wait or come."""

    name: str
    alerts: int
    """The alerts to the default destination, published at once if `every` is 0."""
    inject: Callable[[SlackAlerts, float], None] = lambda _stack, _end: None
    """Cause the fault until that instant."""
    seconds: float = 0.0
    """Length of the fault; 0 for a storm."""
    retry_after: float = 1.0
    every: float = 0.0
    """Seconds between two alerts."""
    has_other: bool = False
    """Whether alerts also go to a healthy channel."""
    watches: bool = False
    """Whether operations must be told; heartbeats are sent then."""

    def play(self) -> "Result":
        with World(SEED) as world:
            stack = SlackAlerts(world)
            stack.slack.asks = self.retry_after
            self.inject(stack, self.seconds)
            for number in range(self.alerts):
                stack.publish(number, at=1.0 + number * self.every)
            redrive = RedriveFunction(stack)
            end = self.seconds + RECOVERY + self.alerts * self.every
            redrive.schedule(REDRIVE_RATE, end)
            others = self._publish_others(stack) if self.has_other else []
            dead = DeadLetters(stack, end)
            if not self.watches:
                world.run(end)
                return Result.of(self, stack, others, dead.peak, 0.0)
            alarms = OperatorAlarms(stack, end)
            with alarms.listening():
                world.run(end)
            return Result.of(self, stack, others, dead.peak, alarms.told_at)

    def _publish_others(self, stack: SlackAlerts) -> list[str]:
        """Publish to the other channel for as long as the storm may last."""
        lasts = self.alerts / 10 * 1.2 + MINUTE
        return [
            stack.publish(self.alerts + number, OTHER, at=OTHER_EVERY * number + 0.5)
            for number in range(int(lasts / OTHER_EVERY))
        ]


@dataclass(slots=True)
class DeadLetters:
    """The most dead letters there were at once."""

    stack: SlackAlerts
    end: float
    peak: int = 0

    def __post_init__(self) -> None:
        self._look()

    def _look(self) -> None:
        world = self.stack.world
        self.peak = max(self.peak, sum(len(queue.messages()) for queue in self.stack.dead_letters))
        if world.now < self.end:
            world.at(world.now + LOOK_EVERY, self._look)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one storm or outage: how its alerts ended, and what they cost. Times are in seconds."""

    name: str
    alerts: int
    channels: int
    retry_after: float
    outage_s: float
    delivered: int
    parked: int
    dead_peak: int
    lost: int
    copies: int
    """The most copies of one alert in its channel."""
    posts: int
    requests: int
    refused: int
    billed_s: float
    """Lambda time of slack_alerts."""
    last_s: float
    """From the end of the fault, or the beginning of a storm, to the last delivery."""
    other_channel_max_s: float
    told_s: float
    """From the beginning of the fault until an alarm told operations."""

    @classmethod
    def of(cls, scenario: Scenario, stack: SlackAlerts, others: Sequence[str], dead_peak: int, told: float) -> "Result":
        statuses = stack.ledger.statuses()
        waited = [_delivered_at(statuses[token], float("inf")) - statuses[token].published for token in others]
        storm = [status for token, status in statuses.items() if token not in set(others)]
        return cls(
            scenario.name,
            alerts=scenario.alerts,
            channels=1 + scenario.has_other,
            retry_after=scenario.retry_after,
            outage_s=scenario.seconds,
            delivered=sum(_delivered_at(status) > 0 for status in storm),
            parked=sum(status.parked for status in storm),
            dead_peak=dead_peak,
            lost=len(stack.ledger.lost()),
            copies=max(len(status.posts) for status in statuses.values()),
            posts=len(stack.slack.posts),
            requests=len(stack.slack.requests),
            refused=sum(request.behaviour.status != HTTPStatus.OK for request in stack.slack.requests),
            billed_s=round(stack.sender.function.billed, 1),
            last_s=round(max(map(_delivered_at, storm)) - scenario.seconds, 1),
            other_channel_max_s=round(max(waited, default=0.0), 1),
            told_s=round(told, 1),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return one JSON object."""
        return {name: getattr(self, name) for name in ("name", *COLUMNS)}


COLUMNS = (
    "alerts",
    "channels",
    "retry_after",
    "outage_s",
    "delivered",
    "parked",
    "dead_peak",
    "lost",
    "copies",
    "posts",
    "requests",
    "refused",
    "billed_s",
    "last_s",
    "other_channel_max_s",
    "told_s",
)


def _delivered_at(status: DeliveryStatus, default: float = 0.0) -> float:
    """Return when Slack first confirmed a post of the alert."""
    return next((one.at for one in status.posts if one.behaviour.status == HTTPStatus.OK), default)


def slack_is(behaviour: Behaviour) -> Callable[[SlackAlerts, float], None]:
    return lambda stack, end: stack.slack.down(0.0, end, behaviour)


def aws_is(service: str, failure: Failure, operation: str = "") -> Callable[[SlackAlerts, float], None]:
    return lambda stack, end: stack.services[service].faults.down(0.0, end, failure, operation)


def switched_off(stage: int) -> Callable[[SlackAlerts, float], None]:
    """Disable the mapping of intake (0) or of slack_alerts (1)."""

    def inject(stack: SlackAlerts, end: float) -> None:
        mapping = stack.stages[stage].mapping
        mapping.disable()
        stack.world.at(end, mapping.enable)

    return inject


STORMS = [
    Scenario(f"storm, Retry-After {asks:.0f} s", alerts, retry_after=asks, has_other=True)
    for alerts, asks in ((1_000, 1.0), (10_000, 1.0), (50_000, 1.0), (3_000, 30.0), (10_000, 30.0))
]
OUTAGES = {
    "503": UNAVAILABLE,
    "no connection": NOT_CONNECTED,
    "silence": unanswered(posts=False),
    "posts and silence": unanswered(posts=True),
    "posts and 500": broken(posts=True),
    "429": throttled(),
}
LENGTHS = (10 * MINUTE, 3 * HOUR, 12 * HOUR, 5 * DAY)
SLACK_OUTAGES = [
    Scenario(f"Slack: {name}", 2_000, slack_is(behaviour), seconds)
    for name, behaviour in OUTAGES.items()
    for seconds in LENGTHS
]
OURS = Scenario("", 96, seconds=2 * DAY, every=30 * MINUTE, watches=True)
OWN_FAULTS = [
    replace(OURS, name="ours: no invocations of intake", inject=switched_off(0)),
    replace(OURS, name="ours: no invocations of slack_alerts", inject=switched_off(1)),
    replace(OURS, name="ours: TLS store broken", inject=slack_is(UNTRUSTED)),
    replace(OURS, name="ours: secret denied", inject=aws_is("ssm", DENIED)),
    replace(OURS, name="ours: LanesQueue denied", inject=aws_is("sqs", DENIED, "send_message_batch")),
    replace(OURS, name="ours: table down", inject=aws_is("table", table_down()), seconds=6 * HOUR, alerts=12),
    replace(
        OURS, name="ours: table denied at once", inject=aws_is("table", table_down(0.0)), seconds=6 * HOUR, alerts=12
    ),
]
SCENARIOS = (*STORMS, *SLACK_OUTAGES, *OWN_FAULTS)
