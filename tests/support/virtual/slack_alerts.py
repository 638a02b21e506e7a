"""The function slack_alerts on a virtual road: its own steps, with the world's clocks, dice, services and Slack."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from record_batch.admission import Admission
from record_batch.batch import run_batch
from record_batch.circuit import Circuits
from record_batch.claims import UNANSWERED_LIMIT, Claims
from record_batch.memory_rows import MemoryRows
from record_batch.ops import OpsTopic
from record_batch.rows_with_fallback import RowsWithFallback
from redrive.letters import read_letter
from retry_policies import Deadline
from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from slack_alerts import app
from slack_alerts.credentials import Keyring
from slack_alerts.delivery import Delivery
from slack_alerts.egress import Egress
from slack_alerts.models import Credentials, Notification, Routed, SlackMessage
from slack_alerts.posting import classify
from slack_alerts.routing import Router
from slack_alerts.self_tests import SelfTests
from slack_alerts.settings import LEAST_POST_TIME
from tests.support.virtual.exits import exits
from tests.support.virtual.function import Handler, VirtualContext
from tests.support.virtual.history import ClockSet, History
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.road import Numbers, Road
from tests.support.virtual.stores import VirtualStore, VirtualTopic
from tests.support.virtual.table import VirtualTable
from tests.support.virtual.timing import numbers, timing
from tests.support.virtual.world import World

HOST = "hooks.slack.com"
PATH, ROUTES = "/destinations", "/routes"
DEFAULT, TEAM = "default", "team"
TOPICS = {name: f"arn:aws:sns:eu-west-1:123456789012:{name}" for name in (DEFAULT, TEAM)}
"""By the destination that their alerts go to."""
DIES_EARLY, DIES_LATE = "dies-early", "dies-late"
"""Words of alerts that kill the function each time: while they are routed, and when they are about to be posted."""


def webhook(destination: str, version: int = 1) -> str:
    """Its secret, in that version."""
    return f"https://{HOST}/services/T000/{destination}/{version}"


def sns_envelope(text: str, message_id: str, destination: str = DEFAULT) -> str:
    """A message as SNS puts it into the queue."""
    envelope = {"Type": "Notification", "MessageId": message_id, "TopicArn": TOPICS[destination], "Message": text}
    return json.dumps(envelope)


@dataclass(frozen=True, kw_only=True)
class DeadlyRouter(Router):
    """Routes, but for what kills it."""

    world: World

    def route(self, notifications: Iterable[Notification], deadline: Deadline) -> Iterator[tuple[str, list[Routed]]]:
        return super().route(map(self._survive, notifications), deadline)

    def _survive(self, notification: Notification) -> Notification:
        if DIES_EARLY in notification.reason:
            self.world.die()
        return notification


@dataclass
class SlackAlerts:
    """Road, table, secrets, routes; each cold start makes steps with a memory of their own."""

    world: World
    unanswered_limit: int = UNANSWERED_LIMIT
    numbers: Numbers = field(default_factory=numbers)
    rows: MemoryRows = field(default_factory=MemoryRows)
    """What stands in DeliveriesTable."""

    def __post_init__(self) -> None:
        self.road = Road(self.world, lambda _: self._environment(), self.numbers)
        self.history = History(self.road)
        self.table = self.world.service("table", 0.005)
        self.store = VirtualStore(self.world.service("ssm"))
        self.topic = VirtualTopic(self.world.service("sns"))
        self.services = {
            "table": self.table,
            "ssm": self.store.service,
            "sns": self.topic.service,
            "sqs": self.road.sqs.service,
        }
        self.published: set[str] = set()
        """All bodies that SNS has sent."""
        self._environments = count(1)
        in_time = {"clock": self.world.monotonic, "sleep": self.world.sleep, "uniform": self.world.dice.uniform}
        self._read, self._write = AWS_READ.with_(**in_time), AWS_WRITE.with_(**in_time)
        self._slack = SLACK_WEBHOOK.with_(
            classifier=classify, min_attempt_time=LEAST_POST_TIME * timing()["Reserve"], **in_time
        )
        for destination in TOPICS:
            self.store.put(f"{PATH}/{destination}", webhook(destination))
        routes = [{"match": {"topic": TEAM}, "destination": TEAM}]
        self.store.put(ROUTES, json.dumps({"routes": routes}))

    def publish(self, number: int, destination: str = DEFAULT, *, at: float = 0.0, words: str = "") -> str:
        """Let SNS put a message into the queue -> its token."""
        token = f"alert-{number}"
        body = sns_envelope(f"{token} {words}", f"sns-{number}", destination)
        self.published.add(body)
        return self.road.publish(number, at=at, body=body)

    def set_clock(self, seconds: float) -> None:
        """Somebody sets the clock on the wall."""
        self.world.wall.jump(seconds)
        self.history.add(ClockSet())

    def redrive(self, queue: VirtualQueue) -> None:
        """Somebody sends all that is visible there back to AlertsQueue, as the function redrive does."""
        sqs = self.road.sqs
        url = next(url for url, one in sqs.queues.items() if one is queue)
        receive = partial(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        while messages := receive().get("Messages"):
            for letter in filter(None, map(read_letter, messages)):
                attributes = letter.sent_on(letter.hop + 1)
                sqs.send_message(
                    QueueUrl=self.road.alerts_url, MessageBody=letter.record.body, MessageAttributes=attributes
                )
                sqs.delete_message(QueueUrl=url, ReceiptHandle=letter.receipt_handle)

    def mend(self) -> None:
        """All faults are over; every destination has a secret that works."""
        road = self.road
        road.slack.mend()
        road.mapping.mend()
        self.world.operations.mend()
        for service in self.services.values():
            service.faults.mend()
        for destination in TOPICS:
            name = f"{PATH}/{destination}"
            self.store.put(name, webhook(destination, self.store.versions[name] + 1))

    def _environment(self) -> Handler:
        number = next(self._environments)
        steps = self._steps()

        def handle(event: object, context: VirtualContext) -> object:
            self.history.environments[self.world.scheduler.task] = number
            step = partial(app.alert, steps, steps.delivery.visit())
            return run_batch(event, context, step, steps.exits, clock=self.world.monotonic)

        return handle

    def _steps(self) -> app.Steps:
        """As app.wire() does."""
        road = self.road
        router = DeadlyRouter(
            default_destination=DEFAULT,
            store=self.store,
            parameter=ROUTES,
            policy=self._read,
            on_trouble=lambda _: None,
            clock=self.world.monotonic,
            world=self.world,
        )
        return app.Steps(
            admission=Admission(road.alerts.arn, frozenset(TOPICS.values())),
            router=router,
            self_tests=SelfTests(""),
            delivery=self._delivery(),
            exits=exits(self.road),
        )

    def _delivery(self) -> Delivery:
        world, given = self.world, timing()
        keyring = Keyring(
            store=self.store,
            path=PATH,
            egress=Egress(frozenset({HOST})),
            api_url=f"https://{HOST}/api",
            policy=self._read,
            clock=world.monotonic,
        )
        table = VirtualTable(self.rows, self.table, self.history)
        rows = RowsWithFallback(table, MemoryRows(), world.monotonic)
        return Delivery(
            keyring=keyring,
            post=self._post,
            policy=self._slack,
            default=DEFAULT,
            claims=Claims(
                rows=rows,
                lease=given["Lease"],
                unanswered_limit=self.unanswered_limit,
                clock=world.wall,
                new_token=self._token,
            ),
            circuits=Circuits(
                rows=rows,
                first_pause=given["FirstPause"],
                pause_cap=given["PauseCap"],
                clock=world.wall,
                new_token=self._token,
            ),
            tell_ops=OpsTopic(self.topic, "ops", self._write, world.monotonic).tell,
        )

    def _post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        if DIES_LATE in message.text:
            self.world.die()
        self.road.slack.post(credentials, message, timeout)

    def _token(self) -> str:
        return f"{self.world.dice.getrandbits(64):016x}"
