"""`make verify STACK=…`: publish one test alert and follow it through intake and slack_alerts until it is delivered."""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from holdfast_cli.aws_errors import in_words
from holdfast_cli.failures import CommandFailed, run_command
from holdfast_cli.function_log import FunctionLog, Line
from holdfast_cli.operations import listeners, ops_problem
from holdfast_cli.questions import STACK, ask_region
from holdfast_cli.stack import Stack, find_stack

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
    parser = argparse.ArgumentParser(prog="python -m holdfast_cli.verify", description=__doc__)
    parser.add_argument("stack", nargs="?", default=STACK.default, help=f"name of the stack (default: {STACK.default})")
    name = parser.parse_args().stack
    region = ask_region()
    print(in_words(f"verifying stack {name} in {region}", lambda: _verify(name, region)))
    return 0


def _verify(name: str, region: str) -> str:
    session = boto3.Session(region_name=region)
    make: Any = session.client  # no types are installed for two of these services
    stack = find_stack(session.client("cloudformation"), name)
    functions, logs = make("lambda"), make("logs")
    stages = (
        Stage("intake", FunctionLog(functions, logs, stack.intake_function_name), stack.alerts_queue_url),
        Stage("slack_alerts", FunctionLog(functions, logs, stack.function_name), stack.lanes_queue_url),
    )
    return Verification(session.client("sns"), session.client("sqs"), stages, stack).run()


@dataclass(frozen=True)
class Stage:
    """A function with its log and the queue that it works."""

    function: str
    log: FunctionLog
    queue_url: str


@dataclass(frozen=True)
class Verification:
    """One test alert through one stack."""

    sns: "SNSClient"
    sqs: "SQSClient"
    stages: Sequence[Stage]
    """In the order in which an alert passes them."""
    stack: Stack
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> str:
        """Show who is subscribed to the operations topic, publish, wait; raise CommandFailed for any fault."""
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
        receives = [self._receives(stage.queue_url) for stage in self.stages]
        seen: list[list[Line]] = [[] for _ in self.stages]
        for _ in range(int(DELIVERED_WITHIN / LOOK_EVERY)):
            self.sleep(LOOK_EVERY)
            for number, stage in enumerate(self.stages):
                shown, seen[number] = len(seen[number]), stage.log.about(message_id, since)
                for line in seen[number][shown:]:
                    self._judge(stage, line, receives[number])
                    if line.outcome == "delivered":
                        return f"delivered: {name}"
                    print(f"not yet: {stage.function}: {line}")
        raise self._late(seen)

    def _judge(self, stage: Stage, line: Line, receives: int) -> None:
        """Raise CommandFailed if the alert has ended without a delivery."""
        if line.outcome in {"parked", "skipped"}:
            what = f"the test alert was not delivered but {line} ({stage.function})"
            raise CommandFailed(what, self._to_do(stage, line.reason))
        if line.outcome == "later" and line.receive >= receives:
            said = f"that was the last of {receives}, so SQS moves it to the dead-letter queue"
            what = f"the test alert was not delivered: {stage.function}: {line}; {said}"
            raise CommandFailed(what, self._to_do(stage, line.reason))

    def _late(self, seen: Sequence[Sequence[Line]]) -> CommandFailed:
        """Return the error that names the stage where the alert is."""
        what = f"the test alert was not delivered within {DELIVERED_WITHIN:.0f} s"
        intake, slack_alerts = self.stages
        if seen[1] or (seen[0] and seen[0][-1].outcome != "moved"):
            stage, lines = (slack_alerts, seen[1]) if seen[1] else (intake, seen[0])
            line = lines[-1]
            said = f"{what}; last: {stage.function}: {line}; it goes on without this command"
            return CommandFailed(said, self._to_do(stage, line.reason))
        if seen[0]:
            said = (
                f"{what}; intake moved it to lane {seen[0][-1].lane}, and {slack_alerts.log.group} has no line about it"
            )
            return CommandFailed(said, f"{self._mapping(slack_alerts)}; then {self._to_do(slack_alerts, '')}")
        return CommandFailed(
            f"{what}, and {intake.log.group} has no line about it",
            f"{self._mapping(intake)}, and whether the topic still has the queue as a subscriber; "
            f"then {self._to_do(intake, '')}",
        )

    def _mapping(self, stage: Stage) -> str:
        return (
            f"see whether SQS still invokes {stage.function} (its event source mapping is enabled, it is not throttled)"
        )

    def _receives(self, queue_url: str) -> int:
        """Return the receives after which a message of the queue is dead."""
        attributes = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["RedrivePolicy"])["Attributes"]
        return int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])

    def _to_do(self, stage: Stage, reason: str) -> str:
        if reason in HINTS:
            return HINTS[reason].format(stack=self.stack.name)
        return f"read why in the log: .tools/sam/bin/sam logs --cw-log-group {stage.log.group}"


def marked_alarm(name: str, topic_arn: str) -> str:
    """A state change as CloudWatch writes it, marked as a test: OK, so that nobody is frightened."""
    _, _, _, region, account, _ = topic_arn.split(":")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return json.dumps(
        {
            "AlarmName": name,
            "AlarmDescription": "A test of the way from AWS to Slack. Nothing has happened.",
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
