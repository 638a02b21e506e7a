"""Recognise heartbeats and test alarms: the pipeline tests itself with them and never posts them."""

from notifications.models import Kind, Notification
from notifications.self_tests import HEARTBEAT


def is_self_test(notification: Notification, test_alarm_arn: str) -> bool:
    """Return whether the notification is a heartbeat or the test alarm, whose ARN is "" if there is none.

    An alarm of another account or Region may have the same name, and must be posted.
    """
    is_test_alarm = notification.kind is Kind.ALARM and notification.resources[:1] == (test_alarm_arn,)
    return notification.record.text == HEARTBEAT or is_test_alarm
