"""Show any record as text: the subject is the title, the text is unchanged."""

from aws_events.record import Record
from notifications.models import Kind, Notification, Status


def parse_text(record: Record) -> Notification:
    """Return the text as a notification, never the envelope, which has an unsubscribe link."""
    return Notification(
        record=record, kind=Kind.TEXT, status=Status.NOTICE, label="", title=title_of(record), reason=record.text
    )


def title_of(record: Record) -> str:
    """Return a title for a message that has none of its own."""
    topic = record.topic_arn.rpartition(":")[2]
    return record.subject or (f"Message from {topic}" if topic else "Message")
