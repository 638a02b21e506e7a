"""A received message -> the line about it in a notice: its name, and why it was parked."""

from collections.abc import Mapping
from typing import Any

from aws_events.alarm import NotAnAlarm
from aws_events.alarm_parsing import parse_alarm
from aws_events.loose_json import text_of
from aws_events.message_attributes import raw_facts
from aws_events.received import read_received, sent_at
from aws_events.record import Record
from notices.models import QueuedMessage
from observability.redaction import redact
from record_batch.overflow import Overflow

TEXT_LIMIT = 120
"""Characters of a name, and of a reason: ten lines fit on a screen."""
READ_LIMIT = 1_000
"""Characters that are read of a text from outside, which may be one MiB long."""


def queued_message(message: Mapping[str, Any], overflow: Overflow) -> QueuedMessage:
    """Return the facts of a message from ReceiveMessage, without its body, which may be one MiB long."""
    record = overflow.restore(read_received(message))
    facts = raw_facts(record)
    reason = ": ".join(filter(None, (text_of(facts.get("reason")), text_of(facts.get("detail")))))
    return QueuedMessage(
        message_id=record.message_id,
        sent_at=sent_at(message),
        name=one_line(_name(record)) or record.message_id,
        reason=one_line(reason),
    )


def one_line(text: str) -> str:
    """Return the text in one line, redacted and cut. SNS refuses some control characters and lone surrogates."""
    printable = "".join(one if one.isprintable() else " " for one in text[:READ_LIMIT])
    line = redact(" ".join(printable.split()))
    return line if len(line) <= TEXT_LIMIT else line[: TEXT_LIMIT - 1] + "…"


def _name(record: Record) -> str:
    try:
        return parse_alarm(record.text).name
    except NotAnAlarm:
        return record.subject
