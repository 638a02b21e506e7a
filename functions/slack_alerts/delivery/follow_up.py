"""A change of an alarm -> a reply in the alarm's thread; the row of the thread afterwards.

Following is extra work after the claim: if it fails, the alert is a message of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from notifications.models import Notification, Status
from shared_state.alarm_threads import AlarmThread, Thread
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.models import Alert, BotToken, Place, Reply, SlackMessage

RANKS = {Status.RESOLVED: 0, Status.NO_DATA: 1, Status.FIRING: 2}
"""The statuses of alarms, the worst last."""
CHANNEL_MENTIONS = frozenset({"<!here>", "<!channel>", "<!everyone>"})
TIME_FOR_ROW = 1.0
"""Seconds for one row of a slow table."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An alert and the row of its alarm's thread; None if the alert is not followed."""

    alert: Alert
    row: AlarmThread | None

    def in_thread(self, message: SlackMessage) -> SlackMessage:
        """Return the message as a reply in the thread, if there is one."""
        one, thread = self.alert.notification, self._thread
        if thread is None:
            return message
        return replace(message, reply=Reply(thread.channel, thread.ts, is_broadcast=is_worse(one, thread)))

    def record(self, place: Place | None) -> None:
        """Record the posted change; a message outside the thread begins a new one."""
        if self.row is not None:
            _write(self.row, [self.alert.notification], place, is_kept=self._is_reply(place))

    @property
    def _thread(self) -> Thread | None:
        if self.row is None or needs_channel(self.alert) or not continues(self.row.thread, self.alert.notification):
            return None
        return self.row.thread

    def _is_reply(self, place: Place | None) -> bool:
        return self._thread is not None and place is not None and place.thread_ts == self._thread.ts


def follow_up(batch: BatchDelivery, alert: Alert) -> FollowUp:
    """Read the thread of the alert's alarm. An ALARM that is over already gets a note that says so."""
    row = _row(batch, alert, batch.services.policy.min_attempt_time + TIME_FOR_ROW)
    over = over_since(row.thread if row is not None else None, alert.notification)
    return FollowUp(replace(alert, note="; ".join(filter(None, (alert.note, over)))), row)


def record_digest(batch: BatchDelivery, alerts: Sequence[Alert], place: Place | None) -> None:
    """Record the changes that a digest tells. Alarms without a thread are followed in the digest's thread."""
    changes: dict[str, list[Alert]] = {}
    for alert in alerts:
        changes.setdefault(alert.notification.subject, []).append(alert)
    for same in changes.values():
        row = _row(batch, same[-1], TIME_FOR_ROW)
        told = [alert.notification for alert in same]
        if row is not None:
            _write(row, told, place, is_kept=all(continues(row.thread, one) for one in told))


def continues(thread: Thread | None, one: Notification) -> bool:
    """Return whether the change belongs into the thread: an ALARM begins a new one after changes without an ALARM."""
    if thread is None:
        return False
    return thread.has_fired or one.status is not Status.FIRING or _moment(one) < thread.changed_at


def needs_channel(alert: Alert) -> bool:
    """Return whether the alert must be a message of its own: in a thread Slack notifies nobody of these mentions."""
    return alert.mention in CHANNEL_MENTIONS and alert.notification.status is not Status.RESOLVED


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


def _row(batch: BatchDelivery, alert: Alert, least_time: float) -> AlarmThread | None:
    """Return the row of the alarm's thread; None if the alert is not followed, or there is no time to read it."""
    subject = alert.notification.subject if alert.is_followed else ""
    credentials = batch.access.credentials
    if not subject or not isinstance(credentials, BotToken) or batch.deadline.remaining() < least_time:
        return None
    row = batch.services.threads.read(batch.lane, subject)
    if row is not None and row.thread is not None and row.thread.channel != credentials.channel:
        row.thread = None
    return row


def _write(row: AlarmThread, told: Sequence[Notification], place: Place | None, *, is_kept: bool) -> None:
    thread = row.thread
    if not is_kept and place is not None:
        root = Thread(channel=place.channel, ts=place.ts, status="", changed_at=float("-inf"), has_fired=False)
        thread = root if thread is None else replace(thread, channel=place.channel, ts=place.ts, has_fired=False)
    if thread is None:
        return
    for one in told:
        thread = _after(thread, one)
    row.write(thread, is_open=thread.status == Status.FIRING.value)


def _after(thread: Thread, one: Notification) -> Thread:
    """Return the thread after one more change; an older one does not replace the newest."""
    has_fired, at = thread.has_fired or one.status is Status.FIRING, _moment(one)
    if at < thread.changed_at:
        return replace(thread, has_fired=has_fired)
    return replace(thread, has_fired=has_fired, status=one.status.value, changed_at=at)


def _moment(one: Notification) -> float:
    return one.occurred_at.timestamp() if one.occurred_at is not None else 0.0
