"""The event of an alarm's Lambda action -> Record. CloudWatch invokes the function asynchronously, with one change.

Fields: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
"""

import json
from collections.abc import Mapping

from aws_events.event_reading import read_event
from aws_events.loose_json import dict_of, text_of
from aws_events.record import Record, Source, UnreadableRecord
from aws_events.timestamps import datetime_of


def read_invocation(event: object, *, request_id: str) -> list[Record | UnreadableRecord]:
    """Return the records of an event of SNS, SQS or an alarm's action. Raise UnknownEvent for any other.

    `request_id` is the invocation's: Lambda keeps it when it invokes the function again with the same event.
    """
    fields = dict_of(event)
    if fields.get("source") == Source.ALARM.value and isinstance(fields.get("alarmData"), dict):
        return [_read_action(fields, request_id)]
    return read_event(event)


def _read_action(event: Mapping[str, object], request_id: str) -> Record:
    """Return the record; the whole event is its text, which the parser of alarms reads."""
    text, changed_at = json.dumps(event), datetime_of(event.get("time"))
    return Record(
        source=Source.ALARM,
        message_id=request_id,
        text=text,
        body=text,
        alarm_arn=text_of(event.get("alarmArn")),
        published_at=None if changed_at is None else changed_at.timestamp(),
    )
