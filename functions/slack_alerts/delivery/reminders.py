"""Remind people of an alarm that stays in ALARM: a reply in its thread that the channel shows too.

A reminder is extra: it is no alert, has no claim, and its failure is counted. The next sweep tries again.
"""

from collections.abc import Callable, Mapping

from notifications.models import Status
from notifications.numbers import duration
from observability.telemetry import count, logger
from outcomes.outcome import Later
from retry_policies import Deadline
from shared_state.alarm_threads import Thread, destination_of
from shared_state.open_alarms import Due, OpenAlarms
from slack_alerts.delivery.services import Services
from slack_alerts.formatting.mrkdwn import HEADER_LIMIT, disarm
from slack_alerts.models import (
    Access,
    BotToken,
    ClosedDestination,
    Reply,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
)

PER_SWEEP = 5
"""Reminders of one sweep: Slack takes one message a second in each channel."""
POST_TIME = 2.0
"""Seconds for one reminder."""

type Find = Callable[[str], Access | ClosedDestination | Later]


def remind(services: Services, open_alarms: OpenAlarms, find: Find, deadline: Deadline) -> None:
    """Post the reminders that are due; an alarm that is over gets none any more."""
    for key, due in _first_due(open_alarms.read(), services.clock()).items():
        row = services.threads().read_key(key)
        if row is None or deadline.remaining() < POST_TIME:
            return
        access = find(destination_of(key))
        if isinstance(access, Later):
            continue
        credentials = _credentials(row.thread, access)
        if row.thread is None or credentials is None:
            open_alarms.put(key, None)
        elif _is_posted(services, credentials, row.thread, deadline):
            open_alarms.put(key, Due(services.clock() + due.every, due.every))


def _first_due(dues: Mapping[str, Due], now: float) -> dict[str, Due]:
    """Return the reminders that are due, the longest due first."""
    waiting = sorted((due.at, key) for key, due in dues.items() if due.at <= now)
    return {key: dues[key] for _, key in waiting[:PER_SWEEP]}


def _credentials(thread: Thread | None, access: Access | ClosedDestination) -> BotToken | None:
    """Return the credentials for a reminder; None if the alarm is over, or its thread is in another channel."""
    credentials = access.credentials if isinstance(access, Access) else None
    if thread is None or thread.status != Status.FIRING.value or not isinstance(credentials, BotToken):
        return None
    return credentials if credentials.channel == thread.channel else None


def _is_posted(services: Services, credentials: BotToken, thread: Thread, deadline: Deadline) -> bool:
    since = duration(services.clock() - thread.fired_at)
    said = f"still in ALARM after {since}"
    text = f"{disarm(thread.headline, HEADER_LIMIT)}: {said}" if thread.headline else said
    message = SlackMessage(text, reply=Reply(thread.channel, thread.ts, is_broadcast=True))
    try:
        services.post(credentials, message, deadline.timeout(POST_TIME))
    except (SlackRefused, SlackUnreachable) as error:
        count("RemindersNotPosted")
        logger.warning("reminder not posted", extra={"code": str(error)})
        return False
    return True
