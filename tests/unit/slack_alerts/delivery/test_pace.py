import pytest

from retry_policies.testing import FakeTime
from slack_alerts.delivery.pace import Pace


@pytest.mark.parametrize(("passed", "slept"), [(0.0, [1.0]), (0.25, [0.75]), (1.0, []), (5.0, [])])
def test_the_next_post_waits_until_a_second_after_the_last_one_began(passed: float, slept: list[float]) -> None:
    time = FakeTime(1000.0)
    pace = Pace(1.0, time.clock, time.sleep)
    pace.start()
    time.now += passed
    pace.wait()
    assert time.slept == slept


def test_before_the_first_post_nothing_waits() -> None:
    time = FakeTime(1000.0)
    Pace(1.0, time.clock, time.sleep).wait()
    assert time.slept == []


@pytest.mark.parametrize(("left", "slept"), [(0.5, [0.5]), (2.0, [1.0]), (0.0, []), (-1.0, [])])
def test_no_wait_ends_after_the_deadline(left: float, slept: list[float]) -> None:
    time = FakeTime(1000.0)
    pace = Pace(1.0, time.clock, time.sleep)
    pace.start()
    pace.wait(time.deadline(left))
    assert time.slept == slept
