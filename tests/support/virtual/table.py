"""DeliveriesTable in virtual time, as one environment's client sees it: the rows are everybody's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable
from tests.support.virtual.faults import Failure
from tests.support.virtual.history import History, TableFailed, Written
from tests.support.virtual.service import Service


def table_down(seconds: float = 1.0, *, takes_effect: bool = False) -> Failure:
    """What is left of a failure after the client's own attempts."""
    return Failure(lambda: RowsUnavailable("virtual"), seconds, takes_effect)


@dataclass
class VirtualTable:
    """Rows; what is written, and each call that fails, stands in the history."""

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
