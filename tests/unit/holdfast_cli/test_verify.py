import io
import json
from collections.abc import Callable, Iterator, Mapping
from threading import Event
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from holdfast_cli import account, progress
from holdfast_cli.failures import CommandFailed
from holdfast_cli.function_log import FunctionLog
from holdfast_cli.stack import Stack
from holdfast_cli.verify import Stage, Verification
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session
from tests.unit.holdfast_cli.cloudformation import stack as cloudformation_stack
from tests.unit.holdfast_cli.command import Run
from tests.unit.holdfast_cli.stacks import OUTPUTS, REGION

RECEIVES, LANE_RECEIVES = 3, 4

type Lines = Callable[[str], list[dict[str, object]]]
"""The log lines about an alert, by its SNS id."""


class Logs:
    """CloudWatch Logs and Lambda in one: each read of a function's log finds one more line."""

    def __init__(self, lines: Mapping[str, Lines]) -> None:
        self.lines = lines
        self.reads: list[str] = []

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, object]:
        return {"LoggingConfig": {"LogGroup": f"group-of-{FunctionName}"}}

    def get_paginator(self, _name: str) -> "Logs":
        return self

    def paginate(self, **query: object) -> Iterator[dict[str, Any]]:
        group = str(query["logGroupName"])
        self.reads.append(group)
        lines = self.lines[group.removeprefix("group-of-")](str(query["filterPattern"]).strip('"'))
        yield {"events": [{"message": json.dumps(line)} for line in lines[: self.reads.count(group)]]}


@pytest.fixture
def stack(session: boto3.Session) -> Stack:
    sns = session.client("sns")
    topics = {name: sns.create_topic(Name=name)["TopicArn"] for name in ("alerts", "ops")}
    sns.subscribe(TopicArn=topics["ops"], Protocol="email", Endpoint="ops@example.com")
    resources = {
        "AlertsTopicArn": topics["alerts"],
        "OpsTopicArn": topics["ops"],
        "AlertsQueueUrl": create_queue(session, "alerts", RECEIVES),
        "LanesQueueUrl": create_queue(session, "lanes.fifo", LANE_RECEIVES),
    }
    return Stack.from_outputs("holdfast", OUTPUTS | resources)


def create_queue(session: boto3.Session, name: str, receives: int) -> str:
    sqs: Any = session.client("sqs")
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    sqs.create_queue(QueueName=f"dead-{name}", Attributes=fifo)
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:123456789012:dead-{name}", "maxReceiveCount": receives}
    return str(sqs.create_queue(QueueName=name, Attributes=fifo | {"RedrivePolicy": json.dumps(redrive)})["QueueUrl"])


def log(*lines: dict[str, object]) -> Lines:
    """Return a log with these lines about the alert."""
    return lambda sns_id: [{"sns_message_id": sns_id, "receive": 1, **line} for line in lines]


MOVED = log({"message": "moved", "lane": "default"})
DELIVERED = log({"message": "delivered"})


def verify(stack: Stack, slack_alerts: Lines, intake: Lines = MOVED) -> str:
    sns, sqs = boto3.client("sns", region_name=REGION), boto3.client("sqs", region_name=REGION)
    logs = Logs({"intake": intake, "slack-alerts": slack_alerts})
    stages = (
        Stage("intake", FunctionLog(logs, logs, "intake"), stack.alerts_queue_url),
        Stage("slack_alerts", FunctionLog(logs, logs, "slack-alerts"), stack.lanes_queue_url),
    )
    return Verification(sns, sqs, stages, stack, sleep=lambda _: None).run()


