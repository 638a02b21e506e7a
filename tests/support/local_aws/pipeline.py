"""A stack deployed on the local AWS: publish to it, and read its queues, its table, its logs and its Slack."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from demo.clients import local_environment
from demo.ministack import QueuedMessage
from demo.platform import LocalAws
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin
from holdfast_cli.function_log import FunctionLog
from holdfast_cli.sam import ROOT
from holdfast_cli.stack import Stack
from tests.support.local_aws.waiting import SECONDS, wait_for
from tests.support.samples.events import alarm_message, sns_body

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

ALERTS, INTAKE, ACTIONS = "SlackAlertsFunctionName", "IntakeFunctionName", "ActionsFunctionName"
"""Outputs that name a function."""
FINAL = ("delivered", "parked", "duplicate", "skipped")


def unique(prefix: str = "alert") -> str:
    return f"{prefix}-{uuid4().hex[:8]}"


@dataclass
class LocalPipeline:
    aws: LocalAws
    stack: Stack
    slack: SlackStandin
    started_at: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self._operations_url = self.aws.subscribe_queue(self.stack.ops_topic_arn, unique("operations"))

    def publish(self, name: str, topic_arn: str = "", **fields: object) -> str:
        """Publish an alarm of that name as CloudWatch does; return its SNS id."""
        return self._publish(topic_arn or self.stack.alerts_topic_arn, alarm_message(AlarmName=name, **fields))

    def publish_text(self, text: str) -> str:
        """Publish a text to the alerts topic; return its SNS id."""
        return self._publish(self.stack.alerts_topic_arn, text)

    def request(self, service: str, operation: str, parameters: Mapping[str, object], **options: object) -> str:
        """Ask aws_actions for an AWS call; return the request's SNS id."""
        request = {"service": service, "operation": operation, "parameters": parameters, **options}
        return self._publish(self.stack.outputs["ActionsTopicArn"], json.dumps(request))

    def put(self, queue_url: str, name: str, lane: str = "", **facts: object) -> str:
        """Send an alarm with these facts to a queue, in a lane if the queue has lanes; return its SNS id."""
        sns_id = str(uuid4())
        envelope = json.loads(sns_body(alarm_message(AlarmName=name), message_id=sns_id))
        attribute: MessageAttributeValueTypeDef = {
            "DataType": "String",
            "StringValue": json.dumps({"alert_id": sns_id} | facts),
        }
        in_lane: Any = {"MessageGroupId": lane, "MessageDeduplicationId": sns_id} if lane else {}
        self.aws.client("sqs").send_message(
            QueueUrl=queue_url,
            MessageBody=json.dumps(envelope | {"TopicArn": self.stack.alerts_topic_arn}),
            MessageAttributes={"holdfast": attribute},
            **in_lane,
        )
        return sns_id

    def redrive(self, **event: object) -> dict[str, Any]:
        name = self.stack.outputs["RedriveFunctionName"]
        answer = self.aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        report: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, report
        return report

    def outcomes(self, sns_id: str, number: int = 1, seconds: float = SECONDS, function: str = ALERTS) -> list[str]:
        """Return the outcomes of a record in a function's log, receive by receive, once there are `number`."""
        log = FunctionLog(self.aws.client("lambda"), self.aws.client("logs"), self.stack.outputs[function])

        def read() -> list[str]:
            return [str(line) for line in log.about(sns_id, self.started_at)]

        found = wait_for(lambda: found if len(found := read()) >= number else [], seconds)
        return found or self._read_again(read, function)

    def final_outcome(self, sns_id: str, function: str = ALERTS) -> str:
        found = wait_for(lambda: [one for one in self.outcomes(sns_id, function=function) if one.startswith(FINAL)])
        return found[-1] if found else "none"

    def log(self, function: str = ALERTS, since: float = 0.0) -> str:
        """Return all that a function has logged since a Unix time."""
        group = self.configuration(function)["LoggingConfig"]["LogGroup"]
        events = self.aws.client("logs").filter_log_events(logGroupName=group)["events"]
        return "\n".join(one["message"] for one in events if one["timestamp"] >= since * 1000)

    def log_lines(self, words: str, since: float, function: str = ALERTS) -> list[str]:
        """Return the lines of a function's log that contain these words."""
        return [line for line in self.log(function, since).splitlines() if words in line]

    def wait_for_lines(self, words: str, since: float, function: str = ALERTS) -> list[str]:
        """Return these lines once there are any."""

        def read() -> list[str]:
            return self.log_lines(words, since, function)

        return wait_for(read) or self._read_again(read, function)

    def queued(self, queue_url: str, name: str = "") -> list[QueuedMessage]:
        return [one for one in self.aws.peek(queue_url) if name in one.body]

    def receive_twice(self, queue_url: str, name: str) -> None:
        """Receive a queued message twice: from its third receive on, a function treats it as a suspect."""
        for receives in (1, 2):
            assert wait_for(lambda: self.queued(queue_url, name))
            self.aws.client("sqs").receive_message(QueueUrl=queue_url, VisibilityTimeout=0, MaxNumberOfMessages=10)
            assert wait_for(
                lambda receives=receives: [one.receives for one in self.queued(queue_url, name)] == [receives]  # type: ignore[misc] # bound now
            )

    def parked_facts(self, name: str) -> dict[str, Any]:
        """Return the facts beside the one parked message that contains a name or id."""
        [found] = wait_for(lambda: self.queued(self.stack.parking_queue_url, name))
        facts: dict[str, Any] = json.loads(found.attributes["holdfast"])
        return facts

    def ops_messages(self, name: str) -> list[QueuedMessage]:
        """Return the messages to operations about an alert."""
        return self.queued(self._operations_url, name)

    def requests(self, *names: str) -> list[Request]:
        """Return the requests to Slack about any of these alerts."""
        return [one for one in self.slack.messages() if any(name in one.body for name in names)]

    def posts(self, *names: str) -> list[Request]:
        return [one for one in self.requests(*names) if one.is_accepted]

    def rows(self, prefix: str) -> dict[str, str]:
        """Return key and state of the rows in DeliveriesTable."""
        items = self.aws.client("dynamodb").scan(TableName=self.table)["Items"]
        states = {one["id"]["S"]: one.get("state", {}).get("S", "") for one in items}  # a cursor has no state
        return {key: state for key, state in states.items() if key.startswith(prefix)}

    def clear(self) -> None:
        """Empty the stack's queues and its table."""
        for name, url in self.stack.outputs.items():
            if name.endswith("QueueUrl"):
                self.aws.client("sqs").purge_queue(QueueUrl=url)
        for key in self.rows(""):
            self.aws.client("dynamodb").delete_item(TableName=self.table, Key={"id": {"S": key}})

    def restart(self, function: str = ALERTS) -> None:
        """Make Lambda start a function anew, without its caches, by setting its configuration again."""
        self.aws.client("lambda").update_function_configuration(
            FunctionName=self.stack.outputs[function], Environment=self.configuration(function)["Environment"]
        )
        assert wait_for(lambda: self.configuration(function)["State"] == "Active")

    @property
    def default_lane(self) -> str:
        return self.stack.default_destination

    def resource(self, logical: str) -> str:
        """Return the physical id of a resource of the template."""
        found = self.aws.client("cloudformation").describe_stack_resource(
            StackName=self.stack.name, LogicalResourceId=logical
        )
        return found["StackResourceDetail"].get("PhysicalResourceId", "")

    @cached_property
    def table(self) -> str:
        return str(self.configuration(ALERTS)["Environment"]["Variables"]["DELIVERIES_TABLE"])

    def configuration(self, function: str) -> dict[str, Any]:
        name = self.stack.outputs[function]
        answer: dict[str, Any] = self.aws.client("lambda").get_function_configuration(FunctionName=name)
        return answer

    def run_command(self, command: str, *arguments: str, stdin: str = "", **environment: str) -> tuple[int, str]:
        """Run a command of `holdfast` against the local AWS; return its exit code and its output."""
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "holdfast_cli", command, *arguments],
            env=local_environment(os.environ, self.aws.endpoint) | environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr

    def _read_again(self, read: Callable[[], list[str]], function: str) -> list[str]:
        """Read a log after another invocation, which shows the last lines of the one before.

        MiniStack takes the lines of an invocation until 5 ms pass without one. On a busy machine the last of them come
        later about once in 400 invocations, and MiniStack keeps them until the function is invoked again.
        """
        self.aws.client("lambda").invoke(FunctionName=self.stack.outputs[function], Payload=b'{"Records": []}')
        return read()

    def _publish(self, topic_arn: str, message: str) -> str:
        return self.aws.client("sns").publish(TopicArn=topic_arn, Message=message)["MessageId"]
