"""Until when a request may be carried out."""

from datetime import datetime, timedelta

from aws_actions.models import Call

DEFAULT = 900.0
"""Seconds: what an alarm asked for a quarter of an hour ago may be wrong by now."""


def expires_at(call: Call, asked_at: datetime) -> datetime:
    """The instant after which it is not carried out any more."""
    return asked_at + timedelta(seconds=DEFAULT if call.expires_after is None else call.expires_after)
