"""The stack's road in a virtual world: queue, dead letters, parking, mapping, Slack, and the ledger over all."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.samples.events import sns_body
from tests.support.virtual.function import Handler, VirtualFunction
from tests.support.virtual.ledger import Ledger
from tests.support.virtual.mapping import VirtualMapping
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The template's, in seconds."""

    function_timeout: float = 60.0
    visibility: float = 360.0
    receives: int = 20
    retention: float = 604_800.0
    dead_letter_retention: float = 1_209_600.0
    batch_size: int = 10
    max_concurrency: int = 2


@dataclass
class Road:
    """`Road(world, new_environment)`: nothing moves until `world.run()`."""

    world: World
    new_environment: Callable[["Road"], Handler]
    """Called at each cold start."""
    numbers: Numbers = field(default_factory=Numbers)

    def __post_init__(self) -> None:
        world, numbers = self.world, self.numbers
        self.slack = VirtualSlack(world.operations)
        self.sqs = VirtualSqs(world.service("sqs"))
        self.dead = VirtualQueue("dead", world.scheduler, retention=numbers.dead_letter_retention)
        self.parking = VirtualQueue("parking", world.scheduler, retention=numbers.dead_letter_retention)
        self.alerts = VirtualQueue(
            "alerts", world.scheduler, numbers.visibility, numbers.retention, numbers.receives, self.dead
        )
        self.alerts_url, self.dead_url, self.parking_url = map(self.sqs.add, (self.alerts, self.dead, self.parking))
        self.function = VirtualFunction(
            world.scheduler, world.wall, lambda: self.new_environment(self), numbers.function_timeout
        )
        self.mapping = VirtualMapping(
            world.scheduler, self.alerts, self.function, numbers.batch_size, numbers.max_concurrency
        )
        self.ledger = Ledger(self.slack, [self.alerts], [self.dead], self.parking)

    @property
    def dead_letters(self) -> tuple[VirtualQueue]:
        return (self.dead,)

    @property
    def mappings(self) -> tuple[VirtualMapping]:
        return (self.mapping,)

    @property
    def functions(self) -> tuple[VirtualFunction]:
        return (self.function,)

    def publish(self, number: int, *, at: float = 0.0, copies: int = 1, body: str | None = None) -> str:
        """Let SNS put a message into the queue, several times with different SQS ids if it likes -> its token.

        A body of your own must have the token, `alert-<number>`, in its text.
        """
        envelope = body or sns_body(f"alert-{number}: the disk is full", message_id=f"sns-{number}")
        for _ in range(copies):
            self.ledger.publish(self.alerts, number, envelope, at)
        return f"alert-{number}"
