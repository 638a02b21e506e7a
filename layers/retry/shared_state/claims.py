"""Claim an alert before it is posted: claim -> post -> commit. One row per alert and destination."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from observability.telemetry import logger
from outcomes.outcome import Duplicate, Later, LaterReason
from retry_policies.deadline import Clock
from shared_state.claim_rows import RETENTION, claim_key, claimed_row
from shared_state.rows import Conflict, Row, Rows, State

UNANSWERED_LIMIT = 5
"""Counted posts without an answer after which an alert is parked. In a lane in doubt no fifth one is counted."""
TRIES = 5
"""Attempts to swap a row; an attempt fails if another invocation has changed the row meanwhile."""
FAILS_ALONE = 5
"""Failures after which the next alert of the lane is tried, to tell whether this one fails alone."""
FAILS_ALONE_AFTER = 600.0
"""Seconds that these failures must span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims in the table; lengths in seconds, `clock` is the wall clock: other machines read the leases."""

    rows: Rows
    lease: float
    """Longer than an invocation, so the holder of a lapsed lease has died."""
    unanswered_limit: int = UNANSWERED_LIMIT
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def read(self, destination: str, identity: str) -> Row | None:
        """Return the alert's row without claiming it."""
        return self.rows.read(claim_key(destination, identity))

    def claim(
        self, destination: str, identity: str, hop: int, *, is_alone: bool = False
    ) -> "Claim | Duplicate | Later":
        """Claim the alert; return its outcome instead if it was posted or parked, or is being posted.

        `identity` is the same for every copy of the alert; `hop` counts its redrives from parking and its moves.
        May raise RowsUnavailable.
        """
        key = claim_key(destination, identity)
        current: Row | None = None
        is_doubtful = False  # kept between tries: if the table fails meanwhile, memory has no row
        for _ in range(TRIES):
            row = claimed_row(current, now=self.clock(), hop=hop, lease=self.lease, token=self.new_token())
            if not isinstance(row, Row):
                return row
            is_doubtful |= row.is_doubtful
            row = replace(row, is_doubtful=is_doubtful, is_alone=is_alone)
            try:
                self.rows.swap(key, current, row)
            except Conflict as conflict:
                current = conflict.current
            else:
                return Claim(self, key, row, current.until if current is not None else 0.0)
        return Later(LaterReason.IN_PROGRESS)


@dataclass(slots=True)
class Claim:
    """One alert at one destination, held until the claim ends or its lease lapses and another invocation claims it."""

    claims: Claims
    key: str
    row: Row
    last_try: float = 0.0
    """The end of the last claim that tried the alert, or of its lapsed lease; 0.0 if there was none."""

    @property
    def hop(self) -> int:
        """The highest hop of its copies."""
        return self.row.hop

    @property
    def is_doubtful(self) -> bool:
        """Whether an earlier post of it may have arrived."""
        return self.row.is_doubtful

    @property
    def is_exhausted(self) -> bool:
        """Whether the limit of posts without an answer was reached before this claim."""
        return self.row.count > self.claims.unanswered_limit

    @property
    def unanswered(self) -> int:
        """Posts without an answer before this claim, except crashes for which another alert may be the cause."""
        return max(0, self.row.count - 1 - self.row.crashes)

    @property
    def crashes(self) -> int:
        """Leases of this alert that lapsed: it may crash the function."""
        return self.row.crashes

    @property
    def keeps_failing(self) -> bool:
        """Whether the alert has failed long enough to be the likely cause itself."""
        return self.row.failures >= FAILS_ALONE and self.claims.clock() - self.row.failing_since >= FAILS_ALONE_AFTER

    def commit(self) -> None:
        """Record that it was posted, even over another invocation's claim."""
        current: Row | None = self.row
        for _ in range(TRIES):
            try:
                self.claims.rows.swap(self.key, current, self._ended(State.POSTED))
            except Conflict as conflict:
                current = conflict.current
                if current is not None and current.state is State.POSTED:
                    return
            else:
                return

    def simplify(self, forms: int) -> None:
        """Record how many richer forms Slack refused; the end of the claim writes it."""
        self.row = replace(self.row, simplified=max(self.row.simplified, forms))

    def doubt(self) -> None:
        """Record that it may have arrived although an answer came; the end of the claim writes it."""
        self.row = replace(self.row, is_doubtful=True)

    def release(self) -> None:
        """Free the alert: it was not posted, or Slack answered."""
        self._end(State.FREE, count=self.row.count - 1)

    def release_untried(self) -> None:
        """Free the alert, which was not tried, and keep the time of its last try."""
        self._end(State.FREE, count=self.row.count - 1, until=self.last_try)

    def fail(self, *, is_answered: bool, may_exhaust: bool = True) -> None:
        """Free the alert and count a failure; without an answer, also a post without an answer.

        With `may_exhaust` false the post is not counted if it would exhaust the alert.
        """
        is_last = self.unanswered >= self.claims.unanswered_limit - 1
        self._end(
            State.FREE,
            count=self.row.count - (is_answered or (is_last and not may_exhaust)),
            failures=self.row.failures + 1,
            failing_since=self.row.failing_since or self.claims.clock(),
        )

    def move(self) -> None:
        """Free the alert after a copy was sent to the end of a lane; reset its failures."""
        self._end(State.FREE, count=self.row.count - 1, failures=0, failing_since=0.0)

    def leave_unanswered(self) -> bool:
        """Record a post without an answer. Return False, and keep the claim, if the alert must be parked."""
        self.row = replace(self.row, count=self.row.count + 1)  # release subtracts one
        if self.is_exhausted:
            return False
        self.release()
        return True

    def park(self) -> None:
        """Record that it is parked, so that another copy of the same hop is a duplicate."""
        self._end(State.PARKED, count=self.row.count - 1)

    def _end(self, state: State, **changes: Any) -> None:  # noqa: ANN401 - fields of a Row
        try:
            self.claims.rows.swap(self.key, self.row, replace(self._ended(state), **changes))
        except Conflict:
            logger.warning("claim lost", extra={"meant": state.value})

    def _ended(self, state: State) -> Row:
        now = self.claims.clock()
        return replace(self.row, token=self.claims.new_token(), state=state, until=now, expires=now + RETENTION)
