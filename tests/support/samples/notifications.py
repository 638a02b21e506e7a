"""Records, notifications and alerts with default fields, which a test can change."""

import json
from typing import Any

from aws_events.envelope import Record, Source
from holdfast_cli.kinds import SAMPLES
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


def changed_detail(sample: str, **fields: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    """Parse a sample of events/kinds whose detail has other values in these fields."""
    event = json.loads((SAMPLES / sample).read_text(encoding="utf-8"))
    event["detail"] |= fields
    return parse(record(json.dumps(event)))
