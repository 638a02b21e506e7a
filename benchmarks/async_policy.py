"""The cost of an asynchronous call under a policy, beside tenacity, stamina, backoff and pyfailsafe.

As in benchmarks.policy, each round calls all of them in turn, and the median round counts. Nobody sleeps.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import cycle

import backoff
import stamina
import tenacity
from failsafe import Failsafe
from failsafe import RetryPolicy as FailsafePolicy
from rich.console import Console
from rich.table import Table

from benchmarks.policy import ATTEMPTS, CALLS, ROUNDS, PermanentError, TransientError, classify
from retry_policies import Deadline, RetryPolicy

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


def callers(fn: Caller) -> dict[str, Caller]:
    """Return fn under each of them, with the same attempts."""
    policy = RetryPolicy(classifier=classify, max_attempts=ATTEMPTS, async_sleep=no_sleep, on_retry=())
    deadline = Deadline.after(3600)
    retrying = tenacity.AsyncRetrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_random_exponential(0.5, max=4.0),
        retry=tenacity.retry_if_exception_type(TransientError),
        sleep=no_sleep,
        reraise=True,
    )
    by_stamina = stamina.retry(on=TransientError, attempts=ATTEMPTS, wait_initial=0, wait_max=0, wait_jitter=0)(fn)
    by_backoff = backoff.on_exception(backoff.constant, TransientError, max_tries=ATTEMPTS, interval=0, jitter=None)(fn)
    failsafe = Failsafe(FailsafePolicy(allowed_retries=ATTEMPTS - 1, abortable_exceptions=[PermanentError]))
    return {
        "bare call": fn,
        "retry_policies, call_async": lambda: policy.call_async(deadline, fn),
        "retry_policies, decorator": policy(fn),
        "tenacity": retrying.wraps(fn),
        "stamina": by_stamina,
        "backoff": by_backoff,
        "pyfailsafe": lambda: failsafe.run(fn),
    }


async def microseconds(caller: Caller) -> float:
    started = time.perf_counter()
    for _ in range(CALLS):
        with suppress(TransientError, PermanentError):
            await caller()
    return (time.perf_counter() - started) / CALLS * 1e6


async def measure(fn: Caller) -> dict[str, float]:
    """Return the median cost of each, in microseconds."""
    called = callers(fn)
    rounds = [{name: await microseconds(caller) for name, caller in called.items()} for _ in range(ROUNDS)]
    return {name: statistics.median(one[name] for one in rounds) for name in called}


def main() -> int:
    stamina.instrumentation.set_on_retry_hooks([])  # its logging is not measured
    cases = {"success": succeed, "fails once, then succeeds": fail_then_succeed, "permanent failure": fail}
    costs = {case: asyncio.run(measure(fn)) for case, fn in cases.items()}
    table = Table("", *(f"{case}, µs" for case in cases))
    for name in costs["success"]:
        table.add_row(name, *(f"{costs[case][name]:7.2f}" for case in cases))
    Console(width=120).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
