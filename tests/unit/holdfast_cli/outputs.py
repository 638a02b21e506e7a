"""Outputs of a deployed stack, as the operator commands read them."""

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
    "RoutesParameter": "/holdfast/routes",
    "SecretStore": "ssm",
    "DestinationsPath": "/holdfast/destinations",
    "DefaultDestination": "default",
}
