"""The stack of the demonstration in virtual time, with the Slack stand-in and the view from outside."""

import json
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from demo.ministack import QueuedMessage
from demo.slack.standin import SlackStandin
from demo.watch import Watch
from holdfast_cli.stack import Stack
from slack_alerts.models import Credentials, SlackMessage, Webhook
from slack_alerts.slack.answers import webhook_refusal
from tests.support.virtual.alert_messages import HOST, sns_envelope
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import PATH, SlackAlerts

LATENCY = 0.1


@dataclass
class VirtualDemo(SlackAlerts):
    """Nothing happens before `world.run()`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.standin = SlackStandin(clock=self.world.monotonic, now=self.world.wall)
        self.topics = {name: VirtualQueue(name, self.world.scheduler) for name in ("alerts-topic", "ops-topic")}
        for queue in self.topics.values():
            self.sqs.add(queue)
        for destination in self.destinations:
            self.store.put(f"{PATH}/{destination}", f"https://{HOST}{self.standin.webhook_path(destination)}")
        self.redrives = RedriveFunction(self)
        self.watch = Watch(cast("Any", self), self.standin, self._outputs(), "")

    @property
    def client(self) -> Any:  # noqa: ANN401 - as boto3 has it
        return lambda _: self.sqs

    def subscribe_queue(self, topic_arn: str, _name: str) -> str:
        return self.topics[topic_arn].url

    def peek(self, queue_url: str) -> list[QueuedMessage]:
        return [_peeked(one, self.world.now) for one in self.sqs.queues[queue_url].messages()]

    def send(self, text: str, sns_id: str) -> None:
        """Let SNS put a message into AlertsQueue and into the queue of the view."""
        for queue in (self.topics["alerts-topic"], self.alerts):
            queue.send(sns_envelope(text, sns_id))

    def _post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        assert isinstance(credentials, Webhook)
        self.world.sleep(min(LATENCY, timeout))
        answer = self.standin.answer(urlsplit(credentials.url).path, json.dumps(message.content).encode())
        refused = webhook_refusal(answer.status, answer.body.encode(), answer.retry_after)
        if refused is not None:
            raise refused

    def _outputs(self) -> Stack:
        outputs = {
            "AlertsTopicArn": "alerts-topic",
            "OpsTopicArn": "ops-topic",
            "AlertsQueueUrl": self.alerts.url,
            "AlertsDeadLetterQueueUrl": self.dead.url,
            "LanesQueueUrl": self.lanes.url,
            "LanesDeadLetterQueueUrl": self.lanes_dead.url,
            "ParkingQueueUrl": self.parking.url,
        }
        unread = ("SlackAlertsFunctionName", "RoutesParameter", "SecretStore", "DestinationsPath", "DefaultDestination")
        return Stack.from_outputs("virtual", dict.fromkeys(unread, "") | outputs)


def _peeked(message: Message, now: float) -> QueuedMessage:
    return QueuedMessage(
        id=message.message_id,
        body=message.body,
        receives=message.receives,
        is_visible=message.visible_at <= now,
        attributes={name: one["StringValue"] for name, one in message.attributes.items() if "StringValue" in one},
        lane=message.group,
    )
