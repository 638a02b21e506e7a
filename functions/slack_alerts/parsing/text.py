"""Anything -> Notification: the subject as title, the text as it came."""

from aws_events.envelope import Record
from slack_alerts.models import Notification, Status


def parse_text(record: Record) -> Notification:
    """Record -> Notification; never the envelope, which carries an unsubscribe link."""
    topic = record.topic_arn.rpartition(":")[2]
    title = record.subject or (f"Message from {topic}" if topic else "Message")
    return Notification(record=record, status=Status.NOTICE, label="", title=title, reason=record.text)
