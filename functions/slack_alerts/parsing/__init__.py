"""Record -> Notification, one module for each family of events. Total: what nobody knows is shown as text."""

from dataclasses import replace

from aws_events.envelope import Record
from record_batch.carried import carried
from record_batch.telemetry import logger
from slack_alerts.models import Notification
from slack_alerts.parsing.cloudwatch_alarm import parse_cloudwatch_alarm
from slack_alerts.parsing.event import parse_event
from slack_alerts.parsing.text import parse_text

FAMILIES = (parse_cloudwatch_alarm, parse_event)
"""From the most particular; each gives None for what it does not know."""


def parse(record: Record) -> Notification:
    """Record -> Notification, with an identity; an alert that cannot be parsed is still an alert."""
    notification = _parse(record)
    if notification.identity:
        return notification
    return replace(notification, identity=record.sns_message_id or carried(record).alert_id)


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
