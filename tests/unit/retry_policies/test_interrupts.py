"""Ctrl-C ends a call wherever it strikes: it is never followed by an attempt."""

import pytest

from retry_policies import RetryPolicy
from retry_policies.testing import FakeTime


@pytest.mark.parametrize("reading", range(1, 9))
def test_an_interrupt_while_the_clock_is_read_ends_the_call(reading: int) -> None:
    time = FakeTime()
    readings = 0
    attempts = 0

    def clock() -> float:
        nonlocal readings
        readings += 1
        if readings == reading:
            raise KeyboardInterrupt
        return time.clock()

    def fail() -> None:
        nonlocal attempts
        attempts += 1
        assert readings < reading, "an attempt after the interrupt"
        raise ConnectionRefusedError

    policy = RetryPolicy(max_attempts=4, clock=clock, sleep=time.sleep)
    with pytest.raises(KeyboardInterrupt):
        policy.call(None, fail)
    assert attempts <= 4
