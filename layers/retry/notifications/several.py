"""Several events in one message, as EventBridge Pipes sends them: the worst leads, the others are listed."""

from collections.abc import Sequence
from dataclasses import replace

from aws_events.severity import Severity
from notifications.building import joined
from notifications.line import line
from notifications.models import Kind, Notification, Status

STATUSES = (Status.FIRING, Status.NO_DATA, Status.NOTICE, Status.RESOLVED)
"""The worst first."""
SEVERITIES = (Severity.CRITICAL, None, *list(Severity)[1:])
"""A firing event without a severity is shown like a critical one."""
LISTED = 30
"""Events that have a line in the long text."""


def together(events: Sequence[Notification], unread: int = 0) -> Notification:
    """Return one notification for several events and a number of unread ones, with no event's identity.

    With the identity of one event, a second delivery of that event alone would make the others a duplicate.
    """
    ranked = sorted(events, key=lambda one: (STATUSES.index(one.status), SEVERITIES.index(one.severity)))
    worst, lines, number = ranked[0], [line(one) for one in ranked[:LISTED]], len(ranked) + unread
    more = f"{number - LISTED:,} more events" if number > LISTED else ""
    return replace(
        worst,
        kind=Kind.EVENT,
        summary=joined(worst.summary or worst.reason, f"(+{number - 1:,} more)", by=" "),
        reason=joined(*lines, more, by="\n"),
        resources=tuple(dict.fromkeys(name for one in ranked for name in one.resources)),
        identity="",
        subject="",
    )
