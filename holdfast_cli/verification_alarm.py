"""The alarm that `holdfast verify` publishes."""

import json
from datetime import UTC, datetime


def build_test_alarm(name: str, topic_arn: str) -> str:
    """Return the JSON of a state change to OK as CloudWatch publishes it; its description says that it is a test."""
    _, _, _, region, account, _ = topic_arn.split(":")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return json.dumps(
        {
            "AlarmName": name,
            "AlarmDescription": "A test of the way from AWS to Slack. Nothing has happened.",
            "AWSAccountId": account,
            "NewStateValue": "OK",
            "NewStateReason": "Sent by hand: holdfast verify.",
            "StateChangeTime": now,
            "Region": region,
            "OldStateValue": "INSUFFICIENT_DATA",
        }
    )
