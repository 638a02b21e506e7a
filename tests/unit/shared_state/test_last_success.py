import pytest

from shared_state.last_success import PERIOD, LastSuccess
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, RowsUnavailable
from tests.support.steps.clock import FakeClock
from tests.support.steps.tables import MemoryTable


class Environments:
    """Execution environments of one function over one table."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rows = MemoryRows()

    def new(self, function: str = "intake") -> LastSuccess:
        return LastSuccess(self.rows, function, clock=self.clock)


@pytest.fixture
def environments() -> Environments:
    return Environments()


def test_a_function_that_never_finished_a_record_has_no_last_success(environments: Environments) -> None:
    assert environments.new().at() == 0.0


def test_the_last_success_is_known_to_every_environment(environments: Environments) -> None:
    environments.new().record()
    assert environments.new().at() == 1000.0
    environments.clock.now += 500
    environments.new().record()
    assert environments.new().at() == 1500.0


def test_each_function_has_a_row_of_its_own(environments: Environments) -> None:
    environments.new("test_alarm").record()
    assert environments.new("intake").at() == 0.0


def test_an_environment_writes_once_per_period(environments: Environments) -> None:
    success = environments.new()
    seen: list[float] = []
    for seconds in (0.0, PERIOD - 0.1, 0.1, PERIOD):
        environments.clock.now += seconds
        success.record()
        seen.append(success.at())
    assert seen == [1000.0, 1000.0, 1030.0, 1060.0]


def test_g6_a_clock_that_was_set_back_does_not_stop_the_writing(environments: Environments) -> None:
    success = environments.new()
    success.record()
    environments.clock.now -= 900
    success.record()
    assert success.at() == 100.0


class Contended(MemoryRows):
    """Rows that another environment is always faster to write."""

    def swap(self, key: str, old: Row | None, new: Row) -> None:  # noqa: ARG002 - as MemoryRows has it
        raise Conflict(new)


def test_another_environment_that_writes_at_the_same_time_is_no_failure(environments: Environments) -> None:
    environments.rows = Contended()
    environments.new().record()


def test_a_table_that_is_down_is_told_to_the_reader(environments: Environments) -> None:
    success = LastSuccess(MemoryTable(is_down=True), "intake", clock=environments.clock)
    with pytest.raises(RowsUnavailable):
        success.at()
