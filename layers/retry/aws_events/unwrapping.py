"""Undo the encodings around a message: JSON in a string, an SNS envelope, an SQS record from Pipes, a list of one."""

from aws_events.loose_json import dict_of, load

LEVELS = 6
"""A record of SQS in a list, with an envelope of SNS in its body, takes six."""


def unwrapped(value: object) -> object:
    """Return the JSON value inside the encodings; a text itself if it is no JSON object or list."""
    for _ in range(LEVELS):
        inner = _inner(value)
        if inner is value:
            break
        value = inner
    return value


def _is_dead_letter(record: object) -> bool:
    """Return whether EventBridge sent it to a dead-letter queue: its attributes name the error, its body does not."""
    return "ERROR_CODE" in dict_of(dict_of(record).get("messageAttributes"))


def _inner(value: object) -> object:
    match value:
        case str() if value.lstrip()[:1] in {"{", "[", '"'}:
            try:
                return load(value)
            except ValueError:
                return value
        case {"Type": "Notification", "Message": str(message), "TopicArn": str()}:
            return message
        case {"eventSource": "aws:sqs", "body": str(body)} if not _is_dead_letter(value):
            return body
        case [one]:
            return one
        case _:
            return value
