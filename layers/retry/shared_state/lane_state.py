"""The failures of a lane, in a row that all invocations share. They determine its pause and whether it is in doubt."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from uuid import uuid4

from outcomes.outcome import LONGEST_WAIT
from retry_policies.backoff import Uniform, backoff_window, valid_retry_after
from retry_policies.deadline import Clock
from shared_state.rows import Conflict, Row, SharedRows, State

RETENTION = 2 * 86_400.0
"""Seconds that the row is kept after its last write: longer than any pause."""
NO_SECRET = "no secret"  # noqa: S105 - a reason, not a secret
"""The reason in the row of a lane whose destination has no secret."""
IN_DOUBT = 2
"""Doubtful batches in a row after which a lane is in doubt."""


class Evidence(Enum):
    """Whether Slack answered the attempts of a batch."""

    ANSWERED = "answered"
    """Slack gave a definite answer."""
    DOUBTFUL = "doubtful"
    """Posts were sent, and each was unanswered or answered 500, 502 or 504."""
    NONE = "none"
    """Nothing was sent, or the answer was not Slack's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStates:
    """Lane rows in the table; lengths in seconds, `clock` is the wall clock."""

    rows: SharedRows
    first_pause: float
    pause_cap: float
    doubt_pause_cap: float
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex
    uniform: Uniform = random.uniform

    def read(self, lane: str) -> "LaneState":
        """Return the state of a lane."""
        key = f"lane#{lane}"
        row = self.rows.read(key)
        if row is not None and row.expires <= self.clock():
            row = None
        return LaneState(self, key, row, is_unproven=row is None and self.rows.is_down)


@dataclass(slots=True)
class LaneState:
    """The state of one lane during one batch."""

    states: LaneStates
    key: str
    row: Row | None
    """None for a healthy lane."""
    is_unproven: bool = False
    """Whether the table is down and this process has seen no answer in this lane since."""

    @property
    def failures(self) -> int:
        """Batches in a row that failed."""
        return self.row.failures if self.row is not None else 0

    @property
    def failing_for(self) -> float:
        """Seconds since the first of these failures."""
        return self.states.clock() - self.row.failing_since if self.failures and self.row is not None else 0.0

    @property
    def is_in_doubt(self) -> bool:
        """Whether one attempt per batch is allowed, of one alert alone."""
        return self.is_unproven or (self.row is not None and self.row.count >= IN_DOUBT)

    @property
    def without_secret_for(self) -> float:
        """Seconds for which the destination has had no secret."""
        return self.failing_for if self.row is not None and self.row.facts == NO_SECRET else 0.0

    def record_failure(
        self, retry_after: float | None = None, evidence: Evidence = Evidence.NONE, *, has_secret: bool = True
    ) -> float:
        """Record a failed batch and return the pause. Failures for lack of a secret are counted separately."""
        count = self.row.count if self.row is not None else 0
        match evidence:
            case Evidence.ANSWERED:
                count, self.is_unproven = 0, False
            case Evidence.DOUBTFUL:
                count += 1
            case Evidence.NONE:
                pass
        if self.is_unproven:
            count = max(count, IN_DOUBT)
        reason = "" if has_secret else NO_SECRET
        before = self.row if self.row is not None and self.row.facts == reason else None
        self._write(
            count=count,
            failures=1 + (before.failures if before is not None else 0),
            failing_since=before.failing_since if before is not None and before.failures else self.states.clock(),
            reason=reason,
        )
        return self._pause(retry_after)

    def _pause(self, retry_after: float | None) -> float:
        """Return max(retry_after, min(cap, first * 2^(n - 1))), jitter upward; the cap includes the jitter."""
        states = self.states
        cap = states.doubt_pause_cap if self.is_in_doubt else states.pause_cap
        own = backoff_window(self.failures, initial=states.first_pause, multiplier=2.0, cap=cap)
        jitter = states.uniform(1.0, 1.25)
        return max(min((valid_retry_after(retry_after) or 0.0) * jitter, LONGEST_WAIT), min(cap, own * jitter))

    def record_answer(self) -> None:
        """Record a definite answer of Slack's, which ends the failures."""
        if self.states.rows.is_down:
            if self.is_unproven or self.failures:
                self._write(count=0, failures=0, failing_since=0.0, reason="")
        elif self.row is not None:
            self.states.rows.remove(self.key, self.row)
            self.row = None
        self.is_unproven = False

    def _write(self, *, count: int, failures: int, failing_since: float, reason: str) -> None:
        now = self.states.clock()
        row = Row(
            token=self.states.new_token(),
            state=State.FAILING,
            until=now,
            count=count,
            expires=now + RETENTION,
            failures=failures,
            failing_since=failing_since,
            facts=reason,
        )
        try:
            self.states.rows.swap(self.key, self.row, row)
        except Conflict as conflict:
            # Another invocation worked this lane after a visibility timeout lapsed. The next swap compares its token.
            if conflict.current is not None:
                row = replace(row, token=conflict.current.token)
        self.row = row
