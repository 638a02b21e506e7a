"""A change of a CloudWatch alarm's state, as CloudWatch writes it, published without an alarm."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from demo.clients import REGION
from demo.sample_calls import ACCOUNT

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

RULE = {
    "Namespace": "Holdfast/Demo",
    "MetricName": "HealthyHosts",
    "Statistic": "MINIMUM",
    "Dimensions": [{"name": "TargetGroup", "value": "shop"}],
    "Period": 60,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "LessThanThreshold",
    "Threshold": 1.0,
}
PUBLISHERS = 8
"""Threads that publish."""


def publish_all(sns: "SNSClient", topic_arn: str, names: Sequence[str]) -> None:
    """Publish an alarm of each name, several at once."""
    with ThreadPoolExecutor(PUBLISHERS) as pool:
        list(pool.map(lambda name: sns.publish(TopicArn=topic_arn, Message=state_change(name)), names))


def state_change(name: str, state: str = "ALARM", moment: datetime | None = None, *, has_rule: bool = False) -> str:
    """Return the message of an alarm that goes into this state at that moment, or now, with its rule or without."""
    changed_at = datetime.now(UTC) if moment is None else moment
    change = {
        "AlarmName": name,
        "AlarmDescription": "A host does not answer.",
        "AWSAccountId": ACCOUNT,
        "NewStateValue": state,
        "NewStateReason": "Threshold Crossed: 1 datapoint was less than the threshold (1.0).",
        "StateChangeTime": changed_at.strftime("%Y-%m-%dT%H:%M:%S.%f+0000"),
        "Region": REGION,
        "OldStateValue": "OK" if state == "ALARM" else "ALARM",
        **({"Trigger": RULE} if has_rule else {}),
    }
    return json.dumps(change)
