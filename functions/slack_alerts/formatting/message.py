"""Alert -> SlackMessage, as blocks or as plain text."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from aws_events.severity import Severity
from aws_events.strict_json import Json
from notifications.line import headline, line
from notifications.models import Link, Notification, Status
from retry_policies.deadline import Clock
from slack_alerts.formatting.mrkdwn import (
    HEADER_LIMIT,
    TEXT_LIMIT,
    clean,
    disarm,
    escape,
    is_link,
    link,
    one_line,
    size,
    units,
    with_links,
)
from slack_alerts.formatting.times import late_by, moment_text
from slack_alerts.models import Alert, SlackMessage, mrkdwn

type Escape = Callable[[str, int], str]

TITLE_LIMIT = 300
"""A title that is too long for a header is repeated below it up to this limit."""
SUMMARY_LIMIT, SECTION_LIMIT = 600, 2900
"""Slack refuses section text over 3000 characters."""
DESCRIPTION_LIMIT = 1500
FIELDS_LIMIT, FIELD_NAME_LIMIT, FIELD_VALUE_LIMIT = 10, 50, 300
"""Slack refuses over 2000 characters in a field and over about 13,200 in all blocks; our blocks stay under 12,000."""
PLACE_LIMIT = 100
PLAIN_LINE_LIMIT, PLAIN_DESCRIPTION_LIMIT, PLAIN_FACTS_LIMIT = 600, 400, 500
BUTTON_LIMIT = 75

COLOURS = {
    Status.RESOLVED: "#2eb67d",
    Status.NO_DATA: "#8d8d8d",
    Status.NOTICE: "#36c5f0",
}
FIRING_COLOURS = {
    None: "#e01e5a",
    Severity.CRITICAL: "#e01e5a",
    Severity.HIGH: "#f2711c",
    Severity.MEDIUM: "#ecb22e",
    Severity.LOW: "#1d9bd1",
    Severity.INFO: "#1d9bd1",
}
"""Colours of the bar beside the details, like those of the emoji."""
BUTTONS = 5
PLAIN = "_Shown as plain text, because Slack refused the formatted message._"


def format_message(alert: Alert, *, clock: Clock = time.time) -> SlackMessage:
    """Return mention, state and title, and summary as blocks; reason, facts, links, place and time as details."""
    notification, late = alert.notification, late_by(alert.notification, clock())
    title = headline(notification)
    blocks = [_section(mrkdwn(alert.mention))] if alert.mention else []
    blocks.append({"type": "header", "text": _plain(title, HEADER_LIMIT)})
    if size(title) > HEADER_LIMIT:
        blocks.append(_section(_plain(title, TITLE_LIMIT)))
    if notification.summary.strip():
        blocks.append(_section(_plain(one_line(notification.summary), SUMMARY_LIMIT)))
    return _noted(
        alert,
        SlackMessage(
            _lead(alert, disarm(line(notification, late), TEXT_LIMIT)),
            tuple(blocks),
            tuple(_details(notification, late)),
            colour_of(notification),
            alert.mention,
        ),
    )


def colour_of(notification: Notification) -> str:
    """Return the colour of the bar beside the details."""
    return COLOURS.get(notification.status) or FIRING_COLOURS[notification.severity]


def _details(notification: Notification, late: str) -> Iterator[dict[str, Json]]:
    if notification.reason.strip() and notification.reason != notification.summary:
        yield _section(_plain(notification.reason, SECTION_LIMIT))
    if notification.description.strip():
        yield _section(mrkdwn(with_links(notification.description, DESCRIPTION_LIMIT)))
    if facts := _facts(notification):
        yield {"type": "section", "fields": [_field(*fact) for fact in facts]}
    if buttons := [_button(one) for one in notification.links[:BUTTONS] if is_link(one.url)]:
        yield {"type": "actions", "elements": list[Json](buttons)}
    yield {"type": "context", "elements": [mrkdwn(_context(notification, late, escape))]}


def _button(page: Link) -> dict[str, Json]:
    return {"type": "button", "text": _plain(page.words, BUTTON_LIMIT), "url": page.url}


def format_plain(alert: Alert, *, clock: Clock = time.time) -> SlackMessage:
    """Return the message as text without blocks; the reason gets the remaining room."""
    notification, late = alert.notification, late_by(alert.notification, clock())
    facts = "\n".join(one_line(f"{name}: {value}") for name, value in _facts(notification))
    first = notification if notification.summary else replace(notification, reason="")
    start = [PLAIN, _lead(alert, disarm(line(first, late), PLAIN_LINE_LIMIT))]
    end = [
        disarm(notification.description, PLAIN_DESCRIPTION_LIMIT),
        disarm(facts, PLAIN_FACTS_LIMIT),
        " · ".join(filter(None, (link(one.url, one.words) for one in notification.links[:BUTTONS]))),
        _context(notification, late, disarm),
    ]
    room = TEXT_LIMIT - sum(units(part) + 1 for part in (*start, *end))
    long_text = notification.reason if notification.reason != notification.summary else ""
    parts = [*start, disarm(long_text, max(room, 0)), *end]
    return _noted(alert, SlackMessage("\n".join(part for part in parts if part.strip()), mention=alert.mention))


def _noted(alert: Alert, message: SlackMessage) -> SlackMessage:
    return message.noted(escape(alert.note, PLACE_LIMIT)) if alert.note else message


def _lead(alert: Alert, text: str) -> str:
    return f"{alert.mention} {text}".lstrip()


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
    """Return account · region · topic · delay and time · id. The id identifies a second post."""
    topic = notification.record.topic_arn.rpartition(":")[2]
    places = (notification.account, notification.region, topic)
    parts = [escaped(one_line(place), PLACE_LIMIT) for place in places if place.strip()]
    if notification.occurred_at is not None:
        parts.append(f"{f'{late}, originally at ' if late else ''}{moment_text(notification.occurred_at)}")
    record = notification.record
    parts.append(f"id {escaped(one_line(record.sns_message_id or record.message_id), PLACE_LIMIT)}")
    return " · ".join(parts)
