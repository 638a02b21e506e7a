"""The first message of an alarm's thread with its present state: colour, headline and state in words."""

import json
from typing import Any

from notifications.models import Status
from notifications.numbers import duration
from shared_state.alarm_threads import FLAPPING_WITHIN, Thread
from slack_alerts.formatting.mrkdwn import HEADER_LIMIT, clean, disarm, one_line
from slack_alerts.models import Edit, mrkdwn


def format_headline(thread: Thread) -> Edit:
    """Return the edit of the thread's first message: a new headline above the unchanged rest."""
    content: dict[str, Any] = json.loads(thread.message)
    said = said_of(thread)
    first = disarm(f"{thread.headline}: {said}", HEADER_LIMIT)
    content["text"] = f"{first}\n{content['text']}"
    if blocks := content.get("blocks"):
        content["blocks"] = _with_headline(blocks, thread.headline, said)
    for attachment in content.get("attachments", ()):
        attachment["color"] = thread.colour
    return Edit(thread.channel, thread.ts, content)


def said_of(thread: Thread) -> str:
    """Return the alarm's state in words: `resolved after 12 min, 3 ALARMs so far`."""
    again = f"{thread.fired} ALARMs so far" if thread.fired > 1 else ""
    flapping = f"flapping: {thread.flaps} changes in {duration(FLAPPING_WITHIN)}" if thread.is_flapping else ""
    return ", ".join(filter(None, (flapping, _state(thread), again)))


def _state(thread: Thread) -> str:
    match Status(thread.status):
        case Status.RESOLVED:
            return f"resolved after {duration(thread.changed_at - thread.fired_at)}" if thread.has_fired else "resolved"
        case Status.NO_DATA:
            return "no data"
        case _:
            return "in ALARM"


def _with_headline(blocks: list[dict[str, Any]], headline: str, said: str) -> list[dict[str, Any]]:
    """Return the blocks with the new header, and the line below it."""
    header = {"type": "header", "text": {"type": "plain_text", "text": clean(headline, HEADER_LIMIT), "emoji": False}}
    line = {"type": "context", "elements": [mrkdwn(one_line(said))]}
    at = next((number for number, block in enumerate(blocks) if block.get("type") == "header"), 0)
    return [*blocks[:at], header, line, *blocks[at + 1 :]]
