"""The messages in a queue, and the record of those already reported."""

from dataclasses import dataclass

REPORTED_LIMIT = 1_000
"""Hashes kept per queue: five times the messages of a snapshot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """A message in a queue; `name` and `reason` are safe to publish."""

    message_id: str
    sent_at: float
    """SQS's SentTimestamp in seconds since the epoch. A standard dead-letter queue keeps the source queue's time."""
    name: str
    reason: str
    """Why it was parked; "" for a dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The messages received from one queue, and its depth."""

    seen: tuple[QueuedMessage, ...]
    depth: int
    """Messages in the queue, hidden ones included; never below len(seen)."""
    is_exhausted: bool
    """Whether all visible messages were seen. Never on a FIFO queue: a hidden message blocks the rest of its group."""

    @property
    def is_partial(self) -> bool:
        return self.depth > len(self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The messages of one queue already reported to operations."""

    reported: tuple[str, ...] = ()
    """Hashes of the ids of reported messages, the newest last."""
    unnamed: int = 0
    """Messages in the queue that were reported by their count only, because they were never seen."""
    depth: int = 0
    read_at: float = 0.0
    """Start of the last reading, in seconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """The new messages of one queue, and the cursor that covers them."""

    queue: str
    count: int
    is_minimum: bool
    """Whether the queue has messages that were not seen."""
    depth: int
    listed: tuple[QueuedMessage, ...]
    cursor: Cursor
    is_cursor_lost: bool = False
    """Whether no cursor was available, so that messages reported earlier may be counted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A queue that SQS did not let us read; `code` is AWS's error code."""

    queue: str
    code: str


type Finding = Arrivals | Unreadable
