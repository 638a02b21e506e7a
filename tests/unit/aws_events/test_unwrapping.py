import json

import pytest

from aws_events.unwrapping import unwrapped

MESSAGE = {"state": "down"}
TEXT = json.dumps(MESSAGE)
ENVELOPE = {"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:111122223333:a", "Message": TEXT}
SQS_RECORD = {"eventSource": "aws:sqs", "body": json.dumps(ENVELOPE), "messageAttributes": {}}
DEAD_LETTER = SQS_RECORD | {"messageAttributes": {"ERROR_CODE": {"stringValue": "NO_PERMISSIONS"}}}


@pytest.mark.parametrize(
    "value",
    [
        TEXT,
        json.dumps(TEXT),
        ENVELOPE,
        [MESSAGE],
        SQS_RECORD,
        json.dumps([SQS_RECORD]),
        json.dumps(json.dumps([MESSAGE])),
    ],
)
def test_each_encoding_around_a_message_is_undone(value: object) -> None:
    assert unwrapped(value) == MESSAGE


@pytest.mark.parametrize("value", ["down", "{down", "[", [MESSAGE, MESSAGE], [], None, 7, {"body": TEXT}, DEAD_LETTER])
def test_another_value_is_unchanged(value: object) -> None:
    assert unwrapped(value) == value
