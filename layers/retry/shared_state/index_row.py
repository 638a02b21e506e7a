"""One row with a JSON value that all lanes change, such as a list of keys."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from observability.telemetry import logger
from retry_policies.deadline import Clock
from shared_state.rows import Conflict, Row, SharedRows, State

RETENTION = 90 * 86_400.0
TRIES = 3
"""Attempts to swap the row: other lanes may change it at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """The row of one index; `clock` is the wall clock. While the table is down, nothing is written."""

    rows: SharedRows
    key: str
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def read(self) -> object:
        """Return the value; None if there is none or this version cannot read it."""
        return _value(self.rows.read(self.key))

    def change(self, change: Callable[[object], object]) -> None:
        """Replace the value by the changed one."""
        row = self.rows.read(self.key)
        for _ in range(TRIES if not self.rows.is_down else 0):
            try:
                self.rows.swap(self.key, row, self._row(change(_value(row))))
            except Conflict as conflict:
                row = conflict.current
            else:
                return
        logger.warning("index not recorded", extra={"index": self.key})

    def _row(self, value: object) -> Row:
        now = self.clock()
        token, facts = self.new_token(), json.dumps(value)
        return Row(token=token, state=State.FREE, until=now, count=0, expires=now + RETENTION, facts=facts)


def _value(row: Row | None) -> object:
    try:
        return json.loads(row.facts) if row is not None else None
    except ValueError:
        return None
