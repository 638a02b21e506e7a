"""The cost of a policy per call, beside a bare call, a hand-written loop, tenacity, stamina and backoff.

Each round calls all of them in turn, and compares each with the hand-written loop of the same round: a busy moment of
the machine slows both. The median round counts. Nobody sleeps, and all classify an error by its type.
The bounds on success also hold with hooks, which observability.telemetry adds for the functions. A permanent failure
with hooks has no bound: the log line of a real hook costs more than the policy.
Exits 1 if a bound does not hold.
"""

import itertools
import random
import statistics
import sys
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import backoff
import stamina
import tenacity
from rich.console import Console
from rich.table import Table

from retry_policies import Classification, Deadline, ErrorKind, RetryPolicy

ROUNDS = 61
CALLS = 500
"""Calls in a round, which takes about a millisecond: less than most interruptions by other processes."""
ATTEMPTS = 4
OURS = ("retry_policies, call", "retry_policies, decorator")
HOOKED = "retry_policies, with hooks"
LOOP_BOUND = 2.0
"""The largest cost of ours in hand-written loops, on success and, without hooks, on a permanent failure."""
LIBRARY_BOUND = 15.0
"""The smallest cost of tenacity and stamina in policies of ours, on success."""


class TransientError(Exception):
    pass


class PermanentError(Exception):
    pass


def succeed() -> int:
    return 1


def fail() -> int:
    raise PermanentError


results = itertools.cycle((False, True))


def fail_then_succeed() -> int:
    if next(results):
        return 1
    raise TransientError


def no_sleep(_seconds: float) -> None:
    pass


def ignore(_event: object) -> None:
    pass


def hand_loop(fn: Callable[[], int]) -> int:
    """Repeat fn as a hand-written loop does: without deadline, Retry-After, budget or a record of the give-up."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return fn()
        except Exception as error:
            if not isinstance(error, TransientError) or attempt == ATTEMPTS:
                raise
            no_sleep(random.uniform(0, min(4.0, 0.5 * 2 ** (attempt - 1))))  # noqa: S311 - a pause, not a secret
    raise AssertionError


def classify(error: BaseException) -> Classification | None:
    return TRANSIENT if isinstance(error, TransientError) else None


TRANSIENT = Classification(ErrorKind.TRANSIENT)


def callers(fn: Callable[[], int]) -> dict[str, Callable[[], int]]:
    """Return fn under each of them, with the same attempts and the same kind of waits."""
    policy = RetryPolicy(classifier=classify, max_attempts=ATTEMPTS, sleep=no_sleep, on_retry=())
    hooked = policy.with_(on_retry=(ignore,), on_recovery=(ignore,), on_giveup=(ignore,))
    deadline = Deadline.after(3600)
    stop, wait = tenacity.stop_after_attempt(ATTEMPTS), tenacity.wait_random_exponential(0.5, max=4.0)
    retry = tenacity.retry_if_exception_type(TransientError)
    by_tenacity = tenacity.Retrying(stop=stop, wait=wait, retry=retry, sleep=no_sleep, reraise=True).wraps(fn)
    by_stamina = stamina.retry(on=TransientError, attempts=ATTEMPTS, wait_initial=0, wait_max=0, wait_jitter=0)(fn)
    by_backoff = backoff.on_exception(backoff.constant, TransientError, max_tries=ATTEMPTS, interval=0, jitter=None)(fn)
    return {
        "bare call": fn,
        "hand-written loop": lambda: hand_loop(fn),
        OURS[0]: lambda: policy.call(deadline, fn),
        OURS[1]: policy(fn),
        HOOKED: lambda: hooked.call(deadline, fn),
        "tenacity": by_tenacity,
        "stamina": by_stamina,
        "backoff": by_backoff,
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the rounds."""

    microseconds: float
    """Of one call."""
    of_loop: float
    """In hand-written loops of the same round."""


def measure(fn: Callable[[], int]) -> dict[str, Cost]:
    called = {name: timeit.Timer(swallow(caller)) for name, caller in callers(fn).items()}
    rounds = [{name: timer.timeit(CALLS) / CALLS * 1e6 for name, timer in called.items()} for _ in range(ROUNDS)]
    return {name: Cost(*medians(name, rounds)) for name in called}


def swallow(caller: Callable[[], int]) -> Callable[[], None]:
    def call() -> None:
        try:  # noqa: SIM105 - suppress() costs more than what is measured
            caller()
        except (TransientError, PermanentError):
            pass

    return call


def medians(name: str, rounds: Sequence[dict[str, float]]) -> tuple[float, float]:
    times = [one[name] for one in rounds]
    ratios = [one[name] / one["hand-written loop"] for one in rounds]
    return statistics.median(times), statistics.median(ratios)


def broken_bounds(success: dict[str, Cost], permanent: dict[str, Cost]) -> list[str]:
    """Return a sentence for each bound that does not hold."""
    broken = []
    bounded = [(ours, "success", success[ours]) for ours in (*OURS, HOOKED)]
    bounded += [(ours, "permanent failure", permanent[ours]) for ours in OURS]
    for ours, what, cost in bounded:
        if cost.of_loop > LOOP_BOUND:
            broken.append(f"{ours}, {what}: {cost.of_loop:.2f} times the loop, {LOOP_BOUND} are allowed")
    for ours in (*OURS, HOOKED):
        for library in ("tenacity", "stamina"):
            cheaper = success[library].of_loop / success[ours].of_loop
            if cheaper < LIBRARY_BOUND:
                broken.append(f"{ours}, success: {cheaper:.1f} times cheaper than {library}, {LIBRARY_BOUND} are due")
    return broken


def main() -> int:
    stamina.instrumentation.set_on_retry_hooks([])  # its logging is not measured
    cases: dict[str, Callable[[], int]] = {
        "success": succeed,
        "fails once, then succeeds": fail_then_succeed,
        "permanent failure": fail,
    }
    results = {case: measure(fn) for case, fn in cases.items()}
    table = Table("", *(f"{case}\nµs   (× loop)" for case in cases))
    for name in results["success"]:
        costs = [results[case][name] for case in cases]
        table.add_row(name, *(f"{cost.microseconds:7.2f}  ({cost.of_loop:.2f})" for cost in costs))
    console = Console(width=120)
    console.print(table)
    broken = broken_bounds(results["success"], results["permanent failure"])
    for sentence in broken or ["every bound holds"]:
        console.print(sentence)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
