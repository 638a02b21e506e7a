"""`make verify STACK=…`: sends one test alert down the deployed road, and says what that proved."""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3

from local.cloud import in_words
from local.failures import CommandFailed, run_command
from local.questions import STACK, ask_region
from local.stack import Stack, find_stack

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

LEAVES_WITHIN = 120.0
LOOK_EVERY = 2.0
EMPTY_LOOKS = 3  # SQS counts approximately: one empty look proves little
WAITING: "list[QueueAttributeNameType]" = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


def main() -> int:
    """Send a test alert to the stack that was named, and wait until it has left the queue."""
    parser = argparse.ArgumentParser(prog="python -m local.verify", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    name = parser.parse_args().stack
    region = ask_region()
    print(in_words(f"verifying stack {name} in {region}", lambda: _verify(name, region)))
    return 0


def _verify(name: str, region: str) -> str:
    session = boto3.Session(region_name=region)
    stack = find_stack(session.client("cloudformation"), name)
    return Verification(session.client("sns"), session.client("sqs"), stack).run()


@dataclass(frozen=True)
class Verification:
    """One test alert through one stack; other alerts on the road are counted with it."""

    sns: "SNSClient"
    sqs: "SQSClient"
    stack: Stack
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> str:
        """Publish, wait, and say what it proved; raises CommandFailed where it proved the contrary."""
        dead = self._count(self.stack.dead_letter_queue_url)
        name = f"Holdfast test alert {secrets.token_hex(3)}"
        self.sns.publish(TopicArn=self.stack.alerts_topic_arn, Message=marked_alarm(name, self.stack.alerts_topic_arn))
        print(f"published: {name}")
        self._wait_until_empty()
        if (now := self._count(self.stack.dead_letter_queue_url)) > dead:
            raise CommandFailed(f"the dead-letter queue has grown from {dead} to {now}", self._to_do())
        return (
            "the alerts queue is empty again and the dead-letter queue has not grown: the alert was taken\n"
            f"This command cannot see your Slack. Look there for: {name}"
        )

    def _wait_until_empty(self) -> None:
        empty = 0
        for _ in range(int(LEAVES_WITHIN / LOOK_EVERY)):
            self.sleep(LOOK_EVERY)
            empty = 0 if self._count(self.stack.alerts_queue_url) else empty + 1
            if empty == EMPTY_LOOKS:
                return
        raise CommandFailed(f"alerts are still in the queue after {LEAVES_WITHIN:.0f} s", self._to_do())

    def _count(self, url: str) -> int:
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=WAITING)["Attributes"]
        return sum(int(attributes[name]) for name in WAITING)

    def _to_do(self) -> str:
        function = self.stack.outputs.get("SlackAlertsFunctionName", "")
        return f"read why in the log: .tools/sam/bin/sam logs --stack-name {self.stack.name} -n {function}"


def marked_alarm(name: str, topic_arn: str) -> str:
    """A state change as CloudWatch writes it, marked as a test: OK, so that nobody is frightened."""
    _, _, _, region, account, _ = topic_arn.split(":")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return json.dumps(
        {
            "AlarmName": name,
            "AlarmDescription": "A test of the road from AWS to Slack. Nothing has happened.",
            "AWSAccountId": account,
            "NewStateValue": "OK",
            "NewStateReason": "Sent by hand: make verify.",
            "StateChangeTime": now,
            "Region": region,
            "OldStateValue": "INSUFFICIENT_DATA",
        }
    )


if __name__ == "__main__":
    sys.exit(run_command(main))
