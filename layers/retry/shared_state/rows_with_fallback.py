"""The table's rows, and this process's own while the table is down: a duplicate post is better than a lost alert."""

import time
from dataclasses import dataclass, field

from observability.telemetry import count, logger
from retry_policies.deadline import Clock
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, Rows, RowsUnavailable, RowUnreadable, State

LEFT_ALONE = 30.0
"""Seconds for which a table that failed is not asked: each call would cost the alerts their time."""


@dataclass(slots=True)
class RowsWithFallback:
    """Never raises RowsUnavailable. This process remembers its own posts while the table is down."""

    table: Rows
    memory: MemoryRows = field(default_factory=MemoryRows)
    clock: Clock = time.monotonic
    asked_again_at: float = float("-inf")

    @property
    def is_down(self) -> bool:
        return not self._asks_table()

    def read(self, key: str) -> Row | None:
        if self._asks_table():
            try:
                row = self.table.read(key)
            except RowsUnavailable as error:
                self._leave_alone(error)
            else:
                self._forget(key)
                return row
        return self.memory.read(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        known = self.memory.read(key)
        if known is not None and known.state is State.POSTED:
            raise Conflict(known)
        if self._asks_table():
            try:
                self.table.swap(key, old, new)
            except RowsUnavailable as error:
                self._leave_alone(error)
            else:
                self._forget(key)
                return
        if new.state is State.CLAIMED:
            count("ClaimsBypassed")
        self._swap_here(key, old, new)

    def remove(self, key: str, old: Row) -> None:
        if self._asks_table():
            try:
                self.table.remove(key, old)
            except RowsUnavailable as error:
                self._leave_alone(error)
        self.memory.remove(key, old)

    def _swap_here(self, key: str, old: Row | None, new: Row) -> None:
        """Write to memory. It is no conflict if `old` was read from the table and is not in memory."""
        standing = self.memory.read(key)
        self.memory.swap(key, old if standing is not None else None, new)

    def _forget(self, key: str) -> None:
        """Drop the row kept while the table was down, unless it says that the alert was posted."""
        kept = self.memory.read(key)
        if kept is not None and kept.state is not State.POSTED:
            self.memory.remove(key, kept)

    def _asks_table(self) -> bool:
        return self.clock() >= self.asked_again_at

    def _leave_alone(self, error: RowsUnavailable) -> None:
        if not isinstance(error, RowUnreadable):
            self.asked_again_at = self.clock() + LEFT_ALONE
        logger.error("deliveries table not used", extra={"error": str(error)})
