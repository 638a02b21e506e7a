"""LanesQueue, a Slack and the real handler between them, each invocation a process of its own that may be killed."""

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
from tests.support.handlers.mortal import Death, order
from tests.support.samples.events import LANES_ARN, alarm_message, sns_body
from tests.support.slack.loopback import LoopbackSlack

LEASE = 90.0
NOTE = "possible duplicate"
LAPSED = LEASE + 1.0
"""Seconds after which nobody holds a claim any more."""


@dataclass
class ProcessPipeline:
    """Takes from the queue, and deletes what is done, as the event source mapping does."""

    sqs: Any
    urls: dict[str, str]
    environment: dict[str, str]
    slack: LoopbackSlack
    taken: dict[str, str] = field(default_factory=dict)
    """SQS id -> receipt handle of what was handed out and not deleted."""

    def send(self, *names: str) -> None:
        """Send an alarm of each name to its lane, as intake does; team-… to the lane of team."""
        for name in names:
            self._send(sns_body(alarm_message(AlarmName=name), message_id=f"sns-{name}"), hop=0)

    def redrive(self) -> None:
        """Return all parked alerts to their lanes, as an operator does after the repair."""
        for message in self._take("parking"):
            written = json.loads(message["MessageAttributes"][ATTRIBUTE]["StringValue"])
            self._send(message["Body"], hop=written["hop"] + 1)
            self.sqs.delete_message(QueueUrl=self.urls["parking"], ReceiptHandle=message["ReceiptHandle"])

    def _send(self, body: str, hop: int) -> None:
        ours = {"DataType": "String", "StringValue": json.dumps({"hop": hop})}
        self.sqs.send_message(
            QueueUrl=self.urls["lanes"],
            MessageBody=body,
            MessageAttributes={ATTRIBUTE: ours},
            MessageGroupId="team" if "sns-team-" in body else "default",
            MessageDeduplicationId=uuid4().hex,
        )

    def invoke(self, death: Death | None = None, *, later: float = 0.0) -> list[str]:
        """Hand out all there is to a new process, `later` seconds from now -> the SQS ids that it reports as failed.

        Told to die, it must (of a certain text: it may): then nothing is deleted.
        """
        event = {"Records": [self._record(message) for message in self._receive()]}
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.handlers.mortal"],
            input=order(event, death, later),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        printed = done.stdout + done.stderr
        died = done.returncode == -signal.SIGKILL
        assert died or (done.returncode == 0 and (death is None or death.text)), printed
        assert "ClaimsBypassed" not in printed, "the table did not answer in time: nothing is shown by this run"
        return [*self.taken] if died else self._delete(json.loads(done.stdout.splitlines()[-1]))

    @property
    def left(self) -> int:
        """Messages still in the queue."""
        return self._count("lanes")

    @property
    def parked(self) -> int:
        return self._count("parking")

    def posts(self, name: str, to: str = "default") -> list[bool]:
        """What that destination was sent of that alarm: True for a post that says that it may be a second one."""
        about = [one for one in self.slack.requests if one.path.endswith(f"/{to}") and name in str(one.message)]
        return [NOTE in str(one.message) for one in about]

    def _receive(self) -> list[dict[str, Any]]:
        """All visible messages, those of earlier invocations among them: their visibility timeout is over."""
        for handle in self.taken.values():
            with suppress(self.sqs.exceptions.ReceiptHandleIsInvalid):  # the handler has deleted it, and then died
                self.sqs.change_message_visibility(
                    QueueUrl=self.urls["lanes"], ReceiptHandle=handle, VisibilityTimeout=0
                )
        messages = self._take("lanes")
        self.taken = {one["MessageId"]: one["ReceiptHandle"] for one in messages}
        return messages

    def _take(self, queue: str) -> list[dict[str, Any]]:
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
        for message_id in self.taken.keys() - {*failed}:
            with suppress(self.sqs.exceptions.ReceiptHandleIsInvalid):  # the handler has done it
                self.sqs.delete_message(QueueUrl=self.urls["lanes"], ReceiptHandle=self.taken.pop(message_id))
        return failed

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message -> the record that Lambda makes of it."""
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
            "eventSourceARN": LANES_ARN,
        }

    def _count(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.urls[queue], AttributeNames=names)["Attributes"]
        return sum(int(answer[name]) for name in names)
