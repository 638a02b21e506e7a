"""Parse JSON that no other parser accepts: the fields of an EventBridge event, and the JSON indented."""

import json
from collections.abc import Mapping

from aws_events.envelope import Record
from aws_events.loose_json import dict_of, list_of, load, text_of
from aws_events.timestamps import datetime_of
from notifications.models import Kind, Notification, Status
from notifications.text import title_of

INDENT_LIMIT = 16_384
"""Characters; longer JSON is not indented: deep nesting would need gigabytes."""


def parse_event(record: Record) -> Notification | None:
    """Return the notification; None if the text is no JSON object or list."""
    try:
        value = load(record.text)
    except ValueError:
        return None
    if not isinstance(value, dict | list):
        return None
    event = dict_of(value)
    kind, resources = text_of(event.get("detail-type")), map(text_of, list_of(event.get("resources")))
    facts = (("Source", text_of(event.get("source"))), ("Resources", "\n".join(filter(None, resources))))
    return Notification(
        record=record,
        kind=Kind.EVENT,
        status=Status.NOTICE,
        label="",
        title=kind or title_of(record),
        reason=_indented(event.get("detail") if kind and "detail" in event else value, record.text),
        facts=tuple((name, text) for name, text in facts if text),
        account=text_of(event.get("account")),
        region=text_of(event.get("region")),
        identity=_identity(record, event),
        occurred_at=datetime_of(event.get("time")),
    )


def _identity(record: Record, event: Mapping[str, object]) -> str:
    """Return EventBridge's id if SNS gave none: a rule may send to the queue directly."""
    is_event = "detail-type" in event and "source" in event
    return text_of(event.get("id")) if is_event and not record.sns_message_id else ""


def _indented(value: object, text: str) -> str:
    """Return the value as indented JSON, or `text` if the JSON would be too long."""
    parts, length = [], 0
    for part in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value):
        length += len(part)
        if length > INDENT_LIMIT:
            return text
        parts.append(part)
    return "".join(parts)
