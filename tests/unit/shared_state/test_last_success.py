import pytest

from retry_policies.testing import FakeTime
from shared_state.last_success import PERIOD, LastSuccess
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, Rows, RowsUnavailable
from tests.support.steps.tables import MemoryTable

TIME = FakeTime(1000.0)


def environment(rows: Rows, function: str = "intake", time: FakeTime = TIME) -> LastSuccess:
    """Return the last success as a new execution environment sees it."""
    return LastSuccess(rows, function, clock=time.clock)


def test_each_function_has_a_row_that_all_environments_share() -> None:
    rows, time = MemoryRows(), FakeTime(1000.0)
    assert environment(rows).at() == 0.0
    environment(rows, time=time).record()
    time.now += 500
    environment(rows, time=time).record()
    assert (environment(rows).at(), environment(rows, "test_alarm").at()) == (1500.0, 0.0)


def test_an_environment_writes_once_per_period_even_if_the_clock_is_set_back() -> None:
    rows, time = MemoryRows(), FakeTime(1000.0)
    success, seen = environment(rows, time=time), list[float]()
    for seconds in (0.0, PERIOD - 0.1, 0.1, PERIOD, -900):
        time.now += seconds
        success.record()
        seen.append(success.at())
    assert seen == [1000.0, 1000.0, 1030.0, 1060.0, 160.0]


class Contended(MemoryRows):
    """Rows that another environment always writes first."""

    def swap(self, key: str, old: Row | None, new: Row) -> None:  # noqa: ARG002 - MemoryRows has these parameters
        raise Conflict(new)


def test_another_environment_that_writes_at_the_same_time_is_no_failure() -> None:
    environment(Contended()).record()


def test_reading_raises_while_the_table_is_down() -> None:
    with pytest.raises(RowsUnavailable):
        environment(MemoryTable(is_down=True)).at()
