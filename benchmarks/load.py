"""A storm of a given size in virtual time: alerts at once to many channels, with a given concurrency of the lanes."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace

from aws_events.record import Record
from configuration.stores import Stored
from intake.routing import Router
from record_batch.lane_message import LaneMessage
from retry_policies import Deadline
from tests.support.virtual.alert_messages import DEFAULT
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import PATH, ROUTES, SlackAlerts, fields_of
from tests.support.virtual.stores import VirtualStore
from tests.support.virtual.timing import lane_settings
from tests.support.virtual.world import World

SEED = 2026
PUBLISHED_AT = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    alerts: int
    channels: int = 1
    concurrency: int = 20
    """Concurrent batches of slack_alerts."""
    every: float = 0.0
    """Seconds between two alerts."""


@dataclass(frozen=True, slots=True)
class Played:
    """The end of a load and the calls that it took."""

    delivered: int
    last: float
    """Seconds from the first publication to the last post."""
    billed: float
    """Lambda seconds of both functions."""
    calls: Counter[str]
    """Calls by name: those of the handlers, and those of SNS and Lambda around them."""
    most_secret_reads: int
    """In one second."""


@dataclass(frozen=True, kw_only=True)
class TopicRouter(Router):
    """A router to the destination of the topic's name: a document of 4 KB has no room for 1,000 routes."""

    def route(self, record: Record, deadline: Deadline) -> LaneMessage:
        return replace(super().route(record, deadline), lane=record.topic_arn.rpartition(":")[2])


@dataclass
class RecordingStore(VirtualStore):
    """A store that records the reads of secrets."""

    reads: list[float] = field(default_factory=list)

    def _read(self, name: str) -> Stored | None:
        if name.startswith(PATH):
            self.reads.append(self.service.operations.scheduler.now)
        return super()._read(name)

    @property
    def most_in_a_second(self) -> int:
        return max(bisect_left(self.reads, at + 1) - number for number, at in enumerate(self.reads))


class ManyChannels(SlackAlerts):
    """The stack with any number of channels."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.secrets = RecordingStore(self.store.service, self.store.texts, self.store.versions)
        self.store = self.secrets
        self.store.put(ROUTES, '{"routes": []}')

    def router(self, own: Router) -> Router:
        return TopicRouter(**fields_of(own))


def play(load: Load) -> Played:
    destinations = [DEFAULT, *(f"channel-{number}" for number in range(1, load.channels))]
    settings = replace(lane_settings(), max_concurrency=load.concurrency)
    with silence(), World(SEED) as world:
        stack = ManyChannels(world, lane_settings=settings, destinations=destinations)
        for number in range(load.alerts):
            at = PUBLISHED_AT + number * load.every
            stack.publish(number, destinations[number % load.channels], at=at)
        world.run()
        delivered = sum(bool(status.posts) for status in stack.ledger.statuses().values())
        return Played(
            delivered,
            stack.slack.requests[-1].at - PUBLISHED_AT,
            sum(one.billed for one in stack.functions),
            _calls(stack, load.alerts),
            stack.secrets.most_in_a_second,
        )


def _calls(stack: ManyChannels, alerts: int) -> Counter[str]:
    intake, lanes = (stage.mapping.batches for stage in stack.stages)
    outside = {
        "sns.publish": alerts,
        "alerts.send": alerts,
        "alerts.receive": intake,
        "alerts.delete": intake,
        "lanes.receive": lanes,
        "lanes.delete": lanes,
        "intake.invoke": intake,
        "slack_alerts.invoke": lanes,
        "secret.read": len(stack.secrets.reads),
    }
    return stack.world.operations.counts + Counter(outside)
