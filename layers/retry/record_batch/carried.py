"""What an earlier stay in our queues has written beside a message: the one attribute that is ours."""

import json
from dataclasses import dataclass
from typing import TypeIs

from aws_events.envelope import Record

OURS = "holdfast"
"""One attribute for all we have to say: SQS allows ten."""
MOMENTS_END = 2**34
"""Seconds since the epoch: the year 2514."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What parking and redrive hand on with a message."""

    alert_id: str
    """The SQS id of its first stay: what is redriven gets a new one."""
    hop: int
    """How often it was redriven."""
    sent_at: float | None = None
    """When it was published first, in seconds since the epoch: what is sent on gets a new time."""


def carried(record: Record) -> Carried:
    """What the record carries; what cannot be read counts as a first stay."""
    try:
        written = json.loads(record.attributes.get(OURS, {}).get("stringValue", "{}"))
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict):
        return Carried(record.message_id, 0, record.published_at)
    alert_id, hop, sent_at = (written.get(name) for name in ("alert_id", "hop", "sent_at"))
    return Carried(
        alert_id=alert_id if isinstance(alert_id, str) and alert_id else record.message_id,
        hop=hop if isinstance(hop, int) and not isinstance(hop, bool) and hop >= 0 else 0,
        sent_at=sent_at if _is_moment(sent_at) else record.published_at,
    )


def _is_moment(value: object) -> TypeIs[int | float]:
    """Whether it can be a time after 1970."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < MOMENTS_END
