"""The table's rows, and this process's own while the table is down: a duplicate post is better than a lost alert."""

import time
from dataclasses import dataclass, field

from observability.telemetry import count, logger
from retry_policies.deadline import Clock
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, Rows, RowsUnavailable, RowUnreadable, State

TABLE_PAUSE = 30.0
"""Seconds without calls after the table failed: each call would delay the alerts."""


@dataclass(slots=True)
class RowsWithFallback:
    """Rows that never raise RowsUnavailable. While the table is down, this process remembers its own rows only."""

    table: Rows
    memory: MemoryRows = field(default_factory=MemoryRows)
    clock: Clock = time.monotonic
    paused_until: float = float("-inf")

    @property
    def is_down(self) -> bool:
        return self.clock() < self.paused_until

    def read(self, key: str) -> Row | None:
        if not self.is_down:
            try:
                row = self.table.read(key)
            except RowsUnavailable as error:
                self._pause_table(error)
            else:
                self._forget(key)
                return row
        return self.memory.read(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        known = self.memory.read(key)
        if known is not None and known.state is State.POSTED:
            raise Conflict(known)
        if not self.is_down:
            try:
                self.table.swap(key, old, new)
            except RowsUnavailable as error:
                self._pause_table(error)
            else:
                self._forget(key)
                return
        if new.state is State.CLAIMED:
            count("ClaimsBypassed")
        # It is no conflict if `old` was read from the table and is not in memory.
        self.memory.swap(key, old if known is not None else None, new)

    def remove(self, key: str, old: Row) -> None:
        if not self.is_down:
            try:
                self.table.remove(key, old)
            except RowsUnavailable as error:
                self._pause_table(error)
        self.memory.remove(key, old)

    def _forget(self, key: str) -> None:
        """Drop this process's row, unless it records a post that the table may not have."""
        row = self.memory.read(key)
        if row is not None and row.state is not State.POSTED:
            self.memory.remove(key, row)

    def _pause_table(self, error: RowsUnavailable) -> None:
        if not isinstance(error, RowUnreadable):
            self.paused_until = self.clock() + TABLE_PAUSE
        logger.error("deliveries table not used", extra={"error": str(error)})
