"""What became of a request -> plain text for Slack, by way of AlertsTopic. No JSON: nothing reads it as a request."""

from dataclasses import dataclass

from aws_actions.models import Request

SUBJECT_LIMIT = 99
"""SNS refuses a subject of 100 characters or more."""
NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class OutcomeMessage:
    """A message as SNS takes it."""

    subject: str
    text: str


def outcome_message(request: Request, word: str, *, code: str = "", request_id: str = "") -> OutcomeMessage:
    """`word` is ours (done, expired, …), `code` ours or AWS's; the alarm's name is the only text from outside."""
    call = f"{request.call.service} {request.call.operation}"
    lines = [
        f"{call}: {word}",
        f"Alarm: {_name(request.alarm)}" if request.alarm else "Asked for by a message",
        f"Code: {code}" if code else "",
        f"Request id: {request_id}" if request_id else "",
    ]
    return OutcomeMessage(f"AWS call {word}: {call}"[:SUBJECT_LIMIT], "\n".join(filter(None, lines)))


def _name(alarm: str) -> str:
    """On one line, whatever stands in it."""
    return "".join(character if character.isprintable() else "?" for character in alarm[:NAME_LIMIT])
