"""Whoever posts an alert claims it first: claim -> post -> commit. One row for an alert at a destination."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

from record_batch.outcome import Duplicate, Later, LaterReason
from record_batch.rows import Conflict, Row, Rows, State
from record_batch.telemetry import logger
from retry_policies.deadline import Clock

REMEMBERED = 30 * 86_400.0
"""Seconds that a row is kept: longer than queue and dead-letter queue keep a message, with room for redrives."""
UNANSWERED_LIMIT = 5
"""Posts without an answer after which an alert is parked: it may stand in the channel five times."""
TRIES = 5
"""Swaps that may be lost to others, who each made progress by theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims in the table; lengths in seconds, `clock` the wall's, because the leases are read by other machines."""

    rows: Rows
    lease: float
    """Longer than an invocation lasts: whoever holds one that has lapsed is dead."""
    unanswered_limit: int = UNANSWERED_LIMIT
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def claim(self, destination: str, identity: str, hop: int) -> "Claim | Duplicate | Later":
        """The claim, or what becomes of a record that somebody else has posted, parked or is posting.

        identity names the alert wherever it comes from; hop is how often it was redriven. May raise RowsUnavailable.
        """
        key = claim_key(destination, identity)
        standing: Row | None = None
        is_doubtful = False  # what the table told before it failed, this process need not know
        for _ in range(TRIES):
            taken = take(standing, now=self.clock(), hop=hop, lease=self.lease, token=self.new_token())
            if not isinstance(taken, Row):
                return taken
            is_doubtful |= taken.is_doubtful
            taken = replace(taken, is_doubtful=is_doubtful)
            try:
                self.rows.swap(key, standing, taken)
            except Conflict as conflict:
                standing = conflict.standing
            else:
                return Claim(self, key, taken)
        return Later(LaterReason.IN_PROGRESS)


@dataclass(slots=True)
class Claim:
    """One alert at one destination, ours until it is ended. Where the lease was lost to somebody else, theirs holds."""

    claims: Claims
    key: str
    row: Row

    @property
    def hop(self) -> int:
        """Of the copy that has come furthest."""
        return self.row.hop

    @property
    def is_doubtful(self) -> bool:
        """Whether an earlier post of it may have arrived."""
        return self.row.is_doubtful

    @property
    def is_exhausted(self) -> bool:
        """Whether so many posts got no answer, before this claim, that another one is too many."""
        return self.row.count > self.claims.unanswered_limit

    def commit(self) -> None:
        """It was posted. That is true whoever else has claimed it since: it takes the place of what stands there."""
        standing: Row | None = self.row
        for _ in range(TRIES):
            try:
                self.claims.rows.swap(self.key, standing, self._ended(State.POSTED))
            except Conflict as conflict:
                standing = conflict.standing
                if standing is not None and standing.state is State.POSTED:
                    return
            else:
                return

    def doubt(self) -> None:
        """An answer came, and it may have arrived all the same: said by whatever ends the claim."""
        self.row = replace(self.row, is_doubtful=True)

    def release(self) -> None:
        """It was not posted, or an answer came."""
        self._end(State.FREE, count=self.row.count - 1)

    def leave_unanswered(self) -> bool:
        """It was sent and no status came back. False where that happened too often: then park it, it is still ours."""
        self.row = replace(self.row, count=self.row.count + 1)  # which release takes back
        if self.is_exhausted:
            return False
        self.release()
        return True

    def park(self) -> None:
        """It stands in the parking queue: another copy of the same hop is a duplicate."""
        self._end(State.PARKED, count=self.row.count - 1)

    def _end(self, state: State, **changes: Any) -> None:  # noqa: ANN401 - fields of a Row
        try:
            self.claims.rows.swap(self.key, self.row, replace(self._ended(state), **changes))
        except Conflict:
            logger.warning("claim lost", extra={"meant": state.value})

    def _ended(self, state: State) -> Row:
        now = self.claims.clock()
        return replace(self.row, token=self.claims.new_token(), state=state, until=now, expires=now + REMEMBERED)


def claim_key(destination: str, identity: str) -> str:
    """The identity comes from outside, of any length: its hash does not."""
    return f"claim#{destination}#{sha256(identity.encode(errors='surrogatepass')).hexdigest()}"


def take(standing: Row | None, *, now: float, hop: int, lease: float, token: str) -> Row | Duplicate | Later:
    """The row that claims what stands there, or why it cannot be claimed.

    The claim itself counts as a post without an answer; whoever gets one takes that back. So a lease that lapses,
    because its holder died on the way, counts too.
    """
    fresh = Row(token=token, state=State.CLAIMED, until=now + lease, count=1, expires=now + REMEMBERED, hop=hop)
    if standing is None or standing.expires <= now:
        return fresh
    doubt = standing.is_doubtful or standing.count > 0
    match standing.state:
        case State.POSTED:
            return Duplicate()
        case State.PARKED:
            return Duplicate(is_parked=True) if hop <= standing.hop else replace(fresh, is_doubtful=doubt)
        case State.CLAIMED if now < standing.until:
            # A clock set back would make it longer than any lease is.
            return Later(LaterReason.IN_PROGRESS, min(lease, standing.until - now))
        case _:
            return replace(fresh, count=standing.count + 1, hop=max(hop, standing.hop), is_doubtful=doubt)
