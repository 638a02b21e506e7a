"""Recognise heartbeats and test alarms: the pipeline tests itself with them and never posts them."""

from notifications.arns import account_of, name_of, region_of
from notifications.models import Kind, Notification
from notifications.self_tests import HEARTBEAT


def is_self_test(notification: Notification, test_alarm_arn: str) -> bool:
    """Return whether the notification is a heartbeat or the test alarm, whose ARN is "" if there is none.

    An alarm of another account or Region may have the same name, and must be posted.
    """
    return notification.record.text == HEARTBEAT or (bool(test_alarm_arn) and _is_alarm(notification, test_alarm_arn))


def _is_alarm(one: Notification, arn: str) -> bool:
    """Compare account, Region and name, because an older message of an alarm has no ARN."""
    place = (one.account, one.region, one.title)
    return one.kind is Kind.ALARM and place == (account_of(arn), region_of(arn), name_of(arn))
