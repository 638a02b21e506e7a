"""Parse a record into a notification, with one module for each family of events. An unknown event is shown as text."""

from dataclasses import replace
from datetime import UTC, datetime

from aws_events.envelope import Record
from aws_events.message_attributes import read_facts
from notifications.cloudwatch_alarm import parse_cloudwatch_alarm
from notifications.event import parse_event
from notifications.models import Notification
from notifications.text import parse_text
from observability.telemetry import logger

FAMILIES = (parse_cloudwatch_alarm, parse_event)
"""The parsers, the most specific first; each returns None for an event of another family."""


def parse(record: Record, *, as_text: bool = False) -> Notification:
    """Return the notification with an identity and a time; an alert that cannot be parsed is shown as text."""
    notification, facts = parse_text(record) if as_text else _parse(record), read_facts(record)
    return replace(
        notification,
        identity=notification.identity or record.sns_message_id or facts.alert_id,
        occurred_at=notification.occurred_at or _datetime(facts.sent_at),
    )


def _datetime(seconds: float | None) -> datetime | None:
    """Return the time of first publication, for a message that names no time of its own."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _parse(record: Record) -> Notification:
    for family in FAMILIES:
        try:
            notification = family(record)
        except Exception as error:  # noqa: BLE001 - a parser's bug must not cost the alert
            logger.warning("parser raised", extra={"parser": family.__name__, "error": type(error).__name__})
        else:
            if notification is not None:
                return notification
    return parse_text(record)
