"""A parsed event, independent of its source."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from aws_events.envelope import Record


class Kind(Enum):
    """The family of events; routes match it."""

    ALARM = "alarm"
    EVENT = "event"
    """JSON that is no alarm, from EventBridge or any other publisher."""
    TEXT = "text"


class Status(Enum):
    """The state, independent of the source's wording."""

    FIRING = "FIRING"
    RESOLVED = "RESOLVED"
    NO_DATA = "NO_DATA"
    NOTICE = "NOTICE"
    """A message that has no state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The facts of an event, independent of its source. Every text comes from outside, except `console`."""

    record: Record
    kind: Kind
    status: Status
    label: str
    """The state in the source's own word."""
    title: str
    reason: str = ""
    description: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """(name, value) pairs, the most important first."""
    severity: str = ""
    """In the source's own word, if it has one."""
    account: str = ""
    region: str = ""
    identity: str = ""
    """The same for every delivery of the same event; it recognises duplicates."""
    occurred_at: datetime | None = None
    console: str = ""
    """A link that we built."""
