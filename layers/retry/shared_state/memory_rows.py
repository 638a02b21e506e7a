"""Rows in this process: in place of the table while it is down, and in tests."""

from collections import OrderedDict
from threading import Lock

from shared_state.rows import Conflict, Row

MAX_ROWS = 10_000
"""A few MB. Beyond it, the row that was written longest ago is dropped."""


class MemoryRows:
    """The rows that this process has written."""

    is_down = False

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Row] = OrderedDict()
        self._lock = Lock()

    def read(self, key: str) -> Row | None:
        return self._rows.get(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        with self._lock:
            current = self._rows.get(key)
            if _token(current) != _token(old):
                raise Conflict(current)
            self._rows[key] = new
            self._rows.move_to_end(key)
            if len(self._rows) > MAX_ROWS:
                self._rows.popitem(last=False)

    def remove(self, key: str, old: Row) -> None:
        with self._lock:
            if _token(self._rows.get(key)) == old.token:
                del self._rows[key]


def _token(row: Row | None) -> str | None:
    return None if row is None else row.token
