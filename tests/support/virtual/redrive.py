"""The function redrive in virtual time, on the queues and the table of a SlackAlerts stack."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from redrive import app
from redrive.request import Request
from retry_policies import Deadline
from tests.support.virtual.function import Handler, Invocation, VirtualContext, VirtualFunction
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
        stack = self.stack
        dead = {"DEAD_LETTER_QUEUE_URL": stack.dead.url, "LANES_DEAD_LETTER_QUEUE_URL": stack.lanes_dead.url}
        wired = stack.cold_start(app.wire.__wrapped__, "Redrive", dead)
        steps = replace(wired, new_movers=lambda source: stack.rewired(wired.new_movers(source)))

        def handle(event: object, context: VirtualContext) -> object:
            deadline = Deadline.from_context(context, reserve=steps.reserve, clock=self.stack.world.monotonic)
            report = app.redrive(steps, Request.from_event(event), deadline)
            self.reports.append(report)
            return report

        return handle
