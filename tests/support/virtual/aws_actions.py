"""The function aws_actions on a virtual road: its own steps, with the world's clocks, dice, services and AWS.

The road's `alerts` is ActionsQueue here, and nothing is posted to its Slack.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from typing import Any

from aws_actions import app
from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.calling.calling import Calling
from aws_actions.publishing import AlertsTopic
from aws_actions.request_reader import RequestReader
from aws_actions.rules.rulebook import Rulebook
from record_batch.admission import Admission
from record_batch.batch import run_batch
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from shared_state.claims import Claims
from shared_state.memory_rows import MemoryRows
from tests.support.virtual.clocks import EPOCH
from tests.support.virtual.cloud import Cloud
from tests.support.virtual.function import Handler, VirtualContext
from tests.support.virtual.history import ClockSet, History, RulesSet, SentBack
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.resources import resources
from tests.support.virtual.road import Numbers, Road
from tests.support.virtual.stores import VirtualStore, VirtualTopic
from tests.support.virtual.table import VirtualTable
from tests.support.virtual.timing import numbers, timing
from tests.support.virtual.world import World

TOPIC = "arn:aws:sns:eu-west-1:123456789012:actions"
RULES = "/action-rules"
ALLOWED = "ecs:UpdateService,lambda:InvokeFunction,ssm:GetParameter,ssm:StartAutomationExecution"


def document(service: str, operation: str, parameter: str, value: str) -> str:
    """The rules of which each alarm that is loud makes this call."""
    request = {"service": service, "operation": operation, "parameters": {parameter: value}}
    return json.dumps({"rules": [{"match": {"alarm": "alert-*", "state": "ALARM"}, "request": request}]})


DOCUMENT = document("ecs", "UpdateService", "service", "${alarm.name}")
OTHER = document("lambda", "Invoke", "FunctionName", "${alarm.name}")
UNFILLED = document("ecs", "UpdateService", "service", "${dimension.ServiceName}")
"""Of which no alarm has what it names."""
NO_RULES = json.dumps({"rules": []})


def requested(message: str, message_id: str, at: float) -> str:
    """A message as SNS puts it into the queue, published so many seconds after the world began."""
    envelope = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": TOPIC,
        "Message": message,
        "Timestamp": datetime.fromtimestamp(EPOCH + at, UTC).isoformat(),
    }
    return json.dumps(envelope)


@dataclass
class AwsActions:
    """Road, table, rules, AWS; each cold start makes steps with a memory of their own."""

    world: World
    numbers: Numbers = field(default_factory=numbers)
    rows: MemoryRows = field(default_factory=MemoryRows)
    """What stands in DeliveriesTable."""

    def __post_init__(self) -> None:
        world = self.world
        self.road = Road(world, lambda _: self._environment(), self.numbers)
        self.history = History(self.road)
        self.store = VirtualStore(world.service("ssm"))
        self.store.put(RULES, DOCUMENT)
        self.topic = VirtualTopic(world.service("sns"))
        self.cloud = Cloud(world.service("aws"), world.service("sts"), self.history.add)
        self.services = {
            "table": world.service("table", 0.005),
            "ssm": self.store.service,
            "sns": self.topic.service,
            "sqs": self.road.sqs.service,
            "aws": self.cloud.service,
            "sts": self.cloud.sts,
        }
        self._environments = count(1)

    def publish(self, number: int, message: str, *, at: float = 0.0, again: float = 0.0) -> str:
        """Let SNS put a message into the queue, so long after it was published -> its token."""
        return self.road.publish(number, at=at + again, body=requested(message, f"sns-{number}", at))

    def set_clock(self, seconds: float) -> None:
        """Somebody sets the clock on the wall."""
        self.world.wall.jump(seconds)
        self.history.add(ClockSet())

    def set_rules(self, document: str) -> None:
        """Somebody writes another document; who has read one keeps that for minutes."""
        self.store.put(RULES, document)
        self.history.add(RulesSet(document))

    def redrive(self, queue: VirtualQueue) -> None:
        """Somebody at the console moves all that is visible there back to ActionsQueue: nothing of ours does."""
        while batch := queue.receive():
            for one in batch:
                self.history.add(SentBack(one.body, queue is self.road.parking))
                self.road.alerts.send(one.body, one.attributes)
                queue.delete(one.receipt_handle)

    def mend(self) -> None:
        """All faults are over."""
        self.road.mapping.mend()
        self.world.operations.mend()
        for service in self.services.values():
            service.faults.mend()
        self.set_rules(DOCUMENT)

    def _environment(self) -> Handler:
        number = next(self._environments)
        steps = self._steps()

        def handle(event: object, context: VirtualContext) -> object:
            self.history.environments[self.world.scheduler.task] = number
            return run_batch(event, context, partial(app.act, steps), steps.resources, clock=self.world.monotonic)

        return handle

    def _steps(self) -> app.Steps:
        """As app.wire() does."""
        rulebook = Rulebook(
            store=self.store,
            parameter=RULES,
            policy=AWS_READ.with_(**self._in_time()),
            on_trouble=lambda _: None,
            clock=self.world.monotonic,
        )
        return app.Steps(
            admission=Admission(self.road.alerts.arn, frozenset({TOPIC}), expires=False),
            request_reader=RequestReader(lambda: rulebook),
            calling=self._calling(),
            resources=resources(self.road),
        )

    def _calling(self) -> Calling:
        world, given = self.world, timing()
        table = VirtualTable(self.rows, self.services["table"], self.history)
        claims = Claims(rows=table, lease=given["Lease"], clock=world.wall, new_token=self._token)
        return Calling(
            actions=self._actions(),
            claims=claims,
            publish_outcome=AlertsTopic(
                lambda: self.topic, "alerts", AWS_WRITE.with_(**self._in_time())
            ).publish_outcome,
            now=lambda: datetime.fromtimestamp(world.wall(), UTC),
        )

    def _actions(self) -> Actions:
        given = timing()
        attempt_time = given["Reserve"] * 0.6 + given["CallTimeout"]  # as Settings has it
        timeouts = self._in_time() | {"min_attempt_time": attempt_time, "timeout": attempt_time}
        return Actions(
            allowed=AllowList.parse(ALLOWED),
            session=cache(self.cloud.session),
            config=aws_config(),
            read=AWS_READ.with_(**timeouts),
            write=AWS_WRITE.with_(**timeouts),
        )

    def _in_time(self) -> dict[str, Any]:
        return {"clock": self.world.monotonic, "sleep": self.world.sleep, "uniform": self.world.dice.uniform}

    def _token(self) -> str:
        return f"{self.world.dice.getrandbits(64):016x}"
