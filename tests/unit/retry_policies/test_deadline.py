import pytest

from retry_policies import Deadline
from retry_policies.testing import FakeTime
from tests.support.handlers.lambda_context import FixedContext


def test_a_deadline_is_an_instant_and_time_runs_out() -> None:
    time = FakeTime(now=100.0)
    deadline = Deadline.after(10, clock=time.clock)
    assert deadline.remaining() == 10
    time.sleep(12)
    assert deadline.remaining() == -2


def test_the_reserve_is_kept_back_from_lambdas_time() -> None:
    time = FakeTime(now=100.0)
    assert Deadline.from_context(FixedContext(60), clock=time.clock) == Deadline(155.0, time.clock)
    assert Deadline.from_context(FixedContext(60), reserve=1.5, clock=time.clock).at == 158.5


def test_one_record_gets_at_most_its_share() -> None:
    time = FakeTime()
    assert time.deadline(10).at_most(3).remaining() == 3
    assert time.deadline(2).at_most(3).remaining() == 2
    assert time.deadline(10).at_most(3).clock == time.clock


@pytest.mark.parametrize(("left", "timeout"), [(10, 8), (8, 8), (3, 3), (0, 0), (-5, 0)])
def test_a_timeout_shrinks_with_the_time_left(left: float, timeout: float) -> None:
    assert FakeTime().deadline(left).timeout(8) == timeout


def test_by_default_it_is_the_monotonic_clock_that_counts() -> None:
    assert 0 < Deadline.after(10).remaining() <= 10
