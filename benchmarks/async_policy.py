"""The cost of an asynchronous call under a policy, as in benchmarks.policy."""

import asyncio
import statistics
import time
from collections.abc import Mapping

from benchmarks.async_callers import (
    Caller,
    callers,
    fail,
    fail_then_succeed,
    succeed,
    without_pauses,
)
from benchmarks.measuring import ratios
from benchmarks.policy_callers import LOOP, PermanentError, TransientError
from benchmarks.tables import Spread

CASES: Mapping[str, Caller] = {"success": succeed, "one failure": fail_then_succeed, "permanent failure": fail}


def measure(fn: Caller, rounds: int, calls: int) -> dict[str, tuple[Spread, float]]:
    """Return for each caller its cost in hand-written loops of the same round, and its median in microseconds."""
    with without_pauses():
        samples = asyncio.run(_interleave(callers(fn), rounds, calls))
    relative = ratios(samples, LOOP)
    return {name: (relative[name], statistics.median(samples[name])) for name in samples}


async def _interleave(called: Mapping[str, Caller], rounds: int, calls: int) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {name: [] for name in called}
    for _ in range(rounds):
        for name, caller in called.items():
            samples[name].append(await _microseconds(caller, calls))
    return samples


async def _microseconds(caller: Caller, calls: int) -> float:
    began = time.thread_time()
    for _ in range(calls):
        try:  # noqa: SIM105 - suppress() costs more than what is measured
            await caller()
        except (TransientError, PermanentError):
            pass
    return (time.thread_time() - began) / calls * 1e6
