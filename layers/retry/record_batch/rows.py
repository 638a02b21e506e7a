"""The rows of DeliveriesTable: what the invocations know together, each row changed by compare-and-swap."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class State(Enum):
    """What a row says: the first four of an alert at a destination, the last of a destination."""

    CLAIMED = "claimed"
    """Somebody is posting it, until the lease ends."""
    FREE = "free"
    """It was not posted, as far as anybody knows: the next one may claim it."""
    POSTED = "posted"
    PARKED = "parked"
    OPEN = "open"
    """The destination's circuit is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it was written; times are seconds since the epoch, as every machine knows them."""

    token: str
    """New with each write, and so the row's version and its writer's signature."""
    state: State
    until: float
    """The end of the lease; of an open circuit."""
    count: int
    """Posts without an answer; openings of the circuit in a row."""
    expires: float
    """From then on the row counts as gone: the table's own TTL may be days late."""
    hop: int = 0
    """Of the copy that claimed it: what is parked comes back with one more, and must find less here."""
    is_doubtful: bool = False
    """An earlier post of it may have arrived."""


class Conflict(Exception):  # noqa: N818 - the name says what it is
    """The row was changed by somebody else; `standing` is what is there now."""

    def __init__(self, standing: Row | None) -> None:
        super().__init__("the row was changed by somebody else")
        self.standing = standing


class RowsUnavailable(Exception):  # noqa: N818 - the name says what it is
    """The table did not answer, or not us; the message is its error's code."""


class RowUnreadable(RowsUnavailable):
    """One row is of a shape nobody knows here, a newer version's perhaps: that says nothing of the others."""


class Rows(Protocol):
    """Where rows stand. Every call may raise RowsUnavailable."""

    def read(self, key: str) -> Row | None:
        """The row as it is at this moment."""
        ...

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        """Write `new` where `old` stands (None: nothing), by its token; raises Conflict."""
        ...

    def remove(self, key: str, old: Row) -> None:
        """Remove `old`; where something else stands by now, that stays."""
        ...
