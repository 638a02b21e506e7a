"""The samples of events/ as messages of a topic, with the time of each moved to the present."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

from aws_events.record import Record, Source
from aws_events.timestamps import datetime_of
from holdfast_cli.installation import FILES
from notifications.line import line
from notifications.models import Notification
from notifications.parsing import parse

EVENTS = FILES / "events"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
EPOCH = re.compile(r"(?<![\w.-])(\d{10})(\d{3})?(?![\w.-])")
"""Seconds or milliseconds since 1970."""
NEAR = timedelta(days=60).total_seconds()
"""A number this close to the time of the event is a time."""
EVENT_ID = re.compile(r'("(?:id|anomalyId)":\s*")[0-9a-f-]{36}(")')
"""The ids that make an event or a cost anomaly another one."""
ALERTS, ACTIONS = "alerts", "actions"
"""The topics that samples name."""


@dataclass(frozen=True)
class Sample:
    """A file of events/ that a topic can carry; `line` is its alert in one line."""

    name: str
    line: str
    messages: tuple[tuple[str, str], ...]
    """(topic, message) pairs."""


@cache
def samples() -> dict[str, Sample]:
    """Return the samples by name: those of the kinds, and the Lambda events that carry messages of a topic."""
    found = (_sample(path) for path in (*sorted(EVENTS.glob("kinds/*")), *sorted(EVENTS.glob("*.json"))))
    return {one.name: one for one in found if one.messages}


def fresh(message: str, now: datetime | None = None) -> str:
    """Move the times of a message so that it happens now, and give an event or a cost anomaly a new id."""
    now = now or datetime.now(UTC)
    occurred = _read(message).occurred_at
    moved = EVENT_ID.sub(lambda match: f"{match[1]}{uuid4()}{match[2]}", message)
    if not occurred:
        return moved
    by = now - occurred
    numbers = EPOCH.sub(lambda match: _moved_number(match, occurred.timestamp(), by.total_seconds()), moved)
    return TIME.sub(lambda match: _moved(match, by), numbers)


def _sample(path: Path) -> Sample:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(EVENTS).as_posix()
    messages = ((ALERTS, text),) if path.parent != EVENTS else tuple(_carried(json.loads(text)))
    return Sample(name, line(_read(messages[0][1])) if messages else "", messages)


def _carried(event: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield topic and message of each record of a Lambda event; a body without an envelope is the message."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else []:
        envelope = record.get("Sns") or _envelope(record["body"])
        topic = str(envelope["TopicArn"]).rpartition(":")[2]
        yield (ACTIONS if topic == ACTIONS else ALERTS), str(envelope["Message"])


def _envelope(body: str) -> dict[str, str]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) and "Message" in found else {"TopicArn": ALERTS, "Message": body}


def _moved(match: re.Match[str], by: timedelta) -> str:
    """Return the time, moved, in the form in which it was written."""
    written, fraction, zone = match[0], match[1], match[2]
    moment = datetime_of(written)
    if moment is None:
        return written
    moved = (moment + by).astimezone(UTC)
    seconds = f"{moved:%Y-%m-%dT%H:%M:%S}"
    digits = f".{moved.microsecond:06d}".ljust(len(fraction), "0")[: len(fraction)] if fraction else ""
    return f"{seconds}{digits}{zone if zone == 'Z' else '+00:00' if ':' in zone else '+0000'}"


def _moved_number(match: re.Match[str], occurred: float, by: float) -> str:
    """Return the number, moved if it is a time near the event."""
    is_time = abs(int(match[1]) - occurred) < NEAR
    return f"{int(match[1]) + round(by)}{match[2] or ''}" if is_time else match[0]


def _read(message: str) -> Notification:
    return parse(Record(source=Source.SQS, message_id="sample", text=message, body=message))
