"""Several alerts of one lane -> one SlackMessage: a headline with counts, and a line for each alert."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC

from aws_events.strict_json import Json
from notifications.line import emoji, line
from notifications.models import Notification, Status
from retry_policies.deadline import Clock
from slack_alerts.formatting.mrkdwn import HEADER_LIMIT, TEXT_LIMIT, clean, disarm, escape, link, one_line, units
from slack_alerts.formatting.times import late_by, moment_text
from slack_alerts.models import DOUBT, Alert, SlackMessage, mrkdwn

NAME_LIMIT = 150
REASON_LIMIT = 400
PLACE_LIMIT = 60
ALERT_LIMIT = 1_200
"""Characters for one alert: ten alerts stay under the 13,200 that Slack accepts in all blocks."""


def format_digest(alerts: Sequence[Alert], *, clock: Clock = time.time) -> SlackMessage:
    """Return one message for all alerts: each mention once, then a line for each alert in order."""
    now = clock()
    mentions = " ".join(dict.fromkeys(alert.mention for alert in alerts if alert.mention))
    headline = _headline(alerts)
    noted = [(alert, _notes(alert, alerts)) for alert in alerts]
    blocks: list[dict[str, Json]] = [_section(mentions)] if mentions else []
    blocks.append(
        {"type": "header", "text": {"type": "plain_text", "text": clean(headline, HEADER_LIMIT), "emoji": False}}
    )
    blocks += [_section(_line(alert, notes, now)) for alert, notes in noted]
    first = f"{mentions} {disarm(headline, HEADER_LIMIT)}".lstrip()
    room = max(1, (TEXT_LIMIT - units(first)) // max(1, len(alerts)) - 1)
    return SlackMessage(
        "\n".join([first, *(_short(alert, notes, now, room) for alert, notes in noted)]),
        tuple(blocks),
        mention=mentions,
    )


def _headline(alerts: Iterable[Alert]) -> str:
    """Return the counts, such as 🔴 3 ALARM · 🟢 1 OK."""
    states = Counter((emoji(one.notification), _state(one.notification)) for one in alerts)
    return one_line(" · ".join(f"{sign} {number} {state}" for (sign, state), number in states.items()))


def _state(notification: Notification) -> str:
    """Return the source's word for the state, or NOTICE for a message without a state."""
    return notification.label or notification.status.value


def _line(alert: Alert, notes: Sequence[str], now: float) -> str:
    """Return state, name with a link, reason, place, time and id; cut the reason to fit."""
    one = alert.notification
    title = escape(one_line(one.title), NAME_LIMIT)
    name = (link(one.links[0].url, one.title) if one.links else "") or title
    where = " · ".join(escape(one_line(part), PLACE_LIMIT) for part in (one.account, one.region) if part.strip())
    when = moment_text(one.occurred_at) if one.occurred_at is not None else ""
    shown_id = f"id {escape(one_line(one.record.sns_message_id or one.record.message_id), PLACE_LIMIT)}"
    context = " · ".join(part for part in (where, late_by(one, now), when, shown_id) if part)
    notes = [f"_{note}_" for note in notes]
    head = f"{emoji(one)} *{escape(_state(one), PLACE_LIMIT)}* {name}"
    room = ALERT_LIMIT - sum(units(part) + 1 for part in (*notes, head, context))
    reason = escape(one_line(one.summary or one.reason), max(0, min(REASON_LIMIT, room)))
    return "\n".join(part for part in (*notes, head, reason, context) if part)


def _short(alert: Alert, notes: Sequence[str], now: float, room: int) -> str:
    """Return the alert's line of the push notification."""
    before = "".join(f"{note}: " for note in notes)
    said = line(alert.notification, late_by(alert.notification, now))
    return before + disarm(said, max(1, room - len(before)))


def _notes(alert: Alert, alerts: Sequence[Alert]) -> list[str]:
    doubt = DOUBT if alert.is_doubtful else ""
    over = _over(alert.notification, [one.notification for one in alerts])
    return [note for note in (doubt, escape(alert.note, PLACE_LIMIT), over) if note]


def _over(one: Notification, others: Sequence[Notification]) -> str:
    """Return a note if a later change in the same digest reports the alarm as OK again; else ""."""
    changes = [(other.occurred_at, other.status) for other in others if other.subject == one.subject]
    moments = [(at, status) for at, status in changes if at is not None]
    if not one.subject or one.status is not Status.FIRING or one.occurred_at is None:
        return ""
    at, status = max(moments, key=lambda change: change[0])
    is_over = status is Status.RESOLVED and at > one.occurred_at
    return f"over: OK since {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if is_over else ""


def _section(text: str) -> dict[str, Json]:
    return {"type": "section", "text": mrkdwn(text)}
