"""The keys of threads whose first message shows an old state, in one row."""

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import uuid4

from observability.telemetry import logger
from retry_policies.deadline import Clock
from shared_state.rows import Conflict, Row, SharedRows, State

KEY = "headlines#stale"
MOST = 500
"""Keys that the row holds; in a storm the newest are dropped, and the next change of their alarm edits them."""
RETENTION = 7 * 86_400.0
TRIES = 3
"""Attempts to swap the row: other lanes may change it at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleHeadlines:
    """The row; `clock` is the wall clock."""

    rows: SharedRows
    clock: Clock = time.time
    new_token: Callable[[], str] = lambda: uuid4().hex

    def read(self) -> list[str]:
        """Return the keys, the oldest first."""
        return _keys(self.rows.read(KEY))

    def add(self, keys: Collection[str]) -> None:
        if keys:
            self._change(lambda known: [*dict.fromkeys([*known, *keys])][:MOST])

    def remove(self, keys: Collection[str]) -> None:
        if keys:
            self._change(lambda known: [key for key in known if key not in keys])

    def _change(self, change: Callable[[list[str]], list[str]]) -> None:
        row = self.rows.read(KEY)
        for _ in range(TRIES if not self.rows.is_down else 0):
            try:
                self.rows.swap(KEY, row, self._row(change(_keys(row))))
            except Conflict as conflict:
                row = conflict.current
            else:
                return
        logger.warning("stale headlines not recorded")

    def _row(self, keys: list[str]) -> Row:
        now = self.clock()
        token, facts = self.new_token(), json.dumps(keys)
        return Row(token=token, state=State.FREE, until=now, count=0, expires=now + RETENTION, facts=facts)


def _keys(row: Row | None) -> list[str]:
    """Return the keys of a row; [] if this version cannot read them."""
    try:
        found = json.loads(row.facts) if row is not None else []
    except ValueError:
        return []
    return [key for key in found if isinstance(key, str)] if isinstance(found, list) else []
