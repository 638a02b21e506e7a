"""Rows in this process: for tests, and in place of the table while it is down."""

from collections import OrderedDict
from threading import Lock

from shared_state.rows import Conflict, Row

KEPT = 10_000
"""Rows; the one that was written longest ago goes first. A few MB."""


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
            standing = self._rows.get(key)
            if _token(standing) != _token(old):
                raise Conflict(standing)
            self._rows[key] = new
            self._rows.move_to_end(key)
            if len(self._rows) > KEPT:
                self._rows.popitem(last=False)

    def remove(self, key: str, old: Row) -> None:
        with self._lock:
            if _token(self._rows.get(key)) == old.token:
                del self._rows[key]


def _token(row: Row | None) -> str | None:
    return None if row is None else row.token
