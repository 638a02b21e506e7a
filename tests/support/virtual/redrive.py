"""The function redrive in virtual time, on the queues and the table of a SlackAlerts stack."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redrive import app
from redrive.intake import Intake
from redrive.moves import Mover
from redrive.request import Request, Source
from redrive.source_queue import SourceQueue
from retry_policies import Deadline
from shared_state.claims import Claims
from shared_state.last_success import LastSuccess
from tests.support.virtual.function import Handler, Invocation, VirtualContext, VirtualFunction
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.timing import timing

SCHEDULED = {"queue": "dead_letters", "dry_run": False}
"""The event of the template's schedule."""


@dataclass
class RedriveFunction:
    """`RedriveFunction(stack).schedule(900, until=3600)`."""

    stack: SlackAlerts
    reports: list[dict[str, Any]] = field(default_factory=list)
    """The reports of all invocations that returned."""

    def __post_init__(self) -> None:
        world = self.stack.world
        self.function = VirtualFunction(world.scheduler, world.wall, self._environment, timing()["FunctionTimeout"])

    def schedule(self, every: float, until: float) -> None:
        """Invoke the function at intervals, as EventBridge Scheduler does; the first time after one interval."""
        world = self.stack.world
        for number in range(1, int(until / every) + 1):
            world.at(number * every, lambda: self.invoke(SCHEDULED))

    def invoke(self, event: object) -> Invocation:
        return self.function.invoke(event)

    def totals(self) -> Counter[str]:
        """Return the sums of the numbers of all reports."""
        totals: Counter[str] = Counter()
        for report in self.reports:
            totals.update({name: one for name, one in report.items() if type(one) is int})
        return totals

    def _environment(self) -> Handler:
        claims = Claims(rows=self.stack.new_table(), lease=timing()["Lease"], clock=self.stack.world.wall)
        steps = app.Steps(claims, self._movers, timing()["Reserve"])

        def handle(event: object, context: VirtualContext) -> object:
            deadline = Deadline.from_context(context, reserve=steps.reserve, clock=self.stack.world.monotonic)
            report = app.redrive(steps, Request.from_event(event), deadline)
            self.reports.append(report)
            return report

        return handle

    def _movers(self, source: Source) -> list[Mover]:
        stack, intake = self.stack, self._intake()
        return [
            Mover(
                queue=self._source_queue(queue),
                source=source,
                intake=intake,
                lanes=stack.lane_queue(),
                parking=stack.new_parking(),
                own_queues=frozenset({stack.alerts.arn, stack.lanes.arn}),
                clock=stack.world.wall,
            )
            for queue in ([stack.lanes_dead, stack.dead] if source is Source.DEAD_LETTERS else [stack.parking])
        ]

    def _source_queue(self, queue: VirtualQueue) -> SourceQueue:
        given = timing()
        return SourceQueue(
            sqs=self.stack.sqs,
            url=queue.url,
            overflow=self.stack.overflow(),
            hidden=given["Lease"],
            grace=given["Reserve"] / 2,
        )

    def _intake(self) -> Intake:
        stack = self.stack
        return Intake(
            overflow=stack.overflow(),
            sqs=stack.sqs,
            url=stack.alerts.url,
            last_success=LastSuccess(stack.new_table(), "intake", stack.world.wall),
            clock=stack.world.wall,
            sleep=stack.world.sleep,
        )
