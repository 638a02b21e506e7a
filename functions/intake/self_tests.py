"""Recognise heartbeats and test alarms: the pipeline tests itself with them and never posts them."""

from dataclasses import dataclass

from notifications.models import Kind, Notification
from notifications.self_tests import HEARTBEAT


@dataclass(frozen=True, slots=True)
class SelfTests:
    """The self-tests of one stack."""

    test_alarm: str
    """Name of the alarm that the stack sets off once a day; "" if there is none."""

    def recognise(self, notification: Notification) -> bool:
        """Return whether the notification is a self-test."""
        is_test_alarm = notification.kind is Kind.ALARM and notification.title == self.test_alarm
        return notification.record.text == HEARTBEAT or (is_test_alarm and bool(self.test_alarm))
