from dataclasses import replace

import pytest

from retry_policies.testing import FakeTime
from shared_state.rows import Conflict, Rows, State
from shared_state.rows_with_fallback import TABLE_PAUSE, RowsWithFallback
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

    def test_a_row_that_is_gone_cannot_be_swapped(self, rows: Rows) -> None:
        """Swap a row that was read from the table before it went down."""
        rows.swap("a", ROW, OTHER)
        assert rows.read("a") == OTHER


class Outage:
    """Rows over a table that can go down and recover."""

    def __init__(self) -> None:
        self.table = MemoryTable()
        self.time = FakeTime(1000.0)
        self.rows = RowsWithFallback(self.table, clock=self.time.clock)

    def end(self) -> None:
        self.table.is_down = False
        self.time.now += TABLE_PAUSE


@pytest.fixture
def outage() -> Outage:
    return Outage()


@pytest.mark.parametrize("call", ["read", "swap", "remove"])
def test_f7_after_a_failed_call_the_table_is_not_called_for_a_while(outage: Outage, call: str) -> None:
    outage.table.is_down = True
    seen = [outage.rows.is_down]
    arguments = {"read": ("a",), "swap": ("a", None, ROW), "remove": ("a", ROW)}[call]
    for _ in range(3):
        getattr(outage.rows, call)(*arguments)
        arguments = {"swap": ("a", ROW, ROW)}.get(call, arguments)
    assert outage.table.calls == 1
    outage.table.is_down = False
    for seconds in (0.0, TABLE_PAUSE - 0.1, 0.1):
        outage.time.now += seconds
        seen.append(outage.rows.is_down)
    assert seen == [False, True, True, False]
    outage.rows.swap("b", None, ROW)
    assert outage.table.inner.read("b") == ROW


def test_f9_a_post_whose_commit_failed_stays_known_to_this_process(outage: Outage) -> None:
    outage.rows.swap("a", None, ROW)
    outage.table.is_down = True
    outage.rows.swap("a", ROW, POSTED)
    outage.end()
    with pytest.raises(Conflict) as caught:
        outage.rows.swap("a", None, OTHER)
    assert caught.value.current == POSTED


def test_f7_a_claim_without_the_table_is_counted(outage: Outage, capsys: pytest.CaptureFixture[str]) -> None:
    outage.rows.swap("a", None, ROW)
    assert "ClaimsBypassed" not in capsys.readouterr().out
    outage.table.is_down = True
    outage.rows.swap("b", None, ROW)
    assert '"ClaimsBypassed":[1.0]' in capsys.readouterr().out


def test_after_an_outage_only_posts_of_this_process_stay_in_memory(outage: Outage) -> None:
    outage.table.is_down = True
    outage.rows.swap("a", None, ROW)
    outage.rows.swap("b", None, POSTED)
    outage.end()
    assert outage.rows.read("a") is outage.rows.read("b") is None
    outage.table.is_down = True
    assert (outage.rows.read("a"), outage.rows.memory.read("b")) == (None, POSTED)


def test_an_unreadable_row_does_not_mean_that_the_table_is_down(outage: Outage) -> None:
    outage.table.unreadable = "a"
    outage.rows.swap("a", None, ROW)
    outage.rows.swap("b", None, ROW)
    assert (outage.rows.memory.read("a"), outage.table.inner.read("b")) == (ROW, ROW)
    assert not outage.rows.is_down