def test_a_delivery_by_slack_alerts_verifies_the_stack(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    result = verify(stack, DELIVERED)
    printed = capsys.readouterr().out
    assert result.startswith("delivered: Holdfast test alert ")
    assert result.removeprefix("delivered: ") in printed
    assert "email ops@example.com" in printed
    assert "not yet: intake: moved to lane default, receive 1" in printed


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ({"message": "later", "reason": "throttled"}, "later: throttled, receive 1"),
        ({"message": "moved", "lane": "ops"}, "moved to lane ops, receive 1"),
    ],
)
def test_an_outcome_before_the_delivery_is_printed(
    stack: Stack, line: dict[str, object], printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(stack, log(line, {"message": "delivered"}))
    assert f"not yet: slack_alerts: {printed}" in capsys.readouterr().out


def parked(reason: str, detail: str = "") -> Lines:
    return log({"message": "parked", "reason": reason, "detail": detail})


def later(reason: str, receive: int = 1) -> Lines:
    return log({"message": "later", "reason": reason, "receive": receive})


def about_another(_: str) -> list[dict[str, object]]:
    return [{"message": "delivered", "sns_message_id": "another"}, {"message": "delivered"}, {"sns_message_id": 1}]


FAILURES: dict[str, tuple[Lines, Lines, str, str]] = {
    "parked by slack_alerts": (
        *(parked("message_refused", "invalid_blocks"), MOVED),
        "parked: message_refused (invalid_blocks), receive 1 (slack_alerts)",
        "group-of-slack-alerts",
    ),
    "parked by intake": (
        *(log(), parked("unexpected_source", "topic")),
        "parked: unexpected_source (topic), receive 1 (intake)",
        "AllowedTopicArns",
    ),
    "refused destination": (parked("destination_refused"), MOVED, "parked", "holdfast secret --stack holdfast"),
    "missing secret": (parked("secret_missing"), MOVED, "parked", "holdfast secret --stack holdfast"),
    "last receive of intake": (
        *(log(), later("not_sent", RECEIVES)),
        "intake: later: not_sent, receive 3; that was the last of 3, so SQS moves it to the dead-letter queue",
        "group-of-intake",
    ),
    "last receive of a lane": (later("unreachable", LANE_RECEIVES), MOVED, "that was the last of 4", ""),
    "no line": (log(), log(), "within 120 s, and group-of-intake has no line about it", "subscribes to the topic"),
    "lines about other alerts": (about_another, about_another, "group-of-intake has no line about it", "is enabled"),
    "moved by intake only": (
        *(log(), MOVED),
        "within 120 s; intake moved it to lane default, and group-of-slack-alerts has no line about it",
        "invokes slack_alerts (its event source mapping",
    ),
    "retried by slack_alerts": (later("throttled"), MOVED, "s; last: slack_alerts: later: throttled, receive 1", ""),
    "retried by intake": (log(), later("not_sent"), "within 120 s; last: intake: later: not_sent, receive 1", ""),
}


@pytest.mark.parametrize("case", FAILURES)
def test_without_a_delivery_it_fails_with_the_problem_and_advice(stack: Stack, case: str) -> None:
    slack_alerts, intake, problem, advice = FAILURES[case]
    with pytest.raises(CommandFailed) as failed:
        verify(stack, slack_alerts, intake)
    assert problem in failed.value.problem
    assert advice in failed.value.advice


class Progress(io.StringIO):
    """A standard error that knows whether progress was printed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_seen = Event()

    def write(self, text: str) -> int:
        if "waiting for the delivery" in text:
            self.is_seen.set()
        return super().write(text)


@pytest.mark.usefixtures("session")
def test_a_wait_without_news_shows_progress(holdfast: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    output = Progress()
    monkeypatch.setattr("sys.stderr", output)
    monkeypatch.setattr(progress, "FIRST_AFTER", 0.0)
    slow = SimpleNamespace(
        get_function_configuration=lambda **_: {} if output.is_seen.wait(10) else pytest.fail("silent")
    )
    deployed = CloudFormation({"holdfast": cloudformation_stack()})
    session = Session({REGION: deployed}, {"lambda": slow})
    monkeypatch.setattr(account, "boto3", SimpleNamespace(Session=lambda **_: session))
    holdfast("verify")
    assert output.is_seen.is_set()


def test_a_delivery_without_a_subscriber_of_operations_is_a_failure(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    sns = boto3.client("sns", region_name=REGION)
    for one in sns.list_subscriptions_by_topic(TopicArn=stack.ops_topic_arn)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    with pytest.raises(CommandFailed, match="has no subscription") as failed:
        verify(stack, DELIVERED)
    assert failed.value.problem.startswith("delivered: Holdfast test alert")
    assert stack.ops_topic_arn in failed.value.advice
    assert "none" in capsys.readouterr().out
