"""A regression test of tenacity #701: a decorated function of 9.2 loses calls under threads (KeyError: 'idle_for')."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from retry_policies import ErrorKind, RetryBudget, retry_info
from tests.support.steps.failing import FOUR, Failure

THREADS = 8
CALLS = 50_000


@pytest.fixture(autouse=True)
def _frequent_switches() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def outcomes_of(number: int) -> list[Failure | int]:
    """Return the outcomes in reverse. Of ten calls, one fails once, one twice and one permanently."""
    match number % 10:
        case 1:
            return [number, Failure()]
        case 2:
            return [number, Failure(), Failure()]
        case 5:
            return [number, Failure(ErrorKind.PERMANENT)]
        case _:
            return [number]


def attempt(outcomes: list[Failure | int]) -> int:
    outcome = outcomes.pop()
    if isinstance(outcome, Failure):
        raise outcome
    return outcome


def problem(call: Callable[[list[Failure | int]], int], number: int) -> str | None:
    outcomes = outcomes_of(number)
    own = outcomes[-1]
    try:
        result = call(outcomes)
    except BaseException as error:  # noqa: BLE001 - it is reported
        info = retry_info(error)
        is_right = number % 10 == 5 and error is own and info is not None and info.attempts == 1
        return None if is_right else f"{number}: {error!r}, {info}"
    return None if result == number and number % 10 != 5 else f"{number}: returned {result}"


def test_threads_do_not_affect_each_other() -> None:
    policy = FOUR.with_(sleep=lambda _: None, budget=RetryBudget(1.0, 1000), timeout=3600)
    calls = [policy(attempt), lambda outcomes: policy.call(None, attempt, outcomes)]
    problems: list[str | None] = []

    def work(thread: int) -> None:
        numbers = range(thread, CALLS, THREADS)
        problems.extend(problem(calls[turn % 2], number) for turn, number in enumerate(numbers))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(problems) == CALLS
    assert set(problems) == {None}
