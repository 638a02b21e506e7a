"""`make verify STACK=…`: sends one test alert down the deployed road, and waits until the function has delivered it."""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from local.cloud import in_words
from local.failures import CommandFailed, run_command
from local.function_log import FunctionLog, Line
from local.operations import listeners, ops_problem
from local.questions import STACK, ask_region
from local.stack import Stack, find_stack

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

DELIVERED_WITHIN = 120.0
LOOK_EVERY = 2.0
HINTS: Mapping[str, str] = {
    "secret_missing": "store the destination's secret: make secret STACK={stack}",
    "destination_refused": "Slack takes nothing through that webhook or token any more; "
    "store another: make secret STACK={stack}",
    "unexpected_source": "the queue got it from a topic that the stack does not know: parameter AllowedTopicArns",
}
"""What to do, by the reason in the log; for any other: read the log."""


def main() -> int:
    """Send a test alert to the stack that was named, and wait for its end."""
    parser = argparse.ArgumentParser(prog="python -m local.verify", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    name = parser.parse_args().stack
    region = ask_region()
    print(in_words(f"verifying stack {name} in {region}", lambda: _verify(name, region)))
    return 0


def _verify(name: str, region: str) -> str:
    session = boto3.Session(region_name=region)
    make: Any = session.client  # no types are installed for two of these services
    stack = find_stack(session.client("cloudformation"), name)
    log = FunctionLog(make("lambda"), make("logs"), stack.function_name)
    return Verification(session.client("sns"), session.client("sqs"), log, stack).run()


@dataclass(frozen=True)
class Verification:
    """One test alert through one stack."""

    sns: "SNSClient"
    sqs: "SQSClient"
    log: FunctionLog
    stack: Stack
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> str:
        """See who would be told, publish, wait; raises CommandFailed for whatever is not as it must be."""
        confirmed, pending = listeners(self.sns, self.stack.ops_topic_arn)
        print(f"told when an alert cannot be delivered: {', '.join(confirmed) or 'nobody'}")
        said = self._deliver()
        what, to_do = ops_problem(confirmed, pending, self.stack.ops_topic_arn)
        if what:
            raise CommandFailed(f"{said}, but {what}", to_do)
        return said

    def _deliver(self) -> str:
        name, since = f"Holdfast test alert {secrets.token_hex(3)}", time.time()
        topic = self.stack.alerts_topic_arn
        message_id = self.sns.publish(TopicArn=topic, Message=marked_alarm(name, topic))["MessageId"]
        print(f"published: {name} (SNS MessageId {message_id})")
        receives = self._receives()
        lines: list[Line] = []
        for _ in range(int(DELIVERED_WITHIN / LOOK_EVERY)):
            self.sleep(LOOK_EVERY)
            shown, lines = len(lines), self.log.about(message_id, since)
            for line in lines[shown:]:
                self._judge(line, receives)
                if line.outcome == "delivered":
                    return f"delivered: {name}"
                print(f"not yet: {line}")
        raise self._late(lines)

    def _judge(self, line: Line, receives: int) -> None:
        """Raise CommandFailed where the alert has come to another end."""
        if line.outcome in {"parked", "skipped"}:
            raise CommandFailed(f"the test alert was not delivered but {line}", self._to_do(line.reason))
        if line.outcome == "later" and line.receive >= receives:
            said = f"that was the last of {receives}, so SQS moves it to the dead-letter queue"
            raise CommandFailed(f"the test alert was not delivered: {line}; {said}", self._to_do(line.reason))

    def _late(self, lines: list[Line]) -> CommandFailed:
        what = f"the test alert was not delivered within {DELIVERED_WITHIN:.0f} s"
        if lines:
            return CommandFailed(f"{what}; last: {lines[-1]}; it goes on without us", self._to_do(lines[-1].reason))
        return CommandFailed(
            f"{what}, and {self.log.group} has nothing about it",
            f"see whether SQS still calls {self.stack.function_name} (its event source mapping is enabled, it is not "
            f"throttled) and whether the topic still has the queue as a subscriber; then {self._to_do('')}",
        )

    def _receives(self) -> int:
        """How often SQS hands an alert out before it is dead."""
        url = self.stack.alerts_queue_url
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        return int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])

    def _to_do(self, reason: str) -> str:
        if reason in HINTS:
            return HINTS[reason].format(stack=self.stack.name)
        return f"read why in the log: .tools/sam/bin/sam logs --cw-log-group {self.log.group}"


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
