"""A stack deployed on the local AWS, with a hand on both ends of its road and an eye on all that lies between."""

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from demo.ministack import QueuedMessage
from demo.platform import LocalAws
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin
from demo.witness import subscribe_witness
from holdfast_cli.function_log import FunctionLog
from holdfast_cli.stack import Stack
from tests.support.local_aws.waiting import SECONDS, wait_for
from tests.support.samples.events import alarm_message, sns_body

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

ALERTS = "SlackAlertsFunctionName"
"""The output that names the function which is meant unless another is."""
INTAKE = "IntakeFunctionName"


def unique(what: str = "road") -> str:
    return f"{what}-{uuid4().hex[:8]}"


@dataclass
class LocalRoad:
    aws: LocalAws
    stack: Stack
    slack: SlackStandin
    began: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self._operations_url = subscribe_witness(self.aws, self.stack.ops_topic_arn, unique("operations"))

    def publish(self, name: str, topic_arn: str = "") -> str:
        """An alarm of that name, as CloudWatch would publish it -> its SNS id."""
        topic = topic_arn or self.stack.alerts_topic_arn
        return self.aws.client("sns").publish(TopicArn=topic, Message=alarm_message(AlarmName=name))["MessageId"]

    def put(self, queue_url: str, name: str, lane: str = "", **facts: object) -> str:
        """Send an alarm of that name to a queue, in a lane if it has lanes, with these facts of ours -> its SNS id."""
        known = str(uuid4())
        envelope = json.loads(sns_body(alarm_message(AlarmName=name), message_id=known))
        ours: MessageAttributeValueTypeDef = {
            "DataType": "String",
            "StringValue": json.dumps({"alert_id": known} | facts),
        }
        in_lane: Any = {"MessageGroupId": lane, "MessageDeduplicationId": known} if lane else {}
        self.aws.client("sqs").send_message(
            QueueUrl=queue_url,
            MessageBody=json.dumps(envelope | {"TopicArn": self.stack.alerts_topic_arn}),
            MessageAttributes={"holdfast": ours},
            **in_lane,
        )
        return known

    def redrive(self, **event: object) -> dict[str, Any]:
        """What the function redrive reports."""
        name = self.stack.outputs["RedriveFunctionName"]
        answer = self.aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        said: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, said
        return said

    def outcomes(self, sns_id: str, number: int = 1, seconds: float = SECONDS, function: str = ALERTS) -> list[str]:
        """Return the outcomes of an alert in the log of a function, receive by receive, once there are so many."""
        log = FunctionLog(self.aws.client("lambda"), self.aws.client("logs"), self.stack.outputs[function])

        def look() -> list[str]:
            return [str(line) for line in log.about(sns_id, self.began)]

        return wait_for(lambda: found if len(found := look()) >= number else [], seconds) or look()

    @property
    def default_lane(self) -> str:
        return self.stack.default_destination

    def said(self, words: str, since: float, function: str = ALERTS) -> list[str]:
        """Lines of a function's log with these words."""
        group = self._configuration(function)["LoggingConfig"]["LogGroup"]
        events = self.aws.client("logs").filter_log_events(logGroupName=group)["events"]
        return [one["message"] for one in events if words in one["message"] and one["timestamp"] >= since * 1000]

    def queued(self, queue_url: str, name: str) -> list[QueuedMessage]:
        return [one for one in self.aws.peek(queue_url) if name in one.body]

    def told(self, name: str) -> list[QueuedMessage]:
        """What operations were told of that alert."""
        return self.queued(self._operations_url, name)

    def posts(self, name: str) -> list[Request]:
        return [one for one in self.slack.messages(accepted=True) if name in one.body]

    def rows(self, prefix: str) -> dict[str, str]:
        """Key and state of the rows in DeliveriesTable."""
        items = self.aws.client("dynamodb").scan(TableName=self._setting("DELIVERIES_TABLE"))["Items"]
        return {one["id"]["S"]: one["state"]["S"] for one in items if one["id"]["S"].startswith(prefix)}

    def clear(self) -> None:
        """Empty its queues and its table."""
        table = self._setting("DELIVERIES_TABLE")
        for name, url in self.stack.outputs.items():
            if name.endswith("QueueUrl"):
                self.aws.client("sqs").purge_queue(QueueUrl=url)
        for key in self.rows(""):
            self.aws.client("dynamodb").delete_item(TableName=table, Key={"id": {"S": key}})

    def start_cold(self, function: str = ALERTS) -> None:
        """Let a function forget what it has read and told: Lambda starts it anew when its settings are set."""
        functions, name = self.aws.client("lambda"), self.stack.outputs[function]
        functions.update_function_configuration(
            FunctionName=name, Environment=self._configuration(function)["Environment"]
        )
        assert wait_for(lambda: self._configuration(function)["State"] == "Active")

    def _configuration(self, function: str = ALERTS) -> dict[str, Any]:
        name = self.stack.outputs[function]
        answer: dict[str, Any] = self.aws.client("lambda").get_function_configuration(FunctionName=name)
        return answer

    def _setting(self, name: str) -> str:
        return str(self._configuration()["Environment"]["Variables"][name])
