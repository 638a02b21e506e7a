"""Record -> the request in its message, or its alarm."""

import re
from datetime import datetime

from aws_actions.call_fields import CALL_FIELDS, REQUIRED, read_call
from aws_actions.models import Request
from aws_events.alarm import Alarm, NotAnAlarm
from aws_events.alarm_parsing import parse_alarm
from aws_events.json_fields import Fields
from aws_events.record import Record
from aws_events.strict_json import load

LIMIT = 65_536
"""Bytes of a message: no operation needs more, although SQS carries a MiB."""
KEY = re.compile(r"[!-~]{1,128}")


def parse(record: Record, *, key: str, sent_at: datetime) -> Request | Alarm:
    """Return the request or the alarm; `key` is for a request without a key of its own. Raises Invalid."""
    try:
        return parse_alarm(record.text)
    except NotAnAlarm:
        return _parse_request(record.text, key, sent_at)


def _parse_request(text: str, key: str, sent_at: datetime) -> Request:
    fields = Fields.of(
        load(text, "message", LIMIT), "message", known=[*CALL_FIELDS, "idempotency_key"], required=REQUIRED
    )
    call = read_call(fields)
    return Request(
        call=call,
        key=fields.text("idempotency_key", KEY, "1 to 128 visible ASCII characters") or key,
        alarm="",
        expires_at=call.expires_at(sent_at),
    )
