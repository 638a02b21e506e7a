"""aws_actions in virtual time, with its queue, its rules and the AWS that it calls. Nothing is posted to Slack."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial

from aws_actions import app
from aws_actions.publishing import AlertsTopic
from aws_actions.request_reader import RequestReader
from aws_actions.rules.rulebook import Rulebook
from record_batch.batch import run_batch
from retry_policies.presets import AWS_READ, AWS_WRITE
from tests.support.virtual.clocks import EPOCH
from tests.support.virtual.cloud import Cloud
from tests.support.virtual.function import Handler
from tests.support.virtual.history import RulesSet, SentBack
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.stack import VirtualStack
from tests.support.virtual.timing import actions_settings

TOPIC = "arn:aws:sns:eu-west-1:123456789012:actions"
RULES = "/holdfast/action-rules"
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
        """Return the wired steps with this cloud; the wired ones make some clients only when they are needed."""
        steps = self.cold_start(app.wire.__wrapped__, "Actions", {"ALLOWED_ACTIONS": ALLOWED})
        rulebook = Rulebook(store=self.store, parameter=RULES, policy=AWS_READ, on_trouble=lambda _: None)
        rulebook = self.rewired(rulebook)
        topic = AlertsTopic(lambda: self.topic, "alerts", self.rewired(AWS_WRITE))
        calling = replace(
            steps.calling,
            actions=replace(steps.calling.actions, session=cache(self.cloud.session)),
            publish_outcome=topic.publish_outcome,
            now=lambda: datetime.fromtimestamp(self.world.wall(), UTC),
        )
        return replace(steps, request_reader=RequestReader(lambda: rulebook), calling=calling)
