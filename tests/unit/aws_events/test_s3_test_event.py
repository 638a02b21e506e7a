import json

import pytest

from aws_events.s3_test_event import is_s3_test_event
from tests.support.samples.events import sample

TEST = sample("kinds/s3-test")
OBJECT = sample("kinds/s3-object")


@pytest.mark.parametrize("text", [json.dumps(TEST), json.dumps(json.dumps(TEST)), f" {json.dumps(TEST, indent=1)}\n"])
def test_the_test_of_a_notification_is_recognised(text: str) -> None:
    assert is_s3_test_event(text)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECT),
        json.dumps(TEST | OBJECT),
        json.dumps(TEST | {"Service": "shop"}),
        json.dumps(TEST | {"Event": "s3:TestEvents"}),
        json.dumps({"AlarmName": "s3:TestEvent fails", "Event": None}),
        "s3:TestEvent did not arrive",
        '{"Service": "Amazon S3", "Event": "s3:TestEvent"',
        "",
    ],
)
def test_any_other_message_is_an_alert(text: str) -> None:
    assert not is_s3_test_event(text)
