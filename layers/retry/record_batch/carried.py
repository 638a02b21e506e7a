"""What an earlier stay in our queues has written beside a message: the one attribute that is ours."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import NotRequired, TypedDict

from aws_events.envelope import Attribute, Record
from aws_events.moments import is_moment

OURS = "holdfast"
"""One attribute for all we have to say: SQS allows ten."""
SQS_ATTRIBUTES = 10
MOST_HOPS = 1_000_000
"""More than anybody can have made: a number that the table could not hold is none."""


class SqsAttribute(TypedDict):
    """An attribute as SendMessage takes it."""

    DataType: str
    StringValue: NotRequired[str]
    BinaryValue: NotRequired[bytes]


@dataclass(frozen=True, slots=True)
class Carried:
    """What parking and redrive hand on with a message."""

    alert_id: str
    """The SQS id of its first stay: what is redriven gets a new one."""
    hop: int
    """How often it was redriven. What says why it was parked is on its next: who sends it back by hand means that."""
    sent_at: float | None = None
    """When it was published first, in seconds since the epoch: what is sent on gets a new time."""


def written(record: Record) -> Mapping[str, object]:
    """All that stands in our attribute; what cannot be read counts as nothing."""
    try:
        found = json.loads(record.attributes.get(OURS, {}).get("stringValue", "{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def carried(record: Record) -> Carried:
    """What the record carries; what cannot be read counts as a first stay."""
    facts = written(record)
    alert_id, hop, sent_at = (facts.get(name) for name in ("alert_id", "hop", "sent_at"))
    known = hop if isinstance(hop, int) and not isinstance(hop, bool) and 0 <= hop < MOST_HOPS else 0
    return Carried(
        alert_id=alert_id if isinstance(alert_id, str) and alert_id else record.message_id,
        hop=known + ("reason" in facts),
        sent_at=min(sent_at, record.published_at or sent_at) if is_moment(sent_at) else record.published_at,
    )


def handed_on(record: Record, **facts: object) -> dict[str, SqsAttribute]:
    """The record's own attributes, and ours with these facts; where ten are taken, the others move into ours."""
    others = {name: one for name, one in (_moved(record) | dict(record.attributes)).items() if name != OURS}
    ours: dict[str, object] = asdict(carried(record)) | facts
    if len(others) >= SQS_ATTRIBUTES:
        ours["attributes"], others = others, {}
    sent = {name: _sqs(attribute) for name, attribute in others.items()}
    return sent | {OURS: {"DataType": "String", "StringValue": json.dumps(ours)}}


def _moved(record: Record) -> dict[str, Attribute]:
    """Those that had no room beside ours."""
    moved = written(record).get("attributes")
    pairs = moved.items() if isinstance(moved, dict) else ()
    return {name: one for name, one in pairs if isinstance(one, dict) and all(isinstance(x, str) for x in one.values())}


def _sqs(attribute: Attribute) -> SqsAttribute:
    """{"dataType": …, "stringValue": …} as Lambda writes it -> as SendMessage takes it."""
    kind = attribute.get("dataType", "String")
    if "binaryValue" in attribute:
        return {"DataType": kind, "BinaryValue": base64.b64decode(attribute["binaryValue"])}
    return {"DataType": kind, "StringValue": attribute.get("stringValue", "")}
