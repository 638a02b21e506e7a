"""The one line of a notification, as the push notification shows it."""

from aws_events.severity import Severity
from notifications.models import Notification, Status

FIRING = {
    None: "🔴",
    Severity.CRITICAL: "🔴",
    Severity.HIGH: "🟠",
    Severity.MEDIUM: "🟡",
    Severity.LOW: "🔵",
    Severity.INFO: "🔵",
}
"""Emoji of a firing notification, by severity; its word is always shown too."""
EMOJI = {Status.RESOLVED: "🟢", Status.NO_DATA: "⚪", Status.NOTICE: "🔔"}


def emoji(notification: Notification) -> str:
    return EMOJI.get(notification.status) or FIRING[notification.severity]


def headline(notification: Notification) -> str:
    """Return `🔴 ALARM shop-cpu`."""
    return one_line(f"{emoji(notification)} {notification.label} {notification.title}")


def line(notification: Notification, late: str = "") -> str:
    """Return `🔴 ALARM shop-cpu: CPUUtilization 97 % > 90 % (111122223333, eu-west-1)`, without escaping."""
    said = one_line(notification.summary or notification.reason)
    where = ", ".join(part for part in (notification.account, notification.region, late) if part)
    return headline(notification) + (f": {said}" if said else "") + (f" ({where})" if where else "")


def one_line(text: str) -> str:
    return " ".join(text.split())
