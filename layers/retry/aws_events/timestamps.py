"""Timestamps in messages from outside. A value that later calculations could not handle counts as missing."""

from datetime import datetime
from typing import TypeGuard

from aws_events.loose_json import text_of

END = 2**34
"""Seconds since the epoch: the year 2514."""


def datetime_of(value: object) -> datetime | None:
    """Parse 2026-01-31T12:00:00.000+0000 or …Z; return None for another text or a time without a zone."""
    try:
        found = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    return found if found.tzinfo and is_timestamp(found.timestamp()) else None


def is_timestamp(value: object) -> TypeGuard[int | float]:
    """Return whether the value is a plausible time in seconds since the epoch."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < END
