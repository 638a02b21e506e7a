import pytest

from retry_policies.testing import FakeTime, Script, longest, shortest
from tests.support.steps.failing import FOUR, Failure


def test_a_script_records_its_arguments_and_takes_its_time() -> None:
    time = FakeTime()
    script = Script(time, "a", ValueError("b"), takes=0.5)
    assert script(1, x=2) == "a"
    with pytest.raises(ValueError, match="b"):
        script()
    assert (time.clock(), script.calls) == (1.0, [((1,), {"x": 2}), ((), {})])


def test_pauses_have_no_jitter_or_the_whole_window() -> None:
    assert (longest(1, 2), shortest(1, 2)) == (2, 1)
    time = FakeTime()
    policy = time.policy(FOUR, uniform=shortest)
    policy.call(None, Script(time, Failure(), Failure(retry_after=2.0), "done"))
    assert time.slept == [0.0, 2.0]
