import pytest

from shared_state.memory_rows import MAX_ROWS, MemoryRows
from tests.support.steps.rows_contract import ROW, RowsContract


class TestMemoryRows(RowsContract):
    @pytest.fixture
    def rows(self) -> MemoryRows:
        return MemoryRows()


def test_the_oldest_rows_are_forgotten() -> None:
    rows = MemoryRows()
    for number in range(MAX_ROWS + 1):
        rows.swap(str(number), None, ROW)
    assert rows.read("0") is None
    assert rows.read("1") == rows.read(str(MAX_ROWS)) == ROW
