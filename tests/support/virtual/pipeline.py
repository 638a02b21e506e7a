"""The pipeline in a virtual world: AlertsQueue, intake, LanesQueue, slack_alerts, Slack, and the ledger over all."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.function import Handler, VirtualFunction
from tests.support.virtual.ledger import Ledger
from tests.support.virtual.mapping import VirtualMapping
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNumbers:
    """The template's numbers, in seconds."""

    intake_timeout: float = 20.0
    intake_visibility: float = 120.0
    intake_receives: int = 20
    intake_concurrency: int = 50
    lane_timeout: float = 30.0
    lane_visibility: float = 90.0
    lane_receives: int = 1000
    lane_concurrency: int = 20
    retention: float = 604_800.0
    long_retention: float = 1_209_600.0
    one_group_per_batch: bool = False


@dataclass
class Pipeline:
    """Both stages; nothing moves until `world.run()`."""

    world: World
    new_intake: Callable[[], Handler]
    """Make a cold environment of intake."""
    new_sender: Callable[[], Handler]
    """Make a cold environment of slack_alerts."""
    numbers: StageNumbers = field(default_factory=StageNumbers)

    def __post_init__(self) -> None:
        world, numbers = self.world, self.numbers
        scheduler = world.scheduler
        self.slack = VirtualSlack(world.operations)
        self.sqs = VirtualSqs(world.service("sqs"))
        self.dead = VirtualQueue("dead", scheduler, retention=numbers.long_retention)
        self.parking = VirtualQueue("parking", scheduler, retention=numbers.long_retention)
        self.alerts = VirtualQueue(
            "alerts", scheduler, numbers.intake_visibility, numbers.retention, numbers.intake_receives, self.dead
        )
        self.lanes_dead = VirtualFifoQueue("lanes-dead.fifo", scheduler, retention=numbers.long_retention)
        self.lanes = VirtualFifoQueue(
            "lanes.fifo",
            scheduler,
            numbers.lane_visibility,
            numbers.long_retention,
            numbers.lane_receives,
            self.lanes_dead,
        )
        urls = map(self.sqs.add, (self.alerts, self.dead, self.parking, self.lanes, self.lanes_dead))
        self.alerts_url, self.dead_url, self.parking_url, self.lanes_url, self.lanes_dead_url = urls
        self.intake = VirtualFunction(scheduler, world.wall, self.new_intake, numbers.intake_timeout)
        self.intake_mapping = VirtualMapping(
            scheduler, self.alerts, self.intake, max_concurrency=numbers.intake_concurrency
        )
        self.function = VirtualFunction(scheduler, world.wall, self.new_sender, numbers.lane_timeout)
        self.mapping = VirtualMapping(
            scheduler,
            self.lanes,
            self.function,
            max_concurrency=numbers.lane_concurrency,
            one_group_per_batch=numbers.one_group_per_batch,
        )
        self.ledger = Ledger(self.slack, [self.alerts, self.lanes], [self.dead, self.lanes_dead], self.parking)

    @property
    def dead_letters(self) -> tuple[VirtualQueue, VirtualQueue]:
        return self.dead, self.lanes_dead

    @property
    def mappings(self) -> tuple[VirtualMapping, VirtualMapping]:
        return self.intake_mapping, self.mapping

    @property
    def functions(self) -> tuple[VirtualFunction, VirtualFunction]:
        return self.intake, self.function

    def publish(self, number: int, body: str, *, at: float = 0.0) -> str:
        """Let SNS put a message into AlertsQueue; return its token."""
        return self.ledger.publish(self.alerts, number, body, at)
