from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from demo.metric_alarm import MetricAlarm
from holdfast_cli.failures import CommandFailed
from holdfast_cli.status_facts import QUEUES, read_status
from tests.unit.holdfast_cli.cloudformation import CloudFormation, Session, account_with, stack
from tests.unit.holdfast_cli.test_lane_log import Log


@pytest.fixture
def deployed(session: boto3.Session) -> Session:
    """Return a session with a stack whose queues exist; ParkingQueue has two messages, one received."""
    sqs, found = session.client("sqs"), stack()
    urls: dict[str, str] = {}
    for name, output in QUEUES.items():
        fifo: Any = {"FifoQueue": "true"} if name.startswith("Lanes") else {}
        urls[output] = sqs.create_queue(QueueName=f"{name}{'.fifo' if fifo else ''}", Attributes=fifo)["QueueUrl"]
    for output in found["Outputs"]:
        output["OutputValue"] = urls.get(output["OutputKey"], output["OutputValue"])
    for _ in range(2):
        sqs.send_message(QueueUrl=urls["ParkingQueueUrl"], MessageBody="x")
    sqs.receive_message(QueueUrl=urls["ParkingQueueUrl"], MaxNumberOfMessages=1)
    cloudwatch = session.client("cloudwatch")
    for name, value in {
        "holdfast-ParkingAlarm-a1B2": "ALARM",
        "holdfast-ErrorsAlarm-B2": "OK",
        "other-X-1": "ALARM",
        "holdfast-staging-ErrorsAlarm-1A2B": "ALARM",
    }.items():
        MetricAlarm(cloudwatch, name).create("arn:aws:sns:us-east-1:123456789012:ops", "")
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="as a test")  # type: ignore[arg-type] # one of them
    log = Log()
    return Session(
        {
            "us-east-1": CloudFormation(
                {"holdfast": found}, alarms=["holdfast-ParkingAlarm-a1B2", "holdfast-ErrorsAlarm-B2"]
            )
        },
        {"lambda": log, "logs": log},
    )


def test_depths_alarms_and_the_last_delivery_are_read(deployed: Session, session: boto3.Session) -> None:
    now = datetime.now(UTC)
    session.client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": "ParkingQueue"}],
                "Timestamp": now - timedelta(minutes=minutes),
                "Value": 100.0 * minutes,
            }
            for minutes in (5, 3)
        ],
    )
    found = read_status(account_with(deployed), "holdfast", lambda _: None, now)
    queues = {one.name: (one.visible, one.hidden, one.oldest_age) for one in found.queues}
    assert queues == dict.fromkeys(QUEUES, (0, 0, 0.0)) | {"ParkingQueue": (1, 1, 300.0)}
    assert [(one.name, one.reason) for one in found.alarms] == [("ParkingAlarm", "as a test")]
    assert (found.all_alarms, found.state, found.last_delivery, found.lanes) == (2, "CREATE_COMPLETE", None, [])


def test_a_stack_of_an_older_version_is_to_be_updated(deployed: Session) -> None:
    found = deployed.regions["us-east-1"].stacks["holdfast"]
    found["Outputs"] = [one for one in found["Outputs"] if one["OutputKey"] != "LanesDeadLetterQueueUrl"]
    with pytest.raises(CommandFailed, match="no output LanesDeadLetterQueueUrl") as failed:
        read_status(account_with(deployed), "holdfast", lambda _: None)
    assert failed.value.advice == "update the stack: holdfast deploy"


def test_a_queue_without_a_data_point_has_no_age(deployed: Session) -> None:
    found = read_status(account_with(deployed), "holdfast", lambda _: None)
    assert {one.name: one.oldest_age for one in found.queues}["ParkingQueue"] is None
