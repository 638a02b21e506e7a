"""Notification -> SlackMessage."""

from slack_alerts.models import Json, Notification, SlackMessage, Status
from slack_alerts.slack_text import (
    FIELD_LIMIT,
    FIELDS_LIMIT,
    HEADER_LIMIT,
    SECTION_LIMIT,
    TEXT_LIMIT,
    clean,
    escape,
)

EMOJI = {Status.FIRING: "🔴", Status.RESOLVED: "🟢", Status.NO_DATA: "⚪", Status.NOTICE: "🔔"}
"""Beside the state's word, never in its place."""
NAME_LIMIT = 40
VALUE_LIMIT = 400
URL_LIMIT = 3000
"""A link is whole or not there."""
"""Ten fields and two sections stay under 12,000 characters, below where Slack was seen to refuse a message."""


def format_message(notification: Notification) -> SlackMessage:
    """Notification -> SlackMessage: what happened, why, the facts, where and since when."""
    blocks = [_header(notification)]
    texts = [text for text in (notification.reason, notification.description) if text.strip()]
    blocks += [{"type": "section", "text": _plain(text, SECTION_LIMIT)} for text in texts]
    if notification.facts:
        blocks.append({"type": "section", "fields": [_field(*fact) for fact in notification.facts[:FIELDS_LIMIT]]})
    blocks.append(
        {"type": "context", "elements": [{"type": "mrkdwn", "text": _context(notification), "verbatim": True}]}
    )
    return SlackMessage(_summary(notification), tuple(blocks))


def _summary(notification: Notification) -> str:
    """All of it in one line: the push notification."""
    where = ", ".join(part for part in (notification.account, notification.region) if part)
    said = f"{_headline(notification)}{f' ({where})' if where else ''}"
    return escape(_one_line(f"{said}: {notification.reason}" if notification.reason.strip() else said), TEXT_LIMIT)


def _headline(notification: Notification) -> str:
    return _one_line(f"{EMOJI[notification.status]} {notification.label} {notification.title}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _header(notification: Notification) -> dict[str, Json]:
    return {"type": "header", "text": _plain(_headline(notification), HEADER_LIMIT)}


def _field(name: str, value: str) -> dict[str, Json]:
    text = f"*{escape(name, NAME_LIMIT)}*\n{escape(value, VALUE_LIMIT)}"
    return {"type": "mrkdwn", "text": text[:FIELD_LIMIT], "verbatim": True}


def _plain(text: str, limit: int) -> dict[str, Json]:
    return {"type": "plain_text", "text": clean(text, limit), "emoji": False}


def _context(notification: Notification) -> str:
    """Account · region · topic · time in the reader's zone · link · id, by which a second post of it is known."""
    topic = notification.record.topic_arn.rpartition(":")[2]
    parts = [escape(part, VALUE_LIMIT) for part in (notification.account, notification.region, topic) if part]
    if (moment := notification.occurred_at) is not None:
        written = f"{moment:%Y-%m-%d %H:%M:%S %Z}"
        parts.append(f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time_secs}}|{written}>")
    if 0 < len(notification.console) <= URL_LIMIT:
        parts.append(f"<{escape(notification.console, URL_LIMIT)}|Open in CloudWatch>")
    record = notification.record
    parts.append(f"id {escape(record.sns_message_id or record.message_id, VALUE_LIMIT)}")
    return " · ".join(parts)
