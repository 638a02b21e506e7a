"""The fields of a call, in a message and in a rule alike -> Call (docs/actions.md)."""

import re

from aws_actions.models import Call
from aws_events.json_fields import Fields

CALL_FIELDS = ("service", "operation", "parameters", "expires_after", "notify")
REQUIRED = ("service", "operation", "parameters")
SERVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
OPERATION = re.compile(r"[A-Z][A-Za-z0-9_]{1,127}")
LONGEST_EXPIRES_AFTER = 13_200
"""Seconds. The 20 receives of a message take longer, so a request expires before it is a dead letter. Most AWS services
remember an idempotency token for eight hours."""


def read_call(fields: Fields) -> Call:
    """Return the call. Raises Invalid."""
    return Call(
        service=fields.text("service", SERVICE, "the name of a boto3 client, like ecs") or "",
        operation=fields.text("operation", OPERATION, "the API's name of an operation, like UpdateService") or "",
        parameters=fields.object("parameters"),
        expires_after=fields.seconds("expires_after", LONGEST_EXPIRES_AFTER),
        notify=fields.flag("notify"),
    )
