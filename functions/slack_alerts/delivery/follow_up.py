"""A change of an alarm -> a reply in the alarm's thread; the row of the thread afterwards.

Following is extra work after the claim: if it fails, the alert is a message of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from notifications.models import Status
from shared_state.alarm_threads import AlarmThread, Thread
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.posting import Posted
from slack_alerts.delivery.thread_changes import (
    RANKS,
    after,
    continues,
    is_worse,
    needs_channel,
    new_root,
    over_since,
)
from slack_alerts.models import Alert, BotToken, Place, Reply, SlackMessage

STATUSES = frozenset(status.value for status in RANKS)
TIME_FOR_ROW = 1.0
"""Seconds for one row of a slow table."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An alert and the row of its alarm's thread; `row` is None if the alert is not followed."""

    alert: Alert
    row: AlarmThread | None

    def in_thread(self, message: SlackMessage) -> SlackMessage:
        """Return the message as a reply in the thread, if there is one."""
        one, thread = self.alert.notification, self._thread
        if thread is None:
            return message
        return replace(message, reply=Reply(thread.channel, thread.ts, is_broadcast=is_worse(one, thread)))

    def record(self, batch: BatchDelivery, posted: Posted) -> None:
        """Record the posted change; a message outside the thread begins a new one."""
        if self.row is None:
            return
        keeps = self.alert.is_updated and batch.services.edits_messages
        root = new_root(self.row.thread, posted.place, posted.message if keeps else None)
        _record(batch, self.row, [self.alert], None if self._is_kept(posted.place) else root)

    @property
    def _thread(self) -> Thread | None:
        if self.row is None or needs_channel(self.alert) or not continues(self.row.thread, self.alert.notification):
            return None
        return self.row.thread

    def _is_kept(self, place: Place | None) -> bool:
        return self._thread is not None and place is not None and place.thread_ts == self._thread.ts


def follow_up(batch: BatchDelivery, alert: Alert) -> FollowUp:
    """Read the thread of the alert's alarm. An ALARM that is over already gets a note that says so."""
    row = _row(batch, alert, batch.services.policy.min_attempt_time + TIME_FOR_ROW)
    over = over_since(row.thread if row is not None else None, alert.notification)
    return FollowUp(replace(alert, note="; ".join(filter(None, (alert.note, over)))), row)


def record_digest(batch: BatchDelivery, alerts: Sequence[Alert], posted: Posted) -> None:
    """Record the changes that a digest shows. Alarms without a thread are followed in the digest's thread."""
    changes: dict[str, list[Alert]] = {}
    for alert in alerts:
        changes.setdefault(alert.notification.subject, []).append(alert)
    for same in changes.values():
        row = _row(batch, same[-1], TIME_FOR_ROW)
        if row is not None:
            is_kept = all(continues(row.thread, alert.notification) for alert in same)
            _record(batch, row, same, None if is_kept else new_root(row.thread, posted.place, None))


def _row(batch: BatchDelivery, alert: Alert, least_time: float) -> AlarmThread | None:
    """Return the row of the alarm's thread; None if the alert is not followed, or there is no time to read it."""
    credentials = batch.access.credentials
    if not batch.follows(alert) or not isinstance(credentials, BotToken) or batch.deadline.remaining() < least_time:
        return None
    row = batch.services.threads().read(batch.lane, alert.notification.subject)
    if row is not None and row.thread is not None:
        is_known = row.thread.channel == credentials.channel and row.thread.status in STATUSES
        row.thread = row.thread if is_known else None
    return row


def _record(batch: BatchDelivery, row: AlarmThread, told: Sequence[Alert], root: Thread | None) -> None:
    """Write the thread after these changes. The first message of a thread that continues must be edited."""
    thread = root or row.thread
    if thread is None:
        return
    for alert in told:
        thread = after(thread, alert.notification)
    row.write(thread, is_open=thread.status == Status.FIRING.value)
    if root is None and thread.message and told[-1].is_updated:
        batch.changed[row.key] = row
    if told[-1].remind_after:
        is_open = thread.status == Status.FIRING.value
        batch.services.open_alarms().note(row.key, told[-1].remind_after, is_open=is_open)
