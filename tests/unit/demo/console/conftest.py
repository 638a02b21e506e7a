import pytest

from holdfast_cli.stack import Stack

OUTPUTS = {
    "AlertsTopicArn": "arn:alerts",
    "AlertsQueueUrl": "",
    "AlertsDeadLetterQueueUrl": "",
    "ParkingQueueUrl": "",
    "OpsTopicArn": "",
    "SlackAlertsFunctionName": "slack-alerts",
    "IntakeFunctionName": "intake",
    "RedriveFunctionName": "redrive",
    "ActionsTopicArn": "arn:actions",
    "RoutesParameter": "",
    "SecretStore": "",
    "DestinationsPath": "",
    "DefaultDestination": "",
}


@pytest.fixture
def stack() -> Stack:
    return Stack.from_outputs("local", OUTPUTS)
