"""Recognise heartbeats and test alarms: the pipeline tests itself with them and never posts them."""

from notifications.models import Kind, Notification
from notifications.self_tests import HEARTBEAT


def is_self_test(notification: Notification, test_alarm: str) -> bool:
    """Return whether the notification is a heartbeat or the test alarm, whose name is "" if there is none."""
    is_test_alarm = notification.kind is Kind.ALARM and notification.title == test_alarm
    return notification.record.text == HEARTBEAT or (is_test_alarm and bool(test_alarm))
