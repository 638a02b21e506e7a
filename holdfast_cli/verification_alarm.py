"""The alarm that `holdfast verify` publishes."""

import json
from datetime import UTC, datetime


def build_test_alarm(name: str, topic_arn: str, *, state: str = "OK", function: str = "") -> str:
    """Return the JSON of a state change as CloudWatch publishes it; its description says that it is a test.

    With the name of a function the alarm watches the invocations of this function.
    """
    _, _, _, region, account, _ = topic_arn.split(":")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return json.dumps(
        {
            "AlarmName": name,
            "AlarmDescription": "A test of the way from AWS to Slack. Nothing has happened.",
            "AWSAccountId": account,
            "NewStateValue": state,
            "NewStateReason": "Sent by hand: holdfast verify.",
            "StateChangeTime": now,
            "Region": region,
            "OldStateValue": "INSUFFICIENT_DATA",
            **({"Trigger": _invocations(function)} if function else {}),
        }
    )


def _invocations(function: str) -> dict[str, object]:
    return {
        "Namespace": "AWS/Lambda",
        "MetricName": "Invocations",
        "Dimensions": [{"name": "FunctionName", "value": function}],
        "Statistic": "SUM",
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1.0,
    }
