import pytest

from retry_policies import Deadline
from slack_alerts.delivery.pace import Pace
from tests.support.steps.clock import FakeClock


@pytest.mark.parametrize(("passed", "slept"), [(0.0, [1.0]), (0.25, [0.75]), (1.0, []), (5.0, [])])
def test_the_next_post_waits_until_a_second_after_the_last_one_began(passed: float, slept: list[float]) -> None:
    clock = FakeClock()
    pace = Pace(1.0, clock, clock.sleep)
    pace.start()
    clock.now += passed
    pace.wait()
    assert clock.slept == slept


def test_before_the_first_post_nothing_waits() -> None:
    clock = FakeClock()
    Pace(1.0, clock, clock.sleep).wait()
    assert clock.slept == []


@pytest.mark.parametrize(("left", "slept"), [(0.5, [0.5]), (2.0, [1.0]), (0.0, []), (-1.0, [])])
def test_no_wait_ends_after_the_deadline(left: float, slept: list[float]) -> None:
    clock = FakeClock()
    pace = Pace(1.0, clock, clock.sleep)
    pace.start()
    pace.wait(Deadline.after(left, clock=clock))
    assert clock.slept == slept
