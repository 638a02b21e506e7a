"""An alert's time in Slack's markup, and its delay in words."""

from datetime import datetime

from notifications.models import Notification

LATE = 300.0
"""Seconds after which an alert counts as late; a healthy pipeline needs two seconds."""
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
READABLE_TIMES = range(2**32)
"""Seconds since 1970 that Slack's date markup accepts."""


def moment_text(moment: datetime) -> str:
    written = f"{moment:%Y-%m-%d %H:%M:%S %Z}"
    seconds = int(moment.timestamp())
    if seconds not in READABLE_TIMES:
        return written
    return f"<!date^{seconds}^{{date_short_pretty}} {{time_secs}}|{written}>"


def late_by(notification: Notification, now: float) -> str:
    """Return the delay of the alert in words; "" if it is not late."""
    late = now - notification.occurred_at.timestamp() if notification.occurred_at is not None else 0.0
    if late < LATE:
        return ""
    rest, words = int(late), []
    for unit, seconds in UNITS:
        count, rest = divmod(rest, seconds)
        words += [f"{count:,} {unit}"] if count else []
    return f"delayed by {' '.join(words[:2])}"
