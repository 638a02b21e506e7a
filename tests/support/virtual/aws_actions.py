"""aws_actions in virtual time, with its queue, its rules and the AWS that it calls. Nothing is posted to Slack."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial

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
from shared_state.claims import Claims
from tests.support.virtual.clocks import EPOCH
from tests.support.virtual.cloud import Cloud
from tests.support.virtual.function import Handler
from tests.support.virtual.history import RulesSet, SentBack
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.stack import VirtualStack
from tests.support.virtual.timing import actions_settings, timing

TOPIC = "arn:aws:sns:eu-west-1:123456789012:actions"
RULES = "/action-rules"
ALLOWED = "ecs:UpdateService,lambda:InvokeFunction,ssm:GetParameter,ssm:StartAutomationExecution"


def document(service: str, operation: str, parameter: str, value: str) -> str:
    """Return rules with which each alarm in state ALARM makes this call."""
    request = {"service": service, "operation": operation, "parameters": {parameter: value}}
    return json.dumps({"rules": [{"match": {"alarm": "alert-*", "state": "ALARM"}, "request": request}]})


DOCUMENT = document("ecs", "UpdateService", "service", "${alarm.name}")
OTHER = document("lambda", "Invoke", "FunctionName", "${alarm.name}")
UNFILLED = document("ecs", "UpdateService", "service", "${dimension.ServiceName}")
"""Rules with a placeholder that no alarm fills."""
NO_RULES = json.dumps({"rules": []})


def sns_envelope(message: str, message_id: str, at: float) -> str:
    """Return the body of an SQS message from SNS, published that many seconds after the start of the world."""
    envelope = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": TOPIC,
        "Message": message,
        "Timestamp": datetime.fromtimestamp(EPOCH + at, UTC).isoformat(),
    }
    return json.dumps(envelope)


@dataclass
class AwsActions(VirtualStack):
    """The stack of aws_actions. Each cold start builds new steps."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.store.put(RULES, DOCUMENT)
        self.cloud = Cloud(self.world.service("aws"), self.world.service("sts"), self.history.add)
        self.services |= {"aws": self.cloud.service, "sts": self.cloud.sts}
        stage = self.add_stage(VirtualQueue, "actions", self._environment, actions_settings())
        self.queue, self.dead, self.function = stage.queue, stage.dead, stage.function

    def publish(self, number: int, message: str, *, at: float = 0.0, again: float = 0.0) -> str:
        """Let SNS put a message into the queue `again` seconds after its publication; return its token."""
        return self.put(number, sns_envelope(message, f"sns-{number}", at), at=at + again)

    def set_rules(self, document: str) -> None:
        """Replace the document of rules; environments keep the old one for minutes."""
        self.store.put(RULES, document)
        self.history.add(RulesSet(document))

    def redrive(self, queue: VirtualQueue) -> None:
        """Move the visible messages back to ActionsQueue, as a human does in the console."""
        while batch := queue.receive():
            for one in batch:
                self.history.add(SentBack(one.body, queue is self.parking))
                self.queue.send(one.body, one.attributes)
                queue.delete(one.receipt_handle)

    def clear_faults(self) -> None:
        """End all faults, and restore the first rules."""
        super().clear_faults()
        self.set_rules(DOCUMENT)

    def _environment(self) -> Handler:
        steps = self._steps()
        clock, act = self.world.monotonic, partial(app.act, steps)
        return lambda event, context: run_batch(event, context, act, steps.resources, clock=clock)

    def _steps(self) -> app.Steps:
        """Build the steps as aws_actions.app.wire() does."""
        rulebook = Rulebook(
            store=self.store,
            parameter=RULES,
            policy=self.read,
            on_trouble=lambda _: None,
            clock=self.world.monotonic,
        )
        return app.Steps(
            admission=Admission(self.queue.arn, frozenset({TOPIC}), expires=False),
            request_reader=RequestReader(lambda: rulebook),
            calling=self._calling(),
            resources=self.batch_resources(""),
        )

    def _calling(self) -> Calling:
        wall = self.world.wall
        return Calling(
            actions=self._actions(),
            claims=Claims(rows=self.new_table(), lease=timing()["Lease"], clock=wall, new_token=self.new_token),
            publish_outcome=AlertsTopic(lambda: self.topic, "alerts", self.write).publish_outcome,
            now=lambda: datetime.fromtimestamp(wall(), UTC),
        )

    def _actions(self) -> Actions:
        given = timing()
        attempt_time = given["Reserve"] * 0.6 + given["CallTimeout"]  # as in aws_actions.settings
        return Actions(
            allowed=AllowList.parse(ALLOWED),
            session=cache(self.cloud.session),
            config=aws_config(),
            read=self.read.with_(min_attempt_time=attempt_time, timeout=attempt_time),
            write=self.write.with_(min_attempt_time=attempt_time, timeout=attempt_time),
        )
