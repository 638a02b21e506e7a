"""The alert in a queued message, whose body is the SNS envelope."""

import json

from aws_events.event_reading import read_event
from aws_events.message_attributes import ATTRIBUTE
from aws_events.record import Record
from demo.ledger import Alert
from demo.ministack import QueuedMessage
from intake.self_tests import is_self_test
from notifications.parsing import parse
from record_batch.admission import reason_to_skip

NAME_LIMIT = 60


def sns_id_of(message: QueuedMessage) -> str:
    """Return the SNS id; the SQS id of a message that did not come from SNS."""
    try:
        return str(json.loads(message.body)["MessageId"])
    except (ValueError, TypeError, KeyError):
        return message.id


def alert_of(body: str, test_alarm_arn: str = "") -> Alert:
    """Return the alert as intake reads it."""
    (record,) = read_event({"Records": [{"eventSource": "aws:sqs", "messageId": "read", "body": body}]})
    if not isinstance(record, Record):  # a queue holds no message without a body
        raise record
    notification = parse(record)
    return Alert(
        id=record.sns_message_id,
        name=notification.title[:NAME_LIMIT],
        state=notification.label,
        identity=notification.identity,
        is_self_test=is_self_test(notification, test_alarm_arn),
        is_skipped=reason_to_skip(record) is not None,
        published_at=record.published_at or 0.0,
    )


def reason_of(message: QueuedMessage) -> str:
    """Return the reason that the function wrote beside a parked message."""
    facts = json.loads(message.attributes.get(ATTRIBUTE, "{}"))
    return f"function: {facts.get('reason', 'no reason')} ({facts.get('detail', 'sent by hand')})"
