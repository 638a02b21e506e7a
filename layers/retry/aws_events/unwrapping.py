"""Undo the encodings around a message: JSON in a JSON string, an SNS envelope in a message, a list of one."""

from aws_events.loose_json import load

LEVELS = 4


def unwrapped(text: str) -> object:
    """Return the JSON value inside the encodings; the text itself if it is no JSON object or list."""
    value: object = text
    for _ in range(LEVELS):
        inner = _inner(value)
        if inner is value:
            break
        value = inner
    return value


def _inner(value: object) -> object:
    match value:
        case str() if value.lstrip()[:1] in {"{", "[", '"'}:
            try:
                return load(value)
            except ValueError:
                return value
        case {"Type": "Notification", "Message": str(message), "TopicArn": str()}:
            return message
        case [one]:
            return one
        case _:
            return value
