"""Outputs of a deployed stack, and an AWS in process."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto import mock_aws

REGION = "us-east-1"
OUTPUTS = {
    "AlertsTopicArn": "arn:aws:sns:us-east-1:123456789012:alerts",
    "AlertsQueueUrl": "https://sqs.example.com/alerts",
    "AlertsDeadLetterQueueUrl": "https://sqs.example.com/dead",
    "ParkingQueueUrl": "https://sqs.example.com/parked",
    "OpsTopicArn": "arn:aws:sns:us-east-1:123456789012:ops",
    "LanesQueueUrl": "https://sqs.example.com/lanes.fifo",
    "LanesDeadLetterQueueUrl": "https://sqs.example.com/lanes-dead.fifo",
    "IntakeFunctionName": "intake",
    "SlackAlertsFunctionName": "slack-alerts",
    "RedriveFunctionName": "redrive",
    "NoticesFunctionName": "notices",
    "DeliveriesTableName": "deliveries",
    "RoutesParameter": "/holdfast/routes",
    "SecretStore": "ssm",
    "DestinationsPath": "/holdfast/destinations",
    "DefaultDestination": "default",
}


@contextmanager
def aws_in_process() -> Iterator[boto3.Session]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        yield boto3.Session(region_name=REGION)
