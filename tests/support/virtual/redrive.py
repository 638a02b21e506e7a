"""The function redrive in virtual time, beside the pipeline: the same queues and table."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from record_batch.lane_queue import LaneQueue
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from redrive import app
from redrive.models import Request, Source
from redrive.moves import Intake, Mover
from redrive.undelivered import Undelivered
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from shared_state.claims import Claims
from shared_state.last_success import LastSuccess
from tests.support.virtual.function import Handler, Invocation, VirtualContext, VirtualFunction
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.table import VirtualTable
from tests.support.virtual.timing import timing

SCHEDULED = {"queue": "dead_letters", "dry_run": False}
"""The event of the template's schedule."""


@dataclass
class Redrive:
    """`Redrive(slack_alerts).schedule(900)`."""

    alerts: SlackAlerts
    reports: list[dict[str, Any]] = field(default_factory=list)
    """Of all that returned, by whomever they were called."""

    def __post_init__(self) -> None:
        world = self.alerts.world
        self.function = VirtualFunction(world.scheduler, world.wall, self._environment, timing()["FunctionTimeout"])

    def schedule(self, every: float, until: float) -> None:
        """As EventBridge Scheduler does, first after one period."""
        world = self.alerts.world
        for number in range(1, int(until / every) + 1):
            world.at(number * every, lambda: self.invoke(SCHEDULED))

    def invoke(self, event: object) -> Invocation:
        return self.function.invoke(event)

    def totals(self) -> Counter[str]:
        """Of all reports together, the numbers."""
        totals: Counter[str] = Counter()
        for report in self.reports:
            totals.update({name: one for name, one in report.items() if type(one) is int})
        return totals

    def _environment(self) -> Handler:
        steps = app.Steps(self._claims(), self._movers, timing()["Reserve"])

        def handle(event: object, context: VirtualContext) -> object:
            deadline = Deadline.from_context(context, reserve=steps.reserve, clock=self.alerts.world.monotonic)
            report = app.redrive(steps, Request.from_event(event), deadline)
            self.reports.append(report)
            return report

        return handle

    def _movers(self, source: Source) -> list[Mover]:
        road, world, given = self.alerts.road, self.alerts.world, timing()
        policy = AWS_WRITE.with_(repeatable=True, clock=world.monotonic, sleep=world.sleep, uniform=world.dice.uniform)
        overflow = Overflow(self._table(), world.wall)
        intake = Intake(
            overflow=overflow,
            sqs=road.sqs,
            url=road.alerts_url,
            last_success=LastSuccess(self._table(), "intake", world.wall),
            clock=world.wall,
            sleep=world.sleep,
        )
        urls = [road.lanes_dead_url, road.dead_url] if source is Source.DEAD_LETTERS else [road.parking_url]
        return [
            Mover(
                queue=Undelivered(
                    sqs=road.sqs, url=url, overflow=overflow, hidden=given["Lease"], grace=given["Reserve"] / 2
                ),
                source=source,
                intake=intake,
                lanes=LaneQueue(sqs=road.sqs, url=road.lanes_url, overflow=overflow, policy=policy),
                parking=Parking(road.sqs, road.parking_url, overflow),
                own_queues=frozenset({road.alerts.arn, road.lanes.arn}),
                clock=world.wall,
            )
            for url in urls
        ]

    def _claims(self) -> Claims:
        return Claims(rows=self._table(), lease=timing()["Lease"], clock=self.alerts.world.wall)

    def _table(self) -> VirtualTable:
        return VirtualTable(self.alerts.rows, self.alerts.table, self.alerts.history)
