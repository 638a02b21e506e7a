"""`holdfast verify`: publish a test alert and follow it through intake and slack_alerts until it is delivered."""

import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from holdfast_cli.account import Account, connect
from holdfast_cli.failures import CommandFailed
from holdfast_cli.function_log import READ_EVERY, FunctionLog, Line
from holdfast_cli.operations import ops_problem, subscribers_of
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.picture_check import check_picture
from holdfast_cli.progress import progress
from holdfast_cli.questions import STACK
from holdfast_cli.regions import stack_in
from holdfast_cli.stack import Stack
from holdfast_cli.verification_alarm import build_test_alarm

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

DELIVERED_WITHIN = 120.0
ADVICE: Mapping[str, str] = {
    "secret_missing": "store the destination's secret: holdfast secret --stack {stack}",
    "destination_refused": "Slack refuses that webhook or token; store another: holdfast secret --stack {stack}",
    "unexpected_source": "the alert came from a topic that is not allowed: parameter AllowedTopicArns",
}
"""Advice by the reason in the log; for any other reason: read the log."""


def verify(
    *, stack: StackName = STACK.default, region: Region = "", profile: Profile = "", as_json: Json = False
) -> None:
    """Publish a test alert, follow it through intake and slack_alerts, and wait until it is delivered.

    It fails if nobody has confirmed a subscription for reports of undelivered alerts. With Pictures=on it also waits
    for the picture of a test alarm, and fails if the app lacks a scope or the bot is not in the channel.

    Examples:
    holdfast verify

    holdfast verify --stack alerts --region eu-west-1 --json
    """
    account = connect(region, profile)
    say = partial(print, file=sys.stderr) if as_json else print
    # Lines, because the spinner of a terminal would take the printed ones for its own.
    with progress("waiting for the delivery of the test alert", Console(stderr=True, force_terminal=False)):
        result = account.run(f"verifying stack {stack}", lambda: verification(account, stack, say).run())
    print(json.dumps({"stack": stack, "delivered": result.removeprefix("delivered: ")}) if as_json else result)


def verification(account: Account, name: str, say: Callable[[str], None]) -> "Verification":
    """Return the verification of a deployed stack."""
    stack = stack_in(account, name)
    functions, logs = account.client("lambda"), account.client("logs")
    stages = (
        Stage("intake", FunctionLog(functions, logs, stack.intake_function_name), stack.alerts_queue_url),
        Stage("slack_alerts", FunctionLog(functions, logs, stack.slack_alerts_function_name), stack.lanes_queue_url),
    )
    return Verification(account.client("sns"), account.client("sqs"), stages, stack, say)


@dataclass(frozen=True)
class Stage:
    """A function with its log and its queue."""

    function: str
    log: FunctionLog
    queue_url: str


@dataclass(frozen=True)
class Verification:
    """A test alert through one stack."""

    sns: "SNSClient"
    sqs: "SQSClient"
    stages: Sequence[Stage]
    """In the order in which an alert passes them."""
    stack: Stack
    say: Callable[[str], None] = print
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> str:
        """Publish a test alert and wait for its delivery; raise CommandFailed for any fault or missing subscriber."""
        confirmed, pending = subscribers_of(self.sns, self.stack.ops_topic_arn)
        self.say(f"subscribers for undelivered alerts: {', '.join(confirmed) or 'none'}")
        result = self._deliver()
        if self.stack.parameters.get("Pictures") == "on":
            check_picture(self.sns, self.stages[-1].log, self.stack, say=self.say, sleep=self.sleep)
        problem, advice = ops_problem(confirmed, pending, self.stack.ops_topic_arn)
        if problem:
            raise CommandFailed(f"{result}, but {problem}", advice)
        return result

    def _deliver(self) -> str:
        name, since = f"Holdfast test alert {secrets.token_hex(3)}", time.time()
        topic = self.stack.alerts_topic_arn
        message_id = self.sns.publish(TopicArn=topic, Message=build_test_alarm(name, topic))["MessageId"]
        self.say(f"published: {name} (SNS MessageId {message_id})")
        limits = [self._max_receive_count(stage.queue_url) for stage in self.stages]
        lines: list[list[Line]] = [[] for _ in self.stages]
        for _ in range(int(DELIVERED_WITHIN / READ_EVERY)):
            self.sleep(READ_EVERY)
            for number, stage in enumerate(self.stages):
                shown, lines[number] = len(lines[number]), stage.log.about(message_id, since)
                for line in lines[number][shown:]:
                    self._check(stage, line, limits[number])
                    if line.outcome == "delivered":
                        return f"delivered: {name}"
                    self.say(f"not yet: {stage.function}: {line}")
        raise self._timed_out(*lines)

    def _check(self, stage: Stage, line: Line, limit: int) -> None:
        """Raise CommandFailed if the alert has ended without a delivery."""
        if line.outcome in {"parked", "skipped"}:
            problem = f"the test alert was not delivered but {line} ({stage.function})"
            raise CommandFailed(problem, self._advice(stage, line.reason))
        if line.outcome == "later" and line.receive >= limit:
            problem = f"the test alert was not delivered: {stage.function}: {line}"
            end = f"that was the last of {limit}, so SQS moves it to the dead-letter queue"
            raise CommandFailed(f"{problem}; {end}", self._advice(stage, line.reason))

    def _timed_out(self, intake_lines: Sequence[Line], lane_lines: Sequence[Line]) -> CommandFailed:
        """Return the error that names the stage of the alert."""
        problem = f"the test alert was not delivered within {DELIVERED_WITHIN:.0f} s"
        intake, slack_alerts = self.stages
        last = intake_lines[-1] if intake_lines else None
        if lane_lines or (last and last.outcome != "moved"):
            stage, line = (slack_alerts, lane_lines[-1]) if lane_lines else (intake, intake_lines[-1])
            end = f"last: {stage.function}: {line}; the pipeline continues to retry"
            return CommandFailed(f"{problem}; {end}", self._advice(stage, line.reason))
        stage, where = (slack_alerts, f"; intake moved it to lane {last.lane}") if last else (intake, "")
        checks = (
            f"check that SQS invokes {stage.function} (its event source mapping is enabled, it is not throttled)"
            f"{'' if last else ', and that the queue subscribes to the topic'}"
        )
        end = f"{where}, and {stage.log.group} has no line about it"
        return CommandFailed(f"{problem}{end}", f"{checks}; then {self._advice(stage, '')}")

    def _max_receive_count(self, queue_url: str) -> int:
        attributes = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["RedrivePolicy"])["Attributes"]
        return int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])

    def _advice(self, stage: Stage, reason: str) -> str:
        if reason in ADVICE:
            return ADVICE[reason].format(stack=self.stack.name)
        return f"read the log: aws logs tail {stage.log.group}"
