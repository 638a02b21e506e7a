"""intake and slack_alerts in virtual time, with their queues, services and Slack."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any

from aws_events.record import Record
from aws_events.strict_json import Json
from intake import app as intake_app
from intake.routing import Router
from record_batch.batch import run_batch
from record_batch.lane_message import LaneMessage, moved_message
from record_batch.lane_queue import LaneQueue
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from redrive.messages import Message as RedriveMessage
from redrive.messages import read_message
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from slack_alerts import app
from slack_alerts.models import Credentials, Place, SlackMessage
from tests.support.virtual.alarm_change import AlarmChange
from tests.support.virtual.alert_messages import (
    DEFAULT,
    DESTINATIONS,
    DIES_EARLY,
    DIES_LATE,
    bot_secret,
    sns_envelope,
    topic_arn,
    webhook,
)
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.function import Handler, VirtualContext
from tests.support.virtual.history import InLane
from tests.support.virtual.pictures import VirtualPictures
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.stack import VirtualStack
from tests.support.virtual.timing import StageSettings, intake_settings, lane_settings
from tests.support.virtual.world import World

PATH, ROUTES = "/holdfast/destinations", "/holdfast/routes"


@dataclass(frozen=True, kw_only=True)
class CrashingRouter(Router):
    """A router that dies at alerts with the word DIES_EARLY."""

    world: World

    def route(self, record: Record, deadline: Deadline) -> LaneMessage:
        if DIES_EARLY in record.text:
            self.world.die()
        return super().route(record, deadline)


@dataclass
class SlackAlerts(VirtualStack):
    """The stack without aws_actions. Each cold start builds new steps."""

    unanswered_posts: str = "repeat"
    lane_settings: StageSettings = field(default_factory=lane_settings)
    destinations: Sequence[str] = DESTINATIONS
    digest_from: int = 3
    follow: str = ""
    """The `follow` of all routes; then the destinations have bot tokens, else webhooks."""
    pictures: VirtualPictures | None = None
    mute: Mapping[str, Json] = field(default_factory=dict)
    """The fields `mute` and `mute_below` of all routes."""
    before_post: Callable[[SlackMessage], object] = lambda _: None
    """Called before each post; it may raise, sleep or die."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.published: set[str] = set()
        """All bodies that SNS has sent."""
        self.intake = self.add_stage(VirtualQueue, "alerts", self._intake_environment, intake_settings())
        self.sender = self.add_stage(VirtualFifoQueue, "lanes.fifo", self._sender_environment, self.lane_settings)
        self.alerts, self.dead = self.intake.queue, self.intake.dead
        self.lanes, self.lanes_dead = self.sender.queue, self.sender.dead
        self.lanes.on_send.append(lambda one: self.history.add(InLane(one.body, one.group, one.message_id)))
        for destination in self.destinations:
            self.store.put(f"{PATH}/{destination}", self.secret(destination))
        self.store_routes(self.mute)
        self.identities: dict[str, str] = {}
        """Token -> the identity of its alert."""

    def store_routes(self, mute: Mapping[str, Json]) -> None:
        """Store the routes with these fields of a mute."""
        fields = dict[str, Json](mute) | ({"follow": self.follow} if self.follow else {})
        named = self.destinations if fields else [one for one in self.destinations if one != DEFAULT]
        routes = [{"match": {"topic": one}, "destination": one, **fields} for one in named]
        self.store.put(ROUTES, json.dumps({"routes": routes}))

    def secret(self, destination: str, version: int = 1) -> str:
        """Return a version of the destination's secret."""
        return (bot_secret if self.follow else webhook)(destination, version)

    def publish(
        self,
        number: int,
        destination: str = DEFAULT,
        *,
        at: float = 0.0,
        words: str = "",
        change: AlarmChange | None = None,
    ) -> str:
        """Let SNS put an alert into AlertsQueue, a text or a change of an alarm; return its token."""
        said = f"alert-{number} {words}".rstrip() if change else f"alert-{number} {words}"
        text = change.message(said) if change else said
        body = sns_envelope(text, f"sns-{number}", destination)
        self.identities[f"alert-{number}"] = change.identity if change else f"sns-{number}"
        self.published.add(body)
        return self.put(number, body, at=at)

    def redrive(self, queue: VirtualQueue) -> None:
        """Send the visible messages of that queue back, as the function redrive does; one that is not sent stays."""
        receive = partial(
            self.sqs.receive_message,
            QueueUrl=queue.url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        staying = []
        while messages := receive().get("Messages"):
            for dead in map(partial(read_message, is_in_lane=queue is self.lanes_dead), messages):
                if self._send_back(dead):
                    self.sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=dead.receipt_handle)
                else:
                    staying.append(dead.receipt_handle)
        for handle in staying:
            self.sqs.change_message_visibility(QueueUrl=queue.url, ReceiptHandle=handle, VisibilityTimeout=0)

    def _send_back(self, dead: RedriveMessage) -> bool:
        """Return whether the lane or the queue of intake took the message."""
        if dead.lane:
            deadline = Deadline.after(60, clock=self.world.monotonic)
            policy = AWS_WRITE.with_(repeatable=True)
            lanes = LaneQueue(sqs=self.sqs, url=self.lanes.url, overflow=Overflow(self.rows), policy=policy)
            return lanes.send([moved_message(dead.record, dead.lane)], deadline) == [True]
        body, attributes = dead.record.body, dead.attributes().sent
        self.sqs.send_message(QueueUrl=self.alerts.url, MessageBody=body, MessageAttributes=attributes)
        return True

    def clear_faults(self) -> None:
        """End all faults, and give each destination a new valid secret."""
        super().clear_faults()
        for destination in self.destinations:
            name = f"{PATH}/{destination}"
            self.store.put(name, self.secret(destination, self.store.versions[name] + 1))

    def router(self, own: Router) -> Router:
        """Return the router of intake in place of its own."""
        return CrashingRouter(**fields_of(own), world=self.world)

    def _intake_environment(self) -> Handler:
        topics = ",".join(map(topic_arn, self.destinations))
        steps = self.cold_start(
            intake_app.wire.__wrapped__, "Intake", {"ALLOWED_TOPIC_ARNS": topics, "TEST_ALARM_ARN": ""}
        )
        steps = replace(steps, router=self.router(steps.router))
        clock, work = self.world.monotonic, partial(intake_app.send_to_lanes, steps)
        return lambda event, context: run_batch(event, context, work, steps.resources, clock=clock)

    def _sender_environment(self) -> Handler:
        settings = {
            "DIGEST_FROM": str(self.digest_from),
            "UNANSWERED_POSTS": self.unanswered_posts,
            "TEST_ALARM_ARN": "",
        }
        steps = self.cold_start(app.wire.__wrapped__, "SlackAlerts", settings)
        pictures = self.pictures.build() if self.pictures else None
        want_picture = pictures.want if pictures else None
        delivery = replace(steps.delivery, post=self._post, want_picture=want_picture)
        return partial(self._handle, replace(steps, delivery=delivery, pictures=pictures))

    def _handle(self, steps: app.Steps, event: object, context: VirtualContext) -> object:
        """Handle an event as slack_alerts.app.handler() does."""
        if steps.pictures is not None:
            steps.pictures.wanted.clear()
        response = run_lanes(
            event,
            context,
            partial(app.alert, steps),
            steps.resources,
            side_by_side=self.world.scheduler.gather,
            clock=self.world.monotonic,
        )
        if steps.pictures is not None:
            reserve = steps.resources.reserve
            steps.pictures.post(Deadline.from_context(context, reserve=reserve, clock=self.world.monotonic))
        return response

    def _post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> Place | None:
        if DIES_LATE in message.text:
            self.world.die()
        self.before_post(message)
        return self.slack.post(credentials, message, timeout)


def fields_of(router: Router) -> dict[str, Any]:
    return {one.name: getattr(router, one.name) for one in fields(Router)}
