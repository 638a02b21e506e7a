"""The time of the last success of a function or a self-test, in one row."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from retry_policies.deadline import Clock
from shared_state.rows import Conflict, Row, Rows, State

PERIOD = 30.0
"""Seconds between two writes of one execution environment."""
RETENTION = 30 * 86_400.0
LAST_HOLD = "muting"
"""The row of the time at which slack_alerts last held an alert of a muted route."""


@dataclass(slots=True)
class LastSuccess:
    """The row of one function or self-test; `clock` is the wall clock."""

    rows: Rows
    function: str
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex
    written_at: float = float("-inf")

    @property
    def key(self) -> str:
        return f"success#{self.function}"

    def record(self) -> None:
        """Write the present instant, at most once per period."""
        now = self.clock()
        if abs(now - self.written_at) < PERIOD:
            return
        self.written_at = now
        row = Row(token=self.new_token(), state=State.FREE, until=now, count=0, expires=now + RETENTION)
        try:
            self.rows.swap(self.key, self.rows.read(self.key), row)
        except Conflict:
            return  # another execution environment has just written it

    def at(self) -> float:
        """Return the instant of the last success, 0.0 if there is none. May raise RowsUnavailable."""
        row = self.rows.read(self.key)
        return 0.0 if row is None else row.until
