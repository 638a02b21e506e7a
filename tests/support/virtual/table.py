"""DeliveriesTable in virtual time: the client of one execution environment. All clients share the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable
from tests.support.virtual.faults import Failure
from tests.support.virtual.history import History, TableFailed, Written
from tests.support.virtual.service import Service


def table_down(seconds: float = 1.0, *, takes_effect: bool = False) -> Failure:
    """Return a failure that remains after the attempts of the table's client."""
    return Failure(lambda: RowsUnavailable("virtual"), seconds, takes_effect)


@dataclass
class VirtualTable:
    """A client that adds each write and each failed call to the history."""

    rows: MemoryRows
    service: Service
    history: History

    def read(self, key: str) -> Row | None:
        return self._call("read", key, partial(self.rows.read, key))

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        def swap() -> None:
            self.rows.swap(key, old, new)
            self.history.add(Written(key, old, new))

        self._call("swap", key, swap)

    def remove(self, key: str, old: Row) -> None:
        def remove() -> None:
            self.rows.remove(key, old)
            self.history.add(Written(key, old, self.rows.read(key)))

        self._call("remove", key, remove)

    def _call[T](self, operation: str, key: str, effect: Callable[[], T]) -> T:
        try:
            return self.service.call(operation, effect)
        except RowsUnavailable:
            self.history.add(TableFailed(key))
            raise
