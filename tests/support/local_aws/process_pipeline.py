"""LanesQueue, the handler of slack_alerts and a Slack; each invocation is a process that may be killed."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aws_events.message_attributes import ATTRIBUTE
from holdfast_cli.sam import ROOT
from tests.support.handlers.killed import KillPoint, order
from tests.support.samples.events import LANES_ARN, alarm_message, sns_body
from tests.support.slack.loopback import LoopbackSlack

LEASE = 90.0
NOTE = "possible duplicate"
LAPSED = LEASE + 1.0
"""Seconds after which a claim has no lease."""


@dataclass
class ProcessPipeline:
    """A pipeline that receives and deletes messages as an event source mapping does."""

    sqs: Any
    urls: dict[str, str]
    environment: dict[str, str]
    slack: LoopbackSlack
    received: dict[str, str] = field(default_factory=dict)
    """Receipt handles of the messages that were received and not deleted, by SQS id."""

    def send(self, *names: str) -> None:
        """Send an alarm of each name to its lane, as intake does; team-… to the lane of team."""
        for name in names:
            self._send(sns_body(alarm_message(AlarmName=name), message_id=f"sns-{name}"), hop=0)

    def redrive(self) -> None:
        """Return all parked alerts to their lanes, as an operator does after the repair."""
        for message in self._receive_from("parking"):
            written = json.loads(message["MessageAttributes"][ATTRIBUTE]["StringValue"])
            self._send(message["Body"], hop=written["hop"] + 1)
            self.sqs.delete_message(QueueUrl=self.urls["parking"], ReceiptHandle=message["ReceiptHandle"])

    def _send(self, body: str, hop: int) -> None:
        attribute = {"DataType": "String", "StringValue": json.dumps({"hop": hop})}
        self.sqs.send_message(
            QueueUrl=self.urls["lanes"],
            MessageBody=body,
            MessageAttributes={ATTRIBUTE: attribute},
            MessageGroupId="team" if "sns-team-" in body else "default",
            MessageDeduplicationId=uuid4().hex,
        )

    def invoke(self, point: KillPoint | None = None, *, later: float = 0.0) -> list[str]:
        """Invoke the handler in a new process with all messages, `later` seconds from now; return the failed SQS ids.

        With a point the process must die, or may die if the point has a text; then no message is deleted.
        """
        event = {"Records": [lambda_record(message, LANES_ARN) for message in self._receive()]}
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.handlers.killed"],
            input=order(event, point, later),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        printed = done.stdout + done.stderr
        died = done.returncode == -signal.SIGKILL
        assert died or (done.returncode == 0 and (point is None or point.text)), printed
        assert "ClaimsBypassed" not in printed, "the table did not answer in time: this run proves nothing"
        return [*self.received] if died else self._delete(json.loads(done.stdout.splitlines()[-1]))

    @property
    def left(self) -> int:
        """Return the number of messages in LanesQueue."""
        return self._count("lanes")

    @property
    def parked(self) -> int:
        return self._count("parking")

    def posts(self, name: str, to: str = "default") -> list[bool]:
        """Return, for each post of an alarm to a destination, whether it is marked as a possible duplicate."""
        about = [one for one in self.slack.requests if one.path.endswith(f"/{to}") and name in str(one.message)]
        return [NOTE in str(one.message) for one in about]

    def _receive(self) -> list[dict[str, Any]]:
        """Receive all messages, after the visibility timeout of earlier invocations."""
        for handle in self.received.values():
            with suppress(self.sqs.exceptions.ReceiptHandleIsInvalid):  # the handler deleted it before it died
                self.sqs.change_message_visibility(
                    QueueUrl=self.urls["lanes"], ReceiptHandle=handle, VisibilityTimeout=0
                )
        messages = self._receive_from("lanes")
        self.received = {one["MessageId"]: one["ReceiptHandle"] for one in messages}
        return messages

    def _receive_from(self, queue: str) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=self.urls[queue],
            MaxNumberOfMessages=10,
            VisibilityTimeout=600,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def _delete(self, response: dict[str, list[dict[str, str]]]) -> list[str]:
        failed = [item["itemIdentifier"] for item in response["batchItemFailures"]]
        for message_id in self.received.keys() - {*failed}:
            with suppress(self.sqs.exceptions.ReceiptHandleIsInvalid):  # the handler deleted it
                self.sqs.delete_message(QueueUrl=self.urls["lanes"], ReceiptHandle=self.received.pop(message_id))
        return failed

    def _count(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.urls[queue], AttributeNames=names)["Attributes"]
        return sum(int(answer[name]) for name in names)


def lambda_record(message: dict[str, Any], queue_arn: str) -> dict[str, Any]:
    """Return a received message as the record of a Lambda event."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"dataType": one["DataType"], "stringValue": one["StringValue"]}
            for name, one in message.get("MessageAttributes", {}).items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
    }
