from dataclasses import replace

import pytest

from shared_state.rows import Conflict, Rows, State
from shared_state.rows_with_fallback import TABLE_PAUSE, RowsWithFallback
from tests.support.steps.clock import FakeClock
from tests.support.steps.rows_contract import OTHER, ROW, RowsContract
from tests.support.steps.tables import MemoryTable

POSTED = replace(ROW, state=State.POSTED, token="t9")  # noqa: S106 - a version


class TestWhileTheTableIsUp(RowsContract):
    @pytest.fixture
    def rows(self) -> RowsWithFallback:
        return RowsWithFallback(MemoryTable())


class TestWhileTheTableIsDown(RowsContract):
    @pytest.fixture
    def rows(self) -> RowsWithFallback:
        return RowsWithFallback(MemoryTable(is_down=True))

    def test_nothing_is_written_over_what_is_gone(self, rows: Rows) -> None:
        """What was claimed in the table before it went down is ended here."""
        rows.swap("a", ROW, OTHER)
        assert rows.read("a") == OTHER


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable()


@pytest.fixture
def rows(table: MemoryTable) -> RowsWithFallback:
    return RowsWithFallback(table, clock=FakeClock())


def test_f7_a_table_that_failed_is_left_alone_for_a_while(rows: RowsWithFallback, table: MemoryTable) -> None:
    table.is_down = True
    for number in range(10):
        rows.swap(str(number), None, ROW)
    assert table.calls == 1
    table.is_down = False
    rows.clock.now += TABLE_PAUSE  # type: ignore[attr-defined] # a FakeClock
    rows.swap("a", None, ROW)
    assert table.inner.read("a") == ROW


def test_f9_what_was_posted_while_the_commit_failed_stays_known_to_this_process(
    rows: RowsWithFallback, table: MemoryTable
) -> None:
    rows.swap("a", None, ROW)
    table.is_down = True
    rows.swap("a", ROW, POSTED)
    table.is_down = False
    rows.clock.now += TABLE_PAUSE  # type: ignore[attr-defined] # a FakeClock
    with pytest.raises(Conflict) as caught:
        rows.swap("a", None, OTHER)
    assert caught.value.current == POSTED


def test_f7_a_claim_without_the_table_is_counted(
    rows: RowsWithFallback, table: MemoryTable, capsys: pytest.CaptureFixture[str]
) -> None:
    rows.swap("a", None, ROW)
    assert "ClaimsBypassed" not in capsys.readouterr().out
    table.is_down = True
    rows.swap("b", None, ROW)
    assert '"ClaimsBypassed":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_what_was_kept_while_the_table_was_down_counts_no_more_once_it_answers(
    rows: RowsWithFallback, table: MemoryTable
) -> None:
    table.is_down = True
    rows.swap("a", None, ROW)
    rows.swap("b", None, POSTED)
    table.is_down = False
    rows.clock.now += TABLE_PAUSE  # type: ignore[attr-defined] # a FakeClock
    assert rows.read("a") is rows.read("b") is None
    table.is_down = True
    assert (rows.read("a"), rows.memory.read("b")) == (None, POSTED)


def test_one_row_that_cannot_be_read_takes_the_table_from_nobody_else(
    rows: RowsWithFallback, table: MemoryTable
) -> None:
    table.unreadable = "a"
    rows.swap("a", None, ROW)
    rows.swap("b", None, ROW)
    assert (rows.memory.read("a"), table.inner.read("b")) == (ROW, ROW)


@pytest.mark.parametrize("call", ["read", "swap", "remove"])
def test_f7_it_is_down_from_a_failed_call_until_the_table_is_asked_again(
    rows: RowsWithFallback, table: MemoryTable, call: str
) -> None:
    table.is_down = True
    seen = [rows.is_down]
    match call:
        case "read":
            rows.read("a")
        case "swap":
            rows.swap("a", None, ROW)
        case _:
            rows.remove("a", ROW)
    for seconds in (0.0, TABLE_PAUSE - 0.1, 0.1):
        rows.clock.now += seconds  # type: ignore[attr-defined] # a FakeClock
        seen.append(rows.is_down)
    assert seen == [False, True, True, False]


def test_one_row_that_cannot_be_read_does_not_mean_that_the_table_is_down(
    rows: RowsWithFallback, table: MemoryTable
) -> None:
    table.unreadable = "a"
    rows.swap("a", None, ROW)
    assert not rows.is_down
