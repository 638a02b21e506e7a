"""Alert -> SlackMessage, as blocks or as plain text; and one line for operations."""

import time
from collections.abc import Callable
from datetime import datetime

from aws_events.strict_json import Json
from notifications.models import Notification, Status
from observability.redaction import redact
from retry_policies.deadline import Clock
from slack_alerts.formatting.mrkdwn import HEADER_LIMIT, TEXT_LIMIT, clean, disarm, escape, link, one_line, size, units
from slack_alerts.models import Alert, SlackMessage, mrkdwn

type Escape = Callable[[str, int], str]

TITLE_LIMIT = 300
"""A title that is too long for a header is repeated below it up to this limit."""
SECTION_LIMIT = 2900
"""Slack refuses section text over 3000 characters."""
DESCRIPTION_LIMIT = 1500
FIELDS_LIMIT, FIELD_NAME_LIMIT, FIELD_VALUE_LIMIT = 10, 50, 300
"""Slack refuses over 2000 characters in a field and over about 13,200 in all blocks; these stay under 12,000."""
PLACE_LIMIT = 100
LINE_LIMIT = 400
PLAIN_DESCRIPTION_LIMIT, PLAIN_FACTS_LIMIT = 400, 500

EMOJI = {Status.FIRING: "🔴", Status.RESOLVED: "🟢", Status.NO_DATA: "⚪", Status.NOTICE: "🔔"}
PLAIN = "_Shown as plain text, because Slack refused the formatted message._"
LATE = 300.0
"""Seconds after which an alert counts as late; a healthy pipeline needs two."""
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
READ_LIMIT = 16_384
"""Characters that are searched for secrets: searching more takes too long, and the line shows fewer."""
READABLE_TIMES = range(2**32)
"""Seconds since 1970 that Slack's date markup accepts."""


def format_message(alert: Alert, *, clock: Clock = time.time) -> SlackMessage:
    """Return the mention, state and title, reason, facts, place and time."""
    notification, late = alert.notification, late_by(alert.notification, clock())
    blocks = [_section(mrkdwn(alert.mention))] if alert.mention else []
    blocks.append({"type": "header", "text": _plain(_headline(notification), HEADER_LIMIT)})
    if size(_headline(notification)) > HEADER_LIMIT:
        blocks.append(_section(_plain(_headline(notification), TITLE_LIMIT)))
    texts = ((notification.reason, SECTION_LIMIT), (notification.description, DESCRIPTION_LIMIT))
    blocks += [_section(_plain(text, limit)) for text, limit in texts if text.strip()]
    if facts := _facts(notification):
        blocks.append({"type": "section", "fields": [_field(*fact) for fact in facts]})
    if context := _context(notification, late, escape):
        blocks.append({"type": "context", "elements": [mrkdwn(context)]})
    return _noted(
        alert,
        SlackMessage(_lead(alert, disarm(summary_line(notification, late), TEXT_LIMIT)), tuple(blocks), alert.mention),
    )


def format_plain(alert: Alert, *, clock: Clock = time.time) -> SlackMessage:
    """Return the same without blocks; the reason gets the remaining room."""
    notification, late = alert.notification, late_by(alert.notification, clock())
    facts = "\n".join(one_line(f"{name}: {value}") for name, value in _facts(notification))
    start = [PLAIN, _lead(alert, disarm(_headline(notification), TITLE_LIMIT))]
    end = [
        disarm(notification.description, PLAIN_DESCRIPTION_LIMIT),
        disarm(facts, PLAIN_FACTS_LIMIT),
        _context(notification, late, disarm),
    ]
    room = TEXT_LIMIT - sum(units(part) + 1 for part in (*start, *end))
    parts = [*start, disarm(notification.reason, max(room, 0)), *end]
    return _noted(alert, SlackMessage("\n".join(part for part in parts if part.strip()), mention=alert.mention))


def format_line(alert: Alert) -> str:
    """Return state, title and reason for operations, with secrets removed before the text is cut."""
    line = summary_line(alert.notification, "")
    whole_words = line if len(line) <= READ_LIMIT else line[:READ_LIMIT].rpartition(" ")[0]
    return clean(redact(whole_words), LINE_LIMIT)


def _noted(alert: Alert, message: SlackMessage) -> SlackMessage:
    return message.noted(escape(alert.note, PLACE_LIMIT)) if alert.note else message


def _lead(alert: Alert, text: str) -> str:
    return f"{alert.mention} {text}".lstrip()


def summary_line(notification: Notification, late: str) -> str:
    """Return state, title, place and reason in one line, without escaping."""
    where = ", ".join(part for part in (notification.account, notification.region, late) if part)
    line = f"{_headline(notification)}{f' ({where})' if where else ''}"
    return one_line(f"{line}: {notification.reason}" if notification.reason.strip() else line)


def _headline(notification: Notification) -> str:
    return one_line(f"{EMOJI[notification.status]} {notification.label} {notification.title}")


def _facts(notification: Notification) -> list[tuple[str, str]]:
    """Return the facts that are not blank; the last one counts those that do not fit."""
    facts = [(one_line(name), value) for name, value in notification.facts if f"{name}{value}".strip()]
    if len(facts) <= FIELDS_LIMIT:
        return facts
    return [*facts[: FIELDS_LIMIT - 1], ("More", f"{len(facts) - FIELDS_LIMIT + 1:,} facts not shown")]


def _field(name: str, value: str) -> dict[str, Json]:
    head = f"*{escape(name, FIELD_NAME_LIMIT)}*\n" if name else ""
    return mrkdwn(head + escape(value, FIELD_VALUE_LIMIT))


def _section(text: Json) -> dict[str, Json]:
    return {"type": "section", "text": text}


def _plain(text: str, limit: int) -> dict[str, Json]:
    return {"type": "plain_text", "text": clean(text, limit), "emoji": False}


def _context(notification: Notification, late: str, escaped: Escape) -> str:
    """Return account · region · topic · delay and time · link · id. The id identifies a second post."""
    topic = notification.record.topic_arn.rpartition(":")[2]
    places = (notification.account, notification.region, topic)
    parts = [escaped(one_line(place), PLACE_LIMIT) for place in places if place.strip()]
    if notification.occurred_at is not None:
        parts.append(f"{f'{late}, originally at ' if late else ''}{moment_text(notification.occurred_at)}")
    parts += [page] if (page := link(notification.console, "Open in CloudWatch")) else []
    record = notification.record
    parts.append(f"id {escaped(one_line(record.sns_message_id or record.message_id), PLACE_LIMIT)}")
    return " · ".join(parts)


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
