"""The message with which S3 tests a new event notification of a bucket."""

from aws_events.loose_json import dict_of
from aws_events.unwrapping import unwrapped

TEST = "s3:TestEvent"


def is_s3_test_event(text: str) -> bool:
    """Return whether the text is S3's test, which reports nothing about an object."""
    if TEST not in text:  # most messages are not parsed here
        return False
    message = dict_of(unwrapped(text))
    return message.get("Service") == "Amazon S3" and message.get("Event") == TEST and "Records" not in message
