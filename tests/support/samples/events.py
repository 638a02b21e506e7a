"""Builders of Lambda events, and the sample events of events/."""

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parents[3] / "events"
TOPIC_ARN = "arn:aws:sns:eu-west-1:123456789012:alerts"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:alerts"
LANES_ARN = "arn:aws:sqs:eu-west-1:123456789012:lanes.fifo"


def sample(name: str) -> Any:  # noqa: ANN401 - JSON of any shape
    return json.loads((EVENTS / f"{name}.json").read_text())


def sqs_event(*bodies: object, receive_count: int = 1) -> dict[str, Any]:
    """Return an SQS event with a record for each body; ids m1, m2, … and handles r1, r2, …."""
    return {"Records": [sqs_record(body, number, receive_count) for number, body in enumerate(bodies, start=1)]}


def sqs_record(body: object, number: int = 1, receive_count: int = 1) -> dict[str, Any]:
    return {
        "messageId": f"m{number}",
        "receiptHandle": f"r{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receive_count)},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE_ARN,
    }


def lane_event(
    *bodies: object, lane: str = "default", receive_count: int = 1, first: int = 1, **facts: object
) -> dict[str, Any]:
    """Return an SQS FIFO event with a record for each body, numbered from `first`; `facts` go into our attribute."""
    records = [lane_record(body, number, lane, receive_count, **facts) for number, body in enumerate(bodies, first)]
    return {"Records": records}


def lane_record(
    body: object, number: int = 1, lane: str = "default", receive_count: int = 1, **facts: object
) -> dict[str, Any]:
    record = sqs_record(body, number, receive_count)
    record["attributes"] |= {
        "MessageGroupId": lane,
        "MessageDeduplicationId": f"d{number}",
        "SequenceNumber": f"{number:020}",
    }
    ours = {"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}} if facts else {}
    return record | {"eventSourceARN": LANES_ARN, "messageAttributes": ours}


def merged(*events: dict[str, Any]) -> dict[str, Any]:
    """Return one event with the records of all, like a batch of several lanes."""
    return {"Records": [record for event in events for record in event["Records"]]}


def sns_body(message: str, *, subject: str = "", message_id: str = "sns-1") -> str:
    envelope = {"Type": "Notification", "MessageId": message_id, "TopicArn": TOPIC_ARN, "Message": message}
    return json.dumps(envelope | ({"Subject": subject} if subject else {}))


def sns_event(message: str) -> dict[str, Any]:
    envelope = {"MessageId": "sns-1", "TopicArn": TOPIC_ARN, "Subject": None, "Message": message}
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": envelope}]}


ALARM_ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"
TEST_ALARM = "holdfast-TestAlarm-1"
TEST_ALARM_ARN = ALARM_ARN + TEST_ALARM


def alarm_message(**changes: object) -> str:
    """Return CloudWatch's JSON for a metric alarm."""
    message = {
        "AlarmName": "checkout-errors",
        "AlarmDescription": "Customers cannot pay.",
        "AWSAccountId": "123456789012",
        "NewStateValue": "ALARM",
        "OldStateValue": "OK",
        "NewStateReason": "Threshold Crossed: 2 datapoints were greater than the threshold (5.0).",
        "StateChangeTime": "2026-01-31T12:00:41.123+0000",
        "Region": "EU (Ireland)",
        "AlarmArn": f"{ALARM_ARN}{changes.get('AlarmName', 'checkout-errors')}",
        "Trigger": {
            "MetricName": "Errors",
            "Namespace": "AWS/Lambda",
            "Statistic": "SUM",
            "Dimensions": [{"value": "checkout", "name": "FunctionName"}],
            "Period": 60,
            "EvaluationPeriods": 2,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 5.0,
        },
    }
    return json.dumps(message | changes)


def alarm_action(name: str = "checkout-errors", **changes: object) -> dict[str, Any]:
    """Return the event of the Lambda action of an alarm, a twin of alarm_message."""
    message = json.loads(alarm_message(AlarmName=name))
    state = {"value": message["NewStateValue"], "reason": message["NewStateReason"]}
    before = {"value": message["OldStateValue"]}
    event = {
        "source": "aws.cloudwatch",
        "alarmArn": message["AlarmArn"],
        "accountId": message["AWSAccountId"],
        "time": message["StateChangeTime"],
        "region": "eu-west-1",
        "alarmData": {
            "alarmName": name,
            "state": state | {"timestamp": message["StateChangeTime"]},
            "previousState": before,
            "configuration": {"description": message["AlarmDescription"], "metrics": []},
        },
    }
    return event | changes
