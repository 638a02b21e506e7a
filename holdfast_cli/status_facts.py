"""The facts of `holdfast status`, read without changing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast_cli.account import Account
from holdfast_cli.lane_log import LaneWait, last_delivery, waiting_lanes
from holdfast_cli.muted_alerts import MutedAlerts, muted_alerts, split
from holdfast_cli.progress import Show
from holdfast_cli.regions import stack_in
from holdfast_cli.stack import Stack
from observability.redaction import redact

QUEUES: Mapping[str, str] = {
    "AlertsQueue": "AlertsQueueUrl",
    "LanesQueue": "LanesQueueUrl",
    "AlertsDeadLetterQueue": "AlertsDeadLetterQueueUrl",
    "LanesDeadLetterQueue": "LanesDeadLetterQueueUrl",
    "ParkingQueue": "ParkingQueueUrl",
}
DEPTHS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
AGE_WITHIN = timedelta(minutes=15)
"""SQS writes the age of the oldest message every minute, and of an idle queue with a delay."""


@dataclass(frozen=True)
class QueueStatus:
    name: str
    visible: int
    hidden: int
    """In work, paused, or delayed."""
    oldest_age: float | None
    """Seconds; None without a data point."""


@dataclass(frozen=True)
class AlarmStatus:
    name: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class StackStatus:
    stack: str
    state: str
    account: str
    region: str
    queues: list[QueueStatus]
    last_delivery: datetime | None
    lanes: list[LaneWait]
    muted: list[MutedAlerts]
    alarms: list[AlarmStatus]
    """Those in ALARM."""
    all_alarms: int
    cut_logs: list[str] = field(default_factory=list)
    """Log groups that were read in part: their newest lines are missing."""


def read_status(account: Account, name: str, step: Show, now: datetime | None = None) -> StackStatus:
    """Return the facts of a stack. Raise CommandFailed."""
    now = now or datetime.now(UTC)
    stack = stack_in(account, name)
    step("reading the queues")
    queues = [_queue(account, label, stack.output(output), now) for label, output in QUEUES.items()]
    step("reading the log of slack_alerts")
    cut = set[str]()
    delivered = last_delivery(account, stack, now, cut)
    lanes, names = split(waiting_lanes(account, stack, now, cut))
    muted = muted_alerts(account, stack, names, now, cut)
    step("reading the alarms")
    alarms = alarms_of(account, stack)
    raised = [_alarm(one) for one in alarms if is_raised(one)]
    return StackStatus(
        name,
        stack.status,
        account.id,
        account.region,
        queues,
        delivered,
        lanes,
        muted,
        raised,
        len(alarms),
        sorted(cut),
    )


def _queue(account: Account, name: str, url: str, now: datetime) -> QueueStatus:
    read = account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[*DEPTHS])["Attributes"]
    visible, *others = (int(read[depth]) for depth in DEPTHS)
    age = _age(account, url.rpartition("/")[2], now) if visible + sum(others) else 0.0
    return QueueStatus(name, visible, sum(others), age)


def _age(account: Account, queue: str, now: datetime) -> float | None:
    """Return the age of the oldest message by CloudWatch, or None."""
    answer = account.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        StartTime=now - AGE_WITHIN,
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(answer["Datapoints"], key=lambda one: one["Timestamp"])
    return float(points[-1]["Maximum"]) if points else None


def alarms_of(account: Account, stack: Stack) -> list[dict[str, Any]]:
    """Return the alarms among the resources of a stack, each with its name in the template as `LogicalResourceId`."""
    resources = account.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack.name)
    names = {
        one["PhysicalResourceId"]: one["LogicalResourceId"]
        for page in resources
        for one in page["StackResourceSummaries"]
        if one["ResourceType"] == "AWS::CloudWatch::Alarm" and "PhysicalResourceId" in one
    }
    alarms = account.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack.name}-")
    return [
        one | {"LogicalResourceId": names[one["AlarmName"]]}
        for page in alarms
        for one in page["MetricAlarms"]
        if one["AlarmName"] in names
    ]


def is_raised(alarm: Mapping[str, Any]) -> bool:
    return bool(alarm["StateValue"] == "ALARM")


def _alarm(found: Mapping[str, Any]) -> AlarmStatus:
    """Return an alarm under its name in the template, which the runbook has."""
    return AlarmStatus(found["LogicalResourceId"], found["StateUpdatedTimestamp"], redact(found["StateReason"]))
