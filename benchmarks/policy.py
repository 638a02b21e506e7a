"""`make bench ONLY=policy`: the cost of a policy per call, beside a bare call, a hand-written loop and other libraries.

Each round calls all of them in turn, and compares the CPU of each with that of the hand-written loop in the same round.
Nobody sleeps.
The bounds on success also hold with hooks, which observability.telemetry adds for the functions. The hooks here do
nothing: the log line of a real hook costs more than the policy.
"""

import statistics
import time
import timeit
from collections.abc import Mapping, Sequence
from functools import partial

from benchmarks import async_policy
from benchmarks.measuring import interleave, ratios
from benchmarks.policy_callers import (
    HOOKED,
    LIBRARIES,
    LOOP,
    OURS,
    Caller,
    PermanentError,
    TransientError,
    callers,
    fail,
    fail_then_succeed,
    succeed,
    without_pauses,
)
from benchmarks.tables import Cell, Column, Goal, Spread, Table

ROUNDS = 61
CALLS = 500
"""Calls in a round, which takes about a millisecond: less than most interruptions by other processes."""
SUCCESS, ONE_FAILURE, PERMANENT = "success", "one failure", "permanent failure"
CASES: Mapping[str, Caller] = {SUCCESS: succeed, ONE_FAILURE: fail_then_succeed, PERMANENT: fail}
LOOP_BOUND = 2.0
"""Upper limit of our cost divided by that of a loop by hand: on success, and on a permanent failure without hooks."""
LIBRARY_BOUND = 15.0
"""Lower limit of the cost of tenacity and stamina divided by ours, on success."""
FAILURE_BOUND = 12.0
HOOKED_BOUND = 3.0
type Costs = Mapping[str, tuple[Spread, float]]
"""Caller -> its cost in hand-written loops, and in microseconds."""

COLUMNS = (
    Column("called by"),
    *(Column(f"{case}, × loop", ",.2f") for case in CASES),
    *(Column(f"{case}, µs", ",.2f") for case in CASES),
)


def tables(rounds: int = ROUNDS, calls: int = CALLS) -> list[Table]:
    measured = {case: measure(fn, rounds, calls) for case, fn in CASES.items()}
    relative = {case: {name: costs[0].median for name, costs in found.items()} for case, found in measured.items()}
    taken = f"medians of {rounds} rounds of {calls} calls"
    in_async = {case: async_policy.measure(fn, rounds, calls) for case, fn in async_policy.CASES.items()}
    return [
        _table("policy", f"A policy's cost per call, in hand-written loops: {taken}", measured, goals(relative)),
        _table("policy-async", f"The same for asynchronous calls: {taken}", in_async, ()),
    ]


def _table(name: str, title: str, measured: Mapping[str, Costs], reached: tuple[Goal, ...]) -> Table:
    rows = tuple(_row(caller, [measured[case][caller] for case in CASES]) for caller in measured[SUCCESS])
    return Table(name, title, COLUMNS, rows, reached)


def _row(name: str, costs: Sequence[tuple[Spread, float]]) -> tuple[Cell, ...]:
    return (name, *(relative for relative, _ in costs), *(microseconds for _, microseconds in costs))


def measure(fn: Caller, rounds: int, calls: int) -> Costs:
    """Return for each caller its cost in hand-written loops of the same round, and its median in microseconds."""
    timers = {name: timeit.Timer(swallow(caller), timer=time.thread_time) for name, caller in callers(fn).items()}
    acts = {name: partial(_microseconds, timer, calls) for name, timer in timers.items()}
    with without_pauses():
        samples = interleave(acts, rounds)
    relative = ratios(samples, LOOP)
    return {name: (relative[name], statistics.median(samples[name])) for name in samples}


def swallow(caller: Caller) -> Caller:
    def call() -> int:
        try:
            return caller()
        except (TransientError, PermanentError):
            return 0

    return call


def goals(relative: Mapping[str, Mapping[str, float]]) -> tuple[Goal, ...]:
    """Return the goals for these costs in hand-written loops, by case and caller."""
    return (
        *(Goal(f"{one}, {SUCCESS}", relative[SUCCESS][one], LOOP_BOUND, is_required=True) for one in (*OURS, HOOKED)),
        *(Goal(f"{one}, {PERMANENT}", relative[PERMANENT][one], LOOP_BOUND, is_required=True) for one in OURS),
        *(
            Goal(
                f"{library} in units of {one}, {SUCCESS}",
                relative[SUCCESS][library] / relative[SUCCESS][one],
                LIBRARY_BOUND,
                is_least=True,
                is_required=True,
            )
            for one in (*OURS, HOOKED)
            for library in LIBRARIES
        ),
        Goal(f"{OURS[0]}, {ONE_FAILURE}", relative[ONE_FAILURE][OURS[0]], FAILURE_BOUND),
        Goal(f"{HOOKED}, {PERMANENT}", relative[PERMANENT][HOOKED], HOOKED_BOUND),
    )


def _microseconds(timer: timeit.Timer, calls: int) -> float:
    return timer.timeit(calls) / calls * 1e6
