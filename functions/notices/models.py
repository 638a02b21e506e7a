"""The messages in a queue, and the record of those already reported."""

from dataclasses import dataclass

TOLD_LIMIT = 1_000
"""Hashes kept per queue: five times the messages that one look can see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A message that stands in a queue; `name` and `reason` are safe to publish."""

    message_id: str
    sent_at: float
    """SQS's SentTimestamp in seconds since the epoch. A standard dead-letter queue keeps the source queue's time."""
    name: str
    reason: str
    """Why it was parked; "" for a dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The messages received from one queue, and its depth."""

    seen: tuple[Standing, ...]
    depth: int
    """Messages in the queue, hidden ones included; never below len(seen)."""
    is_exhausted: bool
    """Whether no visible message is left unseen. Never on a FIFO queue: a held message hides the rest of its group."""

    @property
    def is_partial(self) -> bool:
        return self.depth > len(self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The messages of one queue already reported to operations."""

    told: tuple[str, ...] = ()
    """Hashes of the ids of reported messages, the newest last."""
    unnamed: int = 0
    """Messages reported by their count only: they stand in the queue and were never seen."""
    depth: int = 0
    looked_at: float = 0.0
    """Start of the last look, in seconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """The new messages of one queue, and the cursor that covers them."""

    queue: str
    count: int
    is_minimum: bool
    """Whether messages stand in the queue that could not be looked at."""
    depth: int
    listed: tuple[Standing, ...]
    cursor: Cursor
    is_cursor_lost: bool = False
    """Whether no cursor was available, so that messages reported earlier may be counted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A queue that SQS did not let us read; `code` is AWS's error code."""

    queue: str
    code: str


type Finding = Arrivals | Unreadable
