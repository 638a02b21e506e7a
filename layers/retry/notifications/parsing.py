"""Record -> Notification, by the first row of the kinds that matches; else by known keys, else as text."""

from dataclasses import replace
from datetime import UTC, datetime

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from notifications.body import Body, read_bodies
from notifications.generic import unknown
from notifications.hiding import without_secrets
from notifications.kinds.table import find
from notifications.models import Kind, Notification
from notifications.several import together
from notifications.text import parse_text
from observability.telemetry import logger

EMPTY = {"{}", "[]"}
"""JSON without a value."""
EVENTS = 500
"""Events of one message that are read; the others are counted. Reading thousands would outlast intake's timeout."""


def parse(record: Record, *, as_text: bool = False) -> Notification:
    """Return the notification with an identity and a time; an alert that cannot be parsed is shown as text."""
    notification, before = parse_text(record) if as_text else _parse(record), read_facts(record)
    return replace(
        _safe(notification),
        identity=notification.identity or record.sns_message_id or before.alert_id,
        occurred_at=notification.occurred_at or _moment(before.sent_at),
    )


def _safe(one: Notification) -> Notification:
    """Hide the secrets that the parser has not hidden. Leave the title of an alarm, because routes match it."""
    return replace(
        one,
        title=one.title if one.kind is Kind.ALARM else without_secrets(one.title),
        summary=without_secrets(one.summary),
        reason=without_secrets(one.reason),
        description=without_secrets(one.description),
        facts=tuple((name, without_secrets(value)) for name, value in one.facts),
    )


def _moment(seconds: float | None) -> datetime | None:
    """Return the time of first publication, for a message that names no time of its own."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _parse(record: Record) -> Notification:
    """Parse each event of the record; the record is text if its encodings cannot be read."""
    try:
        bodies = read_bodies(record)
        events = [_event(body) for body in bodies[:EVENTS]]
        return together(events, unread=len(bodies[EVENTS:])) if len(events) > 1 else events[0]
    except Exception as error:  # noqa: BLE001 - a parser's bug must not cost the alert
        logger.warning("parser raised", extra={"parser": "bodies", "error": type(error).__name__})
        return parse_text(record)


def _event(body: Body) -> Notification:
    """Try the parser of the kind, then the generic layout, then the text without its encodings, then the text."""
    for parser in (_by_kind, _by_keys, _decoded):
        try:
            notification = parser(body)
        except Exception as error:  # noqa: BLE001 - a parser's bug must not cost the alert
            logger.warning("parser raised", extra={"parser": parser.__name__, "error": type(error).__name__})
        else:
            if notification is not None:
                return notification
    return parse_text(body.record)


def _by_kind(body: Body) -> Notification | None:
    """Return the notification by the parser of the kind; None if it has no title or no summary."""
    row = find(body)
    notification = None if row is None else row.load()(body)
    return notification if notification and notification.title and notification.summary else None


def _by_keys(body: Body) -> Notification | None:
    return unknown(body) if body.value or body.string.strip() in EMPTY else None


def _decoded(body: Body) -> Notification | None:
    """Return the text inside its encodings, as a JSON string shows it; None if that is blank."""
    return replace(parse_text(body.record), reason=body.string) if body.string.strip() else None
