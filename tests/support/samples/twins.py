"""One change of an alarm as SNS, EventBridge and the alarm's Lambda action carry it, made of the samples."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.support.samples.events import EVENTS

ALARM_ARNS = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*"
"""The alarms of the samples."""
CHANGED_AT = "2026-01-31T02:14:41.123+0000"
NOW = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:00.000+0000")
"""The one time of all twins: their identity has it. An alarm of 12 days would be parked."""


@dataclass(frozen=True)
class Twins:
    message: str
    """CloudWatch's JSON in an SNS message."""
    event: str
    """The event of EventBridge, which an SNS message carries too."""
    action: dict[str, Any]
    """The event with which CloudWatch invokes a function."""


def alarm_twins(name: str) -> Twins:
    """Return the twins of an alarm of that name, which changed its state now."""
    texts = [_sample(f"alarm-{carrier}", {"shop-cpu": name}) for carrier in ("metric", "event", "action")]
    return Twins(texts[0], texts[1], json.loads(texts[2]))


def contributor_twins(name: str, contributor: str) -> Twins:
    """Return the twins of one contributor (a table) to an alarm."""
    words = {"tables-throttled": name, '"orders"': f'"{contributor}"', "6d442278dba546f6": f"id-of-{contributor}"}
    message, event = (_sample(f"alarm-{carrier}", words) for carrier in ("contributor", "event-contributor"))
    action = json.loads(_sample("alarm-action", {"shop-cpu": name})) | {"alarmData": json.loads(event)["detail"]}
    return Twins(message, event, action)


def _sample(file: str, words: dict[str, str]) -> str:
    text = (EVENTS / "kinds" / f"{file}.json").read_text(encoding="utf-8")
    for word, other in {**words, CHANGED_AT: NOW}.items():
        assert word in text, f"{word} is not in {file}"
        text = text.replace(word, other)
    return text
