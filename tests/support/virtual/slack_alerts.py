"""intake and slack_alerts in a virtual pipeline: their own steps, with the world's clocks, dice, services and Slack."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from aws_events.envelope import Record
from intake import app as intake_app
from intake.crashes import Crashes
from intake.models import Routed
from intake.routing import Router
from intake.sending import Sending
from observability.ops import OpsTopic
from record_batch.admission import Admission
from record_batch.batch import BatchResources, run_batch
from record_batch.lane_batch import LaneResources
from record_batch.lane_queue import LaneQueue, moved_message
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from redrive.messages import read_message
from retry_policies import Deadline
from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from shared_state.claims import UNANSWERED_LIMIT, Claims
from shared_state.lane_state import LaneStates
from shared_state.last_success import LastSuccess
from shared_state.memory_rows import MemoryRows
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts import app
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.delivery.batch_delivery import Services
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.posting import classify
from slack_alerts.models import Credentials, SlackMessage
from slack_alerts.self_tests import SelfTestLane
from slack_alerts.settings import LEAST_POST_TIME
from slack_alerts.slack.egress import Egress
from tests.support.virtual.function import Handler, VirtualContext
from tests.support.virtual.history import Acknowledged, ClockSet, Dead, History, InLane
from tests.support.virtual.pipeline import Pipeline, StageNumbers
from tests.support.virtual.stores import VirtualStore, VirtualTopic
from tests.support.virtual.table import VirtualTable
from tests.support.virtual.timing import stage_numbers, timing
from tests.support.virtual.world import World

HOST = "hooks.slack.com"
PATH, ROUTES = "/destinations", "/routes"
DEFAULT, TEAM = "default", "team"
TOPICS = {name: f"arn:aws:sns:eu-west-1:123456789012:{name}" for name in (DEFAULT, TEAM)}
"""By the destination that their alerts go to."""
DIES_EARLY, DIES_LATE = "dies-early", "dies-late"
"""Words of alerts that kill the function each time: while intake routes them, and when they are about to be posted."""


def webhook(destination: str, version: int = 1) -> str:
    """Its secret, in that version."""
    return f"https://{HOST}/services/T000/{destination}/{version}"


def topic_arn(destination: str) -> str:
    """The topic whose alerts go to the destination."""
    return f"arn:aws:sns:eu-west-1:123456789012:{destination}"


def sns_envelope(text: str, message_id: str, destination: str = DEFAULT) -> str:
    """A message as SNS puts it into the queue."""
    envelope = {"Type": "Notification", "MessageId": message_id, "TopicArn": topic_arn(destination), "Message": text}
    return json.dumps(envelope)


@dataclass(frozen=True, kw_only=True)
class DeadlyRouter(Router):
    """Routes, but for what kills it."""

    world: World

    def route(self, record: Record, deadline: Deadline) -> Routed:
        if DIES_EARLY in record.text:
            self.world.die()
        return super().route(record, deadline)


@dataclass
class SlackAlerts:
    """Pipeline, table, secrets, routes; each cold start makes steps with a memory of their own."""

    world: World
    unanswered_limit: int = UNANSWERED_LIMIT
    numbers: StageNumbers = field(default_factory=stage_numbers)
    rows: MemoryRows = field(default_factory=MemoryRows)
    """What stands in DeliveriesTable."""
    destinations: Sequence[str] = tuple(TOPICS)
    digest_from: int = 3
    before_post: Callable[[SlackMessage], object] = lambda _: None
    """Called before each post; it may raise, sleep or die."""

    def __post_init__(self) -> None:
        self.road = Pipeline(self.world, self._intake_environment, self._environment, self.numbers)
        self.history = History(self.road)
        self._watch_lanes()
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
        for destination in self.destinations:
            self.store.put(f"{PATH}/{destination}", webhook(destination))
        routes = [
            {"match": {"topic": destination}, "destination": destination}
            for destination in self.destinations
            if destination != DEFAULT
        ]
        self.store.put(ROUTES, json.dumps({"routes": routes}))

    def publish(self, number: int, destination: str = DEFAULT, *, at: float = 0.0, words: str = "") -> str:
        """Let SNS put a message into the queue -> its token."""
        token = f"alert-{number}"
        body = sns_envelope(f"{token} {words}", f"sns-{number}", destination)
        self.published.add(body)
        return self.road.publish(number, body, at=at)

    def set_clock(self, seconds: float) -> None:
        """Somebody sets the clock on the wall."""
        self.world.wall.jump(seconds)
        self.history.add(ClockSet())

    def redrive(self, queue: object) -> None:
        """Send the visible messages of that queue back, as the function redrive does."""
        sqs = self.road.sqs
        url = next(url for url, one in sqs.queues.items() if one is queue)
        receive = partial(
            sqs.receive_message,
            QueueUrl=url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        while messages := receive().get("Messages"):
            for dead in map(partial(read_message, is_in_lane=queue is self.road.lanes_dead), messages):
                if dead.lane:
                    message = moved_message(dead.record, dead.lane)
                    self._lanes().send([message], Deadline.after(60, clock=self.world.monotonic))
                else:
                    sqs.send_message(
                        QueueUrl=self.road.alerts_url,
                        MessageBody=dead.record.body,
                        MessageAttributes=dead.attributes().sent,
                    )
                sqs.delete_message(QueueUrl=url, ReceiptHandle=dead.receipt_handle)

    def mend(self) -> None:
        """All faults are over; every destination has a secret that works."""
        road = self.road
        road.slack.mend()
        for mapping in road.mappings:
            mapping.mend()
        self.world.operations.mend()
        for service in self.services.values():
            service.faults.mend()
        for destination in self.destinations:
            name = f"{PATH}/{destination}"
            self.store.put(name, webhook(destination, self.store.versions[name] + 1))

    def _watch_lanes(self) -> None:
        road, add = self.road, self.history.add
        road.lanes.on_send.append(lambda message: add(InLane(message.body, message.group, message.message_id)))
        road.lanes.on_delete.append(lambda message: add(Acknowledged(message.body, "lanes", message.message_id)))
        for queue in (road.dead, road.lanes_dead):
            queue.on_send.append(lambda message: add(Dead(message.body)))

    def _remember_environment(self, number: int) -> None:
        self.history.environments[self.world.scheduler.task] = number

    def _rows(self) -> RowsWithFallback:
        return RowsWithFallback(self._table(), MemoryRows(), self.world.monotonic)

    def _table(self) -> VirtualTable:
        return VirtualTable(self.rows, self.table, self.history)

    def _overflow(self) -> Overflow:
        return Overflow(self._table(), self.world.wall, self._token)

    def _lanes(self) -> LaneQueue:
        return LaneQueue(
            sqs=self.road.sqs,
            url=self.road.lanes_url,
            overflow=self._overflow(),
            policy=self._write.with_(repeatable=True),
        )

    def _intake_environment(self) -> Handler:
        number = next(self._environments)
        steps = self._intake_steps()

        def handle(event: object, context: VirtualContext) -> object:
            self._remember_environment(number)
            return run_batch(
                event, context, partial(intake_app.send_to_lanes, steps), steps.resources, clock=self.world.monotonic
            )

        return handle

    def _intake_steps(self) -> intake_app.Steps:
        """Build the steps as intake.app.wire() does."""
        road, world, given = self.road, self.world, timing()
        rows = self._rows()
        claims = Claims(rows=rows, lease=given["Lease"], clock=world.wall, new_token=self._token)
        router = DeadlyRouter(
            default_destination=DEFAULT,
            test_alarm="",
            store=self.store,
            parameter=ROUTES,
            policy=self._read,
            on_trouble=lambda _: None,
            clock=world.monotonic,
            world=world,
        )
        redelivery = Redelivery(
            queue=road.sqs,
            queue_url=road.alerts_url,
            first_delay=given["IntakeFirstDelay"],
            delay_cap=given["IntakeDelayCap"],
            time_for_call=given["Reserve"] * 0.5,
            uniform=world.dice.uniform,
        )
        return intake_app.Steps(
            admission=Admission(road.alerts.arn, frozenset(map(topic_arn, self.destinations)), clock=world.wall),
            crashes=Crashes(claims),
            router=router,
            sending=Sending(self._lanes()),
            last_success=LastSuccess(rows, "intake", world.wall, self._token),
            resources=BatchResources(
                redelivery, Parking(road.sqs, road.parking_url, self._overflow()), given["Reserve"]
            ),
        )

    def _environment(self) -> Handler:
        number = next(self._environments)
        steps = self._steps()

        def handle(event: object, context: VirtualContext) -> object:
            self._remember_environment(number)
            return run_lanes(
                event,
                context,
                partial(app.alert, steps),
                steps.resources,
                side_by_side=self.world.scheduler.gather,
                clock=self.world.monotonic,
            )

        return handle

    def _steps(self) -> app.Steps:
        """Build the steps as slack_alerts.app.wire() does."""
        road, world, given = self.road, self.world, timing()
        rows = self._rows()
        credential_store = CredentialStore(
            store=self.store,
            path=PATH,
            egress=Egress(frozenset({HOST})),
            api_url=f"https://{HOST}/api",
            policy=self._read,
            clock=world.monotonic,
        )
        return app.Steps(
            admission=Admission(road.lanes.arn, None, clock=world.wall),
            self_tests=SelfTestLane(
                credential_store,
                DEFAULT,
                LastSuccess(rows, "heartbeat", world.wall, self._token),
                LastSuccess(rows, "test_alarm", world.wall, self._token),
                is_expected=False,
            ),
            delivery=self._delivery(credential_store, rows),
            resources=LaneResources(
                lanes=self._lanes(),
                parking=Parking(road.sqs, road.parking_url, self._overflow()),
                reserve=given["Reserve"],
                lane_time=given["LaneSeconds"],
                crash_pause=given["LaneLease"],
                default_lane=DEFAULT,
            ),
        )

    def _delivery(self, credential_store: CredentialStore, rows: RowsWithFallback) -> Services:
        world, given = self.world, timing()
        return Services(
            destinations=Destinations(credential_store, DEFAULT),
            lanes=LaneStates(
                rows=rows,
                first_pause=given["FirstPause"],
                pause_cap=given["PauseCap"],
                doubt_pause_cap=given["DoubtPauseCap"],
                clock=world.wall,
                new_token=self._token,
                uniform=world.dice.uniform,
            ),
            claims=Claims(
                rows=rows,
                lease=given["LaneLease"],
                unanswered_limit=self.unanswered_limit,
                clock=world.wall,
                new_token=self._token,
            ),
            post=self._post,
            policy=self._slack,
            digest_from=self.digest_from,
            post_interval=given["PostInterval"],
            notify_ops=OpsTopic(self.topic, "ops", self._write, world.monotonic).publish,
            clock=world.wall,
            monotonic=world.monotonic,
            sleep=world.sleep,
        )

    def _post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        if DIES_LATE in message.text:
            self.world.die()
        self.before_post(message)
        self.road.slack.post(credentials, message, timeout)

    def _token(self) -> str:
        return f"{self.world.dice.getrandbits(64):016x}"
