import asyncio

import pytest

from benchmarks.async_callers import (
    callers,
    fail,
    fail_then_succeed,
    succeed,
    without_pauses,
)
from benchmarks.policy_callers import PermanentError

NAMES = [name for name in callers(succeed) if name != "bare call"]


@pytest.mark.parametrize("name", NAMES)
def test_each_caller_repeats_a_transient_failure_and_raises_a_permanent_one(name: str) -> None:
    async def call() -> None:
        assert await callers(succeed)[name]() == 1
        assert await callers(fail_then_succeed)[name]() == 1
        with pytest.raises(PermanentError):
            await callers(fail)[name]()

    with without_pauses():
        asyncio.run(call())
