"""The pipeline's own messages, by which it sees that it works: down the whole road, and no further than the post."""

from dataclasses import dataclass

from record_batch.outcome import SkipReason
from slack_alerts.models import Kind, Notification

HEARTBEAT = '{"holdfast": "heartbeat"}'
"""What the template's schedule publishes, exactly: anything else is an alert."""


@dataclass(frozen=True, slots=True)
class SelfTests:
    """How a stack knows its own."""

    test_alarm: str
    """Name of the alarm that is set off once a day; "" where there is none."""

    def recognise(self, notification: Notification) -> SkipReason | None:
        """Why it is not to be posted; None for every alert."""
        if notification.record.text == HEARTBEAT:
            return SkipReason.HEARTBEAT
        is_test = notification.kind is Kind.ALARM and notification.title == self.test_alarm
        return SkipReason.TEST_ALARM if is_test and self.test_alarm else None
