"""The thread of an alarm and one more change: whether it belongs in the thread, and the thread after it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from notifications.line import headline
from notifications.models import Notification, Status
from shared_state.alarm_threads import Thread
from slack_alerts.formatting.message import colour_of
from slack_alerts.models import Alert, Place, SlackMessage

RANKS = {Status.RESOLVED: 0, Status.NO_DATA: 1, Status.FIRING: 2}
"""The statuses of alarms, the worst last."""
MOMENTS = 60
"""Times of changes that a row keeps, to show how often the alarm flaps."""
CHANNEL_MENTIONS = frozenset({"<!here>", "<!channel>", "<!everyone>"})


def continues(thread: Thread | None, one: Notification) -> bool:
    """Return whether the change belongs in the thread: an ALARM begins a new one after changes without an ALARM."""
    if thread is None:
        return False
    return thread.has_fired or one.status is not Status.FIRING or _moment(one) < thread.changed_at


def needs_channel(alert: Alert) -> bool:
    """Return whether the alert must be a message of its own: in a thread Slack notifies nobody of these mentions."""
    return alert.mention in CHANNEL_MENTIONS and alert.notification.status is Status.FIRING


def is_worse(one: Notification, thread: Thread) -> bool:
    """Return whether to show the reply in the channel too: an ALARM, or a state worse than the newest one."""
    return one.status is Status.FIRING or RANKS[one.status] > RANKS[Status(thread.status)]


def over_since(thread: Thread | None, one: Notification) -> str:
    """Return the note for an ALARM whose OK was posted before it; "" for any other change."""
    if thread is None or one.status is not Status.FIRING or thread.status != Status.RESOLVED.value:
        return ""
    if _moment(one) >= thread.changed_at:
        return ""
    return f"already over: OK since {datetime.fromtimestamp(thread.changed_at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def new_root(before: Thread | None, place: Place | None, message: SlackMessage | None) -> Thread | None:
    """Return a new thread at this place, with the newest change of the thread before; None without a place."""
    if place is None:
        return None
    content = "" if message is None else json.dumps(message.content, ensure_ascii=False)
    newest = ("", float("-inf")) if before is None else (before.status, before.changed_at)
    return Thread(
        channel=place.channel,
        ts=place.ts,
        status=newest[0],
        changed_at=newest[1],
        has_fired=False,
        fired_at=0.0 if before is None else before.fired_at,
        message=content,
    )


def after(thread: Thread, one: Notification) -> Thread:
    """Return the thread after one more change; an older one does not replace the newest."""
    is_firing, at = one.status is Status.FIRING, _moment(one)
    counted = replace(
        thread,
        has_fired=thread.has_fired or is_firing,
        fired=thread.fired + is_firing,
        moments=sorted([*thread.moments, at])[-MOMENTS:],
    )
    if at < thread.changed_at:
        return counted
    begins = is_firing and thread.status != Status.FIRING.value
    return replace(
        counted,
        status=one.status.value,
        changed_at=at,
        fired_at=at if begins else thread.fired_at,
        headline=headline(one) if thread.message else "",
        colour=colour_of(one),
    )


def _moment(one: Notification) -> float:
    return one.occurred_at.timestamp() if one.occurred_at is not None else 0.0
