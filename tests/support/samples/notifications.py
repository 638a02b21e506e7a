"""Records, notifications and alerts with default fields, which a test can change."""

import json
from typing import Any

from aws_events.record import Record, Source
from holdfast_cli.kinds import SAMPLES
from notifications.body import Body, read_body
from notifications.models import Kind, Notification, Status
from notifications.parsing import parse
from slack_alerts.models import Alert


def record(text: str = "", **changes: Any) -> Record:  # noqa: ANN401 - each field has its own type
    return Record(**{"source": Source.SQS, "message_id": "m1", "text": text, "body": text, **changes})


def notification(**changes: Any) -> Notification:  # noqa: ANN401 - each field has its own type
    facts = {
        "record": record(),
        "kind": Kind.ALARM,
        "status": Status.FIRING,
        "label": "ALARM",
        "title": "checkout-errors",
    }
    return Notification(**{**facts, **changes})


def alert(mention: str = "", **changes: Any) -> Alert:  # noqa: ANN401 - each field has its own type
    return Alert(notification(**changes), mention)


def parse_json(value: object) -> Notification:
    """Parse a message whose text is this value as JSON."""
    return parse(record(json.dumps(value)))


def body_of(**fields: object) -> Body:
    return read_body(record(json.dumps(fields)))


def read_sample(name: str) -> Any:  # noqa: ANN401 - JSON of any shape
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def changed(sample: str, **fields: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    """Parse a sample of events/kinds that has other values in these fields."""
    return parse_json(read_sample(sample) | fields)


def changed_detail(sample: str, **fields: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    """Parse a sample of events/kinds whose detail has other values in these fields."""
    return changed(sample, detail=read_sample(sample)["detail"] | fields)
