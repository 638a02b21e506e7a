"""One scenario of `make outages`, and its result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from tests.support.virtual.ledger import DeliveryStatus
from tests.support.virtual.operator_alarms import OperatorAlarms
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import SlackAlerts
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
"""Seconds between two alerts to the other channel during the storm."""
SAMPLE_EVERY = MINUTE
"""Seconds between two counts of the dead letters."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Alerts that are published before or during a fault. The fault starts at once."""

    name: str
    alerts: int
    """Number of alerts to the default destination, published at once if `every` is 0."""
    inject: Callable[[SlackAlerts, float], None] = lambda _stack, _end: None
    """Cause the fault until that instant."""
    seconds: float = 0.0
    """Length of the fault; 0 for a storm."""
    retry_after: float = 1.0
    every: float = 0.0
    """Seconds between two alerts."""
    has_other: bool = False
    """Whether alerts also go to a healthy channel."""
    has_alarms: bool = False
    """Whether an alarm must go off. Heartbeats are published then."""

    def play(self) -> "Result":
        with World(SEED) as world:
            stack = SlackAlerts(world)
            stack.slack.retry_after = self.retry_after
            self.inject(stack, self.seconds)
            for number in range(self.alerts):
                stack.publish(number, at=1.0 + number * self.every)
            end = self.seconds + RECOVERY + self.alerts * self.every
            RedriveFunction(stack).schedule(REDRIVE_RATE, end)
            others = self._publish_others(stack) if self.has_other else []
            dead = DeadLetters(stack, end)
            if not self.has_alarms:
                world.run(end)
                return Result.of(self, stack, others, dead.peak, 0.0)
            alarms = OperatorAlarms(stack, end)
            with alarms.reading_metrics():
                world.run(end)
            return Result.of(self, stack, others, dead.peak, alarms.first_alarm_at)

    def _publish_others(self, stack: SlackAlerts) -> list[str]:
        """Publish to the other channel for as long as the storm may last."""
        longest = self.alerts / 10 * 1.2 + MINUTE
        return [
            stack.publish(self.alerts + number, OTHER, at=OTHER_EVERY * number + 0.5)
            for number in range(int(longest / OTHER_EVERY))
        ]


@dataclass(slots=True)
class DeadLetters:
    """The largest number of dead letters at one time."""

    stack: SlackAlerts
    end: float
    peak: int = 0

    def __post_init__(self) -> None:
        self._sample()

    def _sample(self) -> None:
        world = self.stack.world
        self.peak = max(self.peak, sum(len(queue.messages()) for queue in self.stack.dead_letters))
        if world.now < self.end:
            world.at(world.now + SAMPLE_EVERY, self._sample)


@dataclass(frozen=True, slots=True)
class Result:
    """The ends of the alerts of a scenario, and its cost. Times are in seconds."""

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
    first_alarm_s: float
    """From the beginning of the fault to the first alarm."""

    @classmethod
    def of(
        cls, scenario: Scenario, stack: SlackAlerts, others: Sequence[str], dead_peak: int, alarm: float
    ) -> "Result":
        statuses = stack.ledger.statuses()
        delays = [_delivered_at(statuses[one], float("inf")) - statuses[one].published for one in others]
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
            other_channel_max_s=round(max(delays, default=0.0), 1),
            first_alarm_s=round(alarm, 1),
        )


def _delivered_at(status: DeliveryStatus, default: float = 0.0) -> float:
    """Return when Slack first confirmed a post of the alert."""
    return next((one.at for one in status.posts if one.behaviour.status == HTTPStatus.OK), default)
