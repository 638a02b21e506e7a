"""An asynchronous function under our policy, a hand-written loop and other libraries, with the same attempts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from unittest.mock import patch

import backoff
import stamina
import tenacity
from failsafe import Failsafe
from failsafe import RetryPolicy as FailsafePolicy

from benchmarks.policy_callers import ATTEMPTS, LOOP, PermanentError, TransientError, classify
from retry_policies import Deadline, RetryPolicy

OURS = ("retry_policies, call_async", "retry_policies, decorator")

type Caller = Callable[[], Awaitable[object]]

results = cycle((False, True))


async def succeed() -> int:
    return 1


async def fail() -> int:
    raise PermanentError


async def fail_then_succeed() -> int:
    if next(results):
        return 1
    raise TransientError


async def no_sleep(_seconds: float) -> None:
    pass


async def hand_loop(fn: Caller) -> object:
    """Repeat fn as a hand-written loop does."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await fn()
        except Exception as error:
            if not isinstance(error, TransientError) or attempt == ATTEMPTS:
                raise
            await no_sleep(0.5)
    raise AssertionError


@contextmanager
def without_pauses() -> Iterator[None]:
    """Let no library sleep."""
    with patch.object(asyncio, "sleep", no_sleep):
        yield


def callers(fn: Caller) -> dict[str, Caller]:
    """Return fn under each of them. All classify an error by its type."""
    policy = RetryPolicy(classifier=classify, max_attempts=ATTEMPTS, async_sleep=no_sleep, on_retry=())
    deadline = Deadline.after(3600)
    retrying = tenacity.AsyncRetrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_random_exponential(0.5, max=4.0),
        retry=tenacity.retry_if_exception_type(TransientError),
        sleep=no_sleep,
        reraise=True,
    )
    stamina.instrumentation.set_on_retry_hooks([])  # its logging is not measured
    failsafe = Failsafe(FailsafePolicy(allowed_retries=ATTEMPTS - 1, abortable_exceptions=[PermanentError]))
    return {
        "bare call": fn,
        LOOP: lambda: hand_loop(fn),
        OURS[0]: lambda: policy.call_async(deadline, fn),
        OURS[1]: policy(fn),
        "tenacity": retrying.wraps(fn),
        "stamina": stamina.retry(on=TransientError, attempts=ATTEMPTS, wait_initial=0, wait_max=0, wait_jitter=0)(fn),
        "backoff": backoff.on_exception(backoff.constant, TransientError, max_tries=ATTEMPTS, interval=0, jitter=None)(
            fn
        ),
        "pyfailsafe": lambda: failsafe.run(fn),
    }
