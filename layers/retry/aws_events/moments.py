"""Times that messages from outside name: only such as any calculation with them can bear."""

from datetime import datetime
from typing import TypeGuard

from aws_events.loose_json import text_of

END = 2**34
"""Seconds since the epoch: the year 2514."""


def moment_of(value: object) -> datetime | None:
    """2026-01-31T12:00:00.000+0000, or the same with Z; None for what is no time, or names no zone."""
    try:
        moment = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    return moment if moment.tzinfo and is_moment(moment.timestamp()) else None


def is_moment(seconds: object) -> TypeGuard[int | float]:
    """Whether it can be a time after 1970, in seconds since the epoch."""
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds < END
