"""What an earlier stay in our queues has written beside a message: the one attribute that is ours."""

import json
from dataclasses import dataclass

from aws_events.envelope import Record

OURS = "holdfast"
"""One attribute for all we have to say: SQS allows ten."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What parking and redrive hand on with a message."""

    alert_id: str
    """The SQS id of its first stay: what is redriven gets a new one."""
    hop: int
    """How often it was redriven."""


def carried(record: Record) -> Carried:
    """What the record carries; what cannot be read counts as a first stay."""
    try:
        written = json.loads(record.attributes.get(OURS, {}).get("stringValue", "{}"))
    except (ValueError, RecursionError):
        written = None
    if not isinstance(written, dict):
        return Carried(record.message_id, 0)
    alert_id, hop = written.get("alert_id"), written.get("hop")
    return Carried(
        alert_id=alert_id if isinstance(alert_id, str) and alert_id else record.message_id,
        hop=hop if isinstance(hop, int) and not isinstance(hop, bool) and hop >= 0 else 0,
    )
