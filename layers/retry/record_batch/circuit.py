"""A destination that fails is left alone for a while, by every invocation: its circuit is a row in the table."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

from record_batch.outcome import Later, LaterReason
from record_batch.rows import Conflict, Row, Rows, State
from retry_policies.backoff import backoff_window, lower_bound
from retry_policies.deadline import Clock

LONGEST_ASKED = 3600.0
"""Seconds of a Retry-After that are taken at their word."""
REMEMBERED = 86_400.0
"""Seconds after its time that a row still counts the openings in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuits:
    """Circuits in the table; lengths in seconds, `clock` the wall's."""

    rows: Rows
    first_pause: float
    pause_cap: float
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def enter(self, destination: str, version: str) -> "Passage | Later":
        """Passage to a destination by this version of its secret, or Later where it is to be left alone."""
        key = circuit_key(destination, version)
        standing, now = self.rows.read(key), self.clock()
        if standing is None or standing.expires <= now:
            return Passage(self, key, standing)
        if now < standing.until <= now + LONGEST_ASKED + self.pause_cap:  # more is a clock that was wrong
            return Later(LaterReason.CIRCUIT_OPEN, standing.until - now)
        return Passage(self, key, standing, must_probe=True)

    def pause(self, opening: int) -> float:
        """min(cap, first * 2^(k - 1)) for the k-th opening in a row."""
        return backoff_window(opening, initial=self.first_pause, multiplier=2.0, cap=self.pause_cap)

    def row(self, openings: int, until: float) -> Row:
        """An open circuit."""
        return Row(token=self.new_token(), state=State.OPEN, until=until, count=openings, expires=until + REMEMBERED)


@dataclass(slots=True)
class Passage:
    """Leave to post to one destination, until it fails."""

    circuits: Circuits
    key: str
    row: Row | None
    """What stands in the table: nothing, what has expired, the circuit whose pause is over, or our own probe."""
    must_probe: bool = False
    """The pause is over, and nobody knows yet whether the destination answers again."""

    def probe(self) -> Later | None:
        """Before something is sent: of all who found the pause over, one gets through; Later for the others."""
        if not self.must_probe or self.row is None:
            return None
        circuits, now = self.circuits, self.circuits.clock()
        probe = circuits.row(self.row.count, now + circuits.pause(self.row.count + 1))  # as if it failed
        try:
            circuits.rows.swap(self.key, self.row, probe)
        except Conflict as conflict:
            if conflict.standing is not None:
                return Later(LaterReason.CIRCUIT_OPEN, max(0.0, conflict.standing.until - now))
            self.row = None  # it answers again
        else:
            self.row = probe
        self.must_probe = False
        return None

    def answered(self) -> None:
        """A definite answer came, whatever it was: nothing of earlier failures counts any more."""
        if self.row is not None:
            self.circuits.rows.remove(self.key, self.row)
            self.row = None

    def failed(self, retry_after: float | None, *, is_busy: bool = False) -> float:
        """Open the circuit -> seconds until its end. Where another invocation has just done it, the later end holds.

        is_busy: it answers, and asks for patience. The first time in a row it gets just what it asked for: a storm ends
        as fast as it is taken.
        """
        circuits, now = self.circuits, self.circuits.clock()
        is_over = self.row is not None and self.row.expires <= now
        openings = 1 if self.row is None or is_over else self.row.count + 1
        asked = min(lower_bound(retry_after) or 0.0, LONGEST_ASKED)
        is_enough = is_busy and asked > 0 and openings == 1
        opened = circuits.row(openings, now + (asked if is_enough else max(asked, circuits.pause(openings))))
        try:
            circuits.rows.swap(self.key, self.row, opened)
        except Conflict as conflict:
            return self._join(conflict.standing, opened, now)
        return opened.until - now

    def _join(self, standing: Row | None, opened: Row, now: float) -> float:
        """Theirs stands; ours makes it longer where we were asked for more."""
        if standing is not None and standing.until >= opened.until:
            return standing.until - now
        longer = opened if standing is None else replace(opened, count=standing.count)
        try:
            self.circuits.rows.swap(self.key, standing, longer)
        except Conflict:
            return opened.until - now
        return longer.until - now


def circuit_key(destination: str, version: str) -> str:
    """A new version of the secret is a new door."""
    return f"circuit#{destination}#{version}"
