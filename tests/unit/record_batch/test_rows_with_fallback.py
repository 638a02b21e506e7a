from dataclasses import dataclass, field, replace

import pytest

from record_batch.memory_rows import MemoryRows
from record_batch.rows import Conflict, Row, Rows, RowsUnavailable, RowUnreadable, State
from record_batch.rows_with_fallback import LEFT_ALONE, RowsWithFallback
from tests.support.clock import FakeClock
from tests.support.rows_contract import OTHER, ROW, RowsContract

POSTED = replace(ROW, state=State.POSTED, token="t9")  # noqa: S106 - a version


@dataclass
class Table(MemoryRows):
    """A table that is down when told."""

    is_down: bool = False
    unreadable: str = ""
    calls: int = 0
    inner: MemoryRows = field(default_factory=MemoryRows)

    def _ask(self) -> MemoryRows:
        self.calls += 1
        if self.is_down:
            raise RowsUnavailable("EndpointConnectionError")
        return self.inner

    def read(self, key: str) -> Row | None:
        return self._ask().read(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if key == self.unreadable:
            raise RowUnreadable("unreadable_row")
        self._ask().swap(key, old, new)

    def remove(self, key: str, old: Row) -> None:
        self._ask().remove(key, old)


class TestWhileTheTableIsUp(RowsContract):
    @pytest.fixture
    def rows(self) -> RowsWithFallback:
        return RowsWithFallback(Table())


class TestWhileTheTableIsDown(RowsContract):
    @pytest.fixture
    def rows(self) -> RowsWithFallback:
        return RowsWithFallback(Table(is_down=True))

    def test_nothing_is_written_over_what_is_gone(self, rows: Rows) -> None:
        """What was claimed in the table before it went down is ended here."""
        rows.swap("a", ROW, OTHER)
        assert rows.read("a") == OTHER


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def rows(table: Table) -> RowsWithFallback:
    return RowsWithFallback(table, clock=FakeClock())


def test_f7_a_table_that_failed_is_left_alone_for_a_while(rows: RowsWithFallback, table: Table) -> None:
    table.is_down = True
    for number in range(10):
        rows.swap(str(number), None, ROW)
    assert table.calls == 1
    table.is_down = False
    rows.clock.now += LEFT_ALONE  # type: ignore[attr-defined] # a FakeClock
    rows.swap("a", None, ROW)
    assert table.inner.read("a") == ROW


def test_f9_what_was_posted_while_the_commit_failed_stays_known_to_this_process(
    rows: RowsWithFallback, table: Table
) -> None:
    rows.swap("a", None, ROW)
    table.is_down = True
    rows.swap("a", ROW, POSTED)
    table.is_down = False
    rows.clock.now += LEFT_ALONE  # type: ignore[attr-defined] # a FakeClock
    with pytest.raises(Conflict) as caught:
        rows.swap("a", None, OTHER)
    assert caught.value.standing == POSTED


def test_f7_a_claim_without_the_table_is_counted(
    rows: RowsWithFallback, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    rows.swap("a", None, ROW)
    assert "ClaimsBypassed" not in capsys.readouterr().out
    table.is_down = True
    rows.swap("b", None, ROW)
    assert '"ClaimsBypassed":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_what_was_kept_while_the_table_was_down_counts_no_more_once_it_answers(
    rows: RowsWithFallback, table: Table
) -> None:
    table.is_down = True
    rows.swap("a", None, ROW)
    rows.swap("b", None, POSTED)
    table.is_down = False
    rows.clock.now += LEFT_ALONE  # type: ignore[attr-defined] # a FakeClock
    assert rows.read("a") is rows.read("b") is None
    table.is_down = True
    assert (rows.read("a"), rows.memory.read("b")) == (None, POSTED)


def test_one_row_that_cannot_be_read_takes_the_table_from_nobody_else(rows: RowsWithFallback, table: Table) -> None:
    table.unreadable = "a"
    rows.swap("a", None, ROW)
    rows.swap("b", None, ROW)
    assert (rows.memory.read("a"), table.inner.read("b")) == (ROW, ROW)
