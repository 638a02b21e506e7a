"""Both ways to call a function under a policy, so that one test holds for both."""

import asyncio
from collections.abc import Callable

import pytest

from retry_policies import Deadline, RetryPolicy

type Caller = Callable[[RetryPolicy, Deadline | None, Callable[[], object]], object]


def called(policy: RetryPolicy, deadline: Deadline | None, fn: Callable[[], object]) -> object:
    return policy.call(deadline, fn)


def awaited(policy: RetryPolicy, deadline: Deadline | None, fn: Callable[[], object]) -> object:
    async def attempt() -> object:
        await asyncio.sleep(0)
        return fn()

    return asyncio.run(policy.call_async(deadline, attempt))


BOTH = pytest.mark.parametrize("caller", [called, awaited])
