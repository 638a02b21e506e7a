"""The rows of DeliveriesTable: state that all invocations share; each row is changed by compare-and-swap."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class State(Enum):
    """The state of a row: the first four belong to an alert at a destination, the last to a lane."""

    CLAIMED = "claimed"
    """An invocation is posting it, until the lease ends."""
    FREE = "free"
    """Not posted, as far as is known: the next invocation may claim it."""
    POSTED = "posted"
    PARKED = "parked"
    FAILING = "failing"
    """The last batch of the lane failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it was written; times are seconds since the epoch, on the wall clock."""

    token: str
    """Unique per write: the row's version."""
    state: State
    until: float
    """While claimed, the end of the lease; after that, the end of the last claim that tried the alert."""
    count: int
    """Posts without an answer, plus one while claimed; of a lane, doubtful batches in a row."""
    expires: float
    """From this instant the row counts as deleted: the table's own TTL may be days late."""
    hop: int = 0
    """The highest hop of the copies that claimed it; a redriven alert has a higher one."""
    is_doubtful: bool = False
    """An earlier post of it may have arrived."""
    failures: int = 0
    """Tries of this alert that failed; of a lane, batches in a row that failed."""
    failing_since: float = 0.0
    """The first of these failures."""
    crashes: int = 0
    """Leases that lapsed because the holder died or raised, perhaps for another alert."""
    is_alone: bool = False
    """Claimed alone, after another alert of the lane was delivered: if the lease lapses, this alert is the cause."""
    simplified: int = 0
    """The forms that Slack refused: 1, a digest with the alert; 2, its own blocks too."""
    facts: str = ""
    """JSON: facts of a message without room for them, a thread or an index. Of a lane: NO_SECRET or nothing."""


class Conflict(Exception):
    """The row was changed by another invocation; `current` is the row as it is now."""

    def __init__(self, current: Row | None) -> None:
        super().__init__("the row was changed by another invocation")
        self.current = current


class RowsUnavailable(Exception):
    """The table did not answer or denied access; the message is the error's code."""


class RowUnreadable(RowsUnavailable):
    """One row has a shape that this version does not know; the other rows are not affected."""


class Rows(Protocol):
    """A store of rows. Every call may raise RowsUnavailable."""

    def read(self, key: str) -> Row | None:
        """Return the current row."""
        ...

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        """Write `new` in place of `old` (None: no row), compared by token; raise Conflict."""
        ...

    def remove(self, key: str, old: Row) -> None:
        """Remove `old`; a row that has changed since stays."""
        ...


class SharedRows(Rows, Protocol):
    """Rows that never raise RowsUnavailable."""

    @property
    def is_down(self) -> bool:
        """Whether the table failed a short while ago, so that only this process's own rows are known."""
        ...
