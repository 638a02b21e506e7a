"""The function redrive in virtual time, beside slack_alerts: the same road, table, secrets and routes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NoReturn

from record_batch.circuit import Circuits
from record_batch.claims import Claims
from record_batch.documents import Trouble
from record_batch.parking import Parking
from redrive import app
from redrive.judging import Judge
from redrive.models import Request, Source
from redrive.moves import Mover
from redrive.undelivered import Undelivered
from redrive.versions import MISSING, Versions
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from slack_alerts.routing import Router
from tests.support.virtual.function import Handler, Invocation, VirtualContext, VirtualFunction
from tests.support.virtual.slack_alerts import DEFAULT, PATH, ROUTES, SlackAlerts
from tests.support.virtual.table import VirtualTable
from tests.support.virtual.timing import timing

SCHEDULED = {"queue": "dead_letters", "dry_run": False}
"""What the template's schedule asks for."""


@dataclass(frozen=True)
class VirtualVersions:
    """The versions of the secrets, and nothing else of them."""

    alerts: SlackAlerts

    def version(self, name: str) -> str:
        stored = self.alerts.store.read(name)
        return MISSING if stored is None else stored.version


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
        steps = app.Steps(self._claims(), self._mover, timing()["Reserve"])

        def handle(event: object, context: VirtualContext) -> object:
            deadline = Deadline.from_context(context, reserve=steps.reserve, clock=self.alerts.world.monotonic)
            report = app.redrive(steps, Request.from_event(event), deadline)
            self.reports.append(report)
            return report

        return handle

    def _mover(self, source: Source) -> Mover:
        road, world, given = self.alerts.road, self.alerts.world, timing()
        url = road.dead_url if source is Source.DEAD_LETTERS else road.parking_url
        return Mover(
            queue=Undelivered(sqs=road.sqs, url=url, hidden=given["Lease"], grace=given["Reserve"] / 2),
            sqs=road.sqs,
            to_url=road.alerts_url,
            to_arn=road.alerts.arn,
            parking=Parking(road.sqs, road.parking_url),
            claims=self._claims(),
            judge=self._judge(),
            sleep=world.sleep,
            clock=world.wall,
        )

    def _judge(self) -> Judge:
        world, given = self.alerts.world, timing()
        policy = AWS_READ.with_(clock=world.monotonic, sleep=world.sleep, uniform=world.dice.uniform)
        router = Router(
            default_destination=DEFAULT,
            store=self.alerts.store,
            parameter=ROUTES,
            policy=policy,
            on_trouble=_refuse,
            clock=world.monotonic,
        )
        circuits = Circuits(
            rows=self._table(), first_pause=given["FirstPause"], pause_cap=given["PauseCap"], clock=world.wall
        )
        return Judge(router=router, circuits=circuits, versions=Versions(VirtualVersions(self.alerts), PATH, policy))

    def _claims(self) -> Claims:
        return Claims(rows=self._table(), lease=timing()["Lease"], clock=self.alerts.world.wall)

    def _table(self) -> VirtualTable:
        return VirtualTable(self.alerts.rows, self.alerts.table, self.alerts.history)


def _refuse(trouble: Trouble) -> NoReturn:
    raise app.RoutesUnusable(trouble.value)
