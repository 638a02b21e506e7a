"""The alert in a queued message, whose body is the SNS envelope."""

import json

from aws_events.message_attributes import ATTRIBUTE
from demo.ledger import Alert
from demo.ministack import QueuedMessage


def sns_id_of(message: QueuedMessage) -> str:
    return str(json.loads(message.body)["MessageId"])


def alert_of(message: QueuedMessage) -> Alert:
    """Return the alert; a message that is no alarm is named by its subject or its first words."""
    envelope = json.loads(message.body)
    try:
        alarm = json.loads(envelope["Message"])
        return Alert(envelope["MessageId"], str(alarm["AlarmName"]), str(alarm["NewStateValue"]))
    except (ValueError, TypeError, KeyError):
        return Alert(envelope["MessageId"], str(envelope.get("Subject") or envelope["Message"])[:40], "")


def reason_of(message: QueuedMessage) -> str:
    facts = json.loads(message.attributes[ATTRIBUTE])
    return f"function: {facts['reason']} ({facts['detail']})"
