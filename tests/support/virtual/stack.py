"""A stack in virtual time: queues, functions, Slack and AWS services, with a ledger and a history."""

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from unittest.mock import patch

from configuration.stores import ParameterStore
from record_batch.overflow import Overflow
from shared_state.alarm_threads import AlarmThreads
from shared_state.claims import Claims
from shared_state.deliveries_table import DeliveriesTable
from shared_state.index_row import IndexRow
from shared_state.lane_state import LaneStates
from shared_state.last_success import LastSuccess
from shared_state.memory_rows import MemoryRows
from slack_alerts.slack.http import SlackHttp
from tests.support.stack.environment import environment
from tests.support.steps.rewired import rewired
from tests.support.virtual.function import Handler, VirtualContext, VirtualFunction
from tests.support.virtual.history import Acknowledged, ClockSet, Dead, History, Parked
from tests.support.virtual.ledger import Ledger
from tests.support.virtual.mapping import VirtualMapping
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.stores import VirtualStore, VirtualTopic
from tests.support.virtual.table import VirtualTable
from tests.support.virtual.timing import StageSettings, timing
from tests.support.virtual.world import World

WITH_TOKENS = (AlarmThreads, Claims, IndexRow, LaneStates, LastSuccess, Overflow)
"""Classes that make random tokens."""


@dataclass(frozen=True, slots=True)
class Stage[Q: VirtualQueue]:
    """A queue, its dead-letter queue, and the function that processes its messages."""

    queue: Q
    dead: Q
    function: VirtualFunction
    mapping: VirtualMapping


@dataclass
class VirtualStack:
    """Stages are added by subclasses and tests. Nothing happens before `world.run()`."""

    world: World

    def __post_init__(self) -> None:
        world = self.world
        self.stages: list[Stage[VirtualQueue]] = []
        self.rows = MemoryRows()
        """The rows of DeliveriesTable."""
        self.slack = VirtualSlack(world.operations)
        self.sqs = VirtualSqs(world.service("sqs"))
        self.store = VirtualStore(world.service("ssm"))
        self.topic = VirtualTopic(world.service("sns"))
        self.table = world.service("table", 0.005)
        self.services = {
            "table": self.table,
            "ssm": self.store.service,
            "sns": self.topic.service,
            "sqs": self.sqs.service,
        }
        self.history = History(world)
        self.parking = VirtualQueue("parking", world.scheduler, retention=timing()["DeadLetterRetention"])
        self.sqs.add(self.parking)
        self.ledger = Ledger(self.slack, self.parking)
        self.slack.on_request.append(self.history.add)
        self.parking.on_send.append(lambda message: self.history.add(Parked.of(message)))
        self._environments = count(1)

    def add_stage[Q: VirtualQueue](
        self, kind: type[Q], name: str, new_environment: Callable[[], Handler], settings: StageSettings
    ) -> Stage[Q]:
        """Add a queue and the function that processes it; `new_environment` is called at each cold start."""
        scheduler = self.world.scheduler
        dead = kind(f"dead-{name}", scheduler, retention=settings.dead_letter_retention)
        queue = kind(name, scheduler, settings.visibility, settings.retention, settings.max_receives, dead)
        mapping = self._consume(queue, new_environment, settings)
        queue.on_delete.append(lambda one: self.history.add(Acknowledged(one.body, queue.name, one.message_id)))
        dead.on_send.append(lambda one: self.history.add(Dead(one.body)))
        self.sqs.add(queue)
        self.sqs.add(dead)
        self.ledger.queued.append(queue)
        self.ledger.dead.append(dead)
        stage = Stage(queue, dead, mapping.function, mapping)
        self.stages.append(stage)
        return stage

    @property
    def dead_letters(self) -> list[VirtualQueue]:
        return [stage.dead for stage in self.stages]

    @property
    def mappings(self) -> list[VirtualMapping]:
        return [stage.mapping for stage in self.stages]

    @property
    def functions(self) -> list[VirtualFunction]:
        return [stage.function for stage in self.stages]

    def put(self, number: int, body: str, *, at: float = 0.0) -> str:
        """Let SNS put a message with the token `alert-<number>` into the first queue; return the token."""
        return self.ledger.publish(self.stages[0].queue, number, body, at)

    def set_clock(self, seconds: float) -> None:
        """Move the wall clock by that many seconds."""
        self.world.wall.jump(seconds)
        self.history.add(ClockSet())

    def clear_faults(self) -> None:
        self.slack.clear_faults()
        self.world.operations.clear_faults()
        for mapping in self.mappings:
            mapping.clear_faults()
        for service in self.services.values():
            service.faults.clear_faults()

    def new_table(self) -> VirtualTable:
        """Return the client of one execution environment."""
        return VirtualTable(self.rows, self.table, self.history)

    def cold_start[S](self, wire: Callable[[], S], function: str, variables: Mapping[str, str]) -> S:
        """Build the steps of a function with the virtual services and clocks; `variables` change the template's."""
        clients = {"sqs": self.sqs, "sns": self.topic}
        given = {**environment(function), **variables}
        client = {"client": lambda service, _: clients.get(service)}
        with patch.dict(os.environ, given), patch.dict(wire.__globals__, client):
            return self.rewired(wire())

    def rewired[S](self, steps: S) -> S:
        """Return the steps with the virtual clocks, stores, table and Slack."""
        world = self.world
        return rewired(
            steps,
            (time.time, world.wall),
            (time.monotonic, world.monotonic),
            (time.sleep, world.sleep),
            (random.uniform, world.rng.uniform),
            *((one.__dataclass_fields__["new_token"].default, self.new_token) for one in WITH_TOKENS),
            kinds={DeliveriesTable: self.new_table(), ParameterStore: self.store, SlackHttp: self.slack},
        )

    def redrive(self, queue: VirtualQueue) -> None:
        """Send the visible messages of that queue back."""
        raise NotImplementedError

    def new_token(self) -> str:
        return f"{self.world.rng.getrandbits(64):016x}"

    def _consume(
        self, queue: VirtualQueue, new_environment: Callable[[], Handler], settings: StageSettings
    ) -> VirtualMapping:
        scheduler, wall = self.world.scheduler, self.world.wall
        function = VirtualFunction(scheduler, wall, lambda: self._recorded(new_environment()), settings.timeout)
        return VirtualMapping(
            scheduler,
            queue,
            function,
            settings.batch_size,
            settings.max_concurrency,
            one_group_per_batch=settings.one_group_per_batch,
        )

    def _recorded(self, handler: Handler) -> Handler:
        """Record which invocations run in a new execution environment."""
        number = next(self._environments)

        def handle(event: object, context: VirtualContext) -> object:
            self.history.environments[self.world.scheduler.task] = number
            return handler(event, context)

        return handle
