import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import Deadline, RetryBudget, RetryPolicy, StopReason
from retry_policies.testing import FakeTime
from tests.support.steps.callers import BOTH, Caller
from tests.support.steps.failing import FOUR, Failure, Scenario, policies, scenarios


@BOTH
@settings(max_examples=200)
@given(st.floats(0, 1), st.integers(1, 10), st.lists(scenarios(), max_size=12), policies)
def test_retries_are_at_most_the_burst_and_a_share_of_the_successes(
    caller: Caller, ratio: float, burst: int, history: list[Scenario], policy: RetryPolicy
) -> None:
    budget = RetryBudget(ratio, burst)
    limited = policy.with_(budget=budget)
    retries = successes = 0
    for scenario in history:
        run = scenario.run(limited, caller)
        retries += run.attempts - 1
        successes += run.error is None
        assert 0 <= budget.tokens <= burst
        assert retries <= burst + ratio * successes


@BOTH
@settings(max_examples=200)
@given(policies, scenarios())
def test_no_token_is_spent_on_a_retry_that_is_not_made(caller: Caller, policy: RetryPolicy, scenario: Scenario) -> None:
    budget = RetryBudget(ratio=0.0, burst=10)
    run = scenario.run(policy.with_(budget=budget), caller)
    assert budget.tokens == 10 - (run.attempts - 1)


@BOTH
def test_an_empty_budget_stops_the_call(caller: Caller) -> None:
    run = Scenario([(0.1, Failure())] * 4).run(FOUR.with_(budget=RetryBudget(ratio=0.0, burst=2)), caller)
    assert (run.info.attempts, run.info.reason) == (3, StopReason.BUDGET)


def fail() -> None:
    raise Failure


def sleeping(budget: RetryBudget, sleep: Callable[[float], None]) -> RetryPolicy:
    async def async_sleep(seconds: float) -> None:
        sleep(seconds)

    return FOUR.with_(budget=budget, sleep=sleep, async_sleep=async_sleep)


@BOTH
def test_the_token_is_returned_if_the_sleep_took_all_the_time(caller: Caller) -> None:
    time = FakeTime()
    budget = RetryBudget(burst=1)

    def oversleep(seconds: float) -> None:
        time.now += seconds + 100

    with pytest.raises(Failure):
        caller(sleeping(budget, oversleep), Deadline(10, time.clock), fail)
    assert budget.tokens == 1


@BOTH
def test_the_token_is_returned_if_the_sleep_is_interrupted(caller: Caller) -> None:
    budget = RetryBudget(burst=1)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        caller(sleeping(budget, interrupted), None, fail)
    assert budget.tokens == 1


def test_ten_successes_allow_exactly_one_retry() -> None:
    budget = RetryBudget(ratio=0.1, burst=1)
    assert budget.take()
    for _ in range(9):
        budget.on_success()
        assert not budget.take()
    budget.on_success()
    assert budget.take()


@BOTH
def test_a_recovered_call_deposits_like_any_success(caller: Caller) -> None:
    budget = RetryBudget(ratio=0.5, burst=4)
    Scenario([(0.1, Failure()), (0.1, "done")]).run(FOUR.with_(budget=budget), caller)
    assert budget.tokens == 3.5
    Scenario([(0.1, "done")]).run(FOUR.with_(budget=budget), caller)
    assert budget.tokens == 4


LEFT = vars(RetryBudget)["_left"]


class SlowBudget(RetryBudget):
    """A budget whose other threads get a turn between the reading and the writing of the tokens."""

    @property
    def _left(self) -> int:
        left: int = LEFT.__get__(self)
        for _ in range(300):
            pass
        return left

    @_left.setter
    def _left(self, left: int) -> None:
        LEFT.__set__(self, left)


@pytest.fixture
def _frequent_switches() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def by_eight_threads(work: Callable[[], None]) -> None:
    def repeat() -> None:
        for _ in range(500):
            work()

    threads = [threading.Thread(target=repeat) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("_frequent_switches")
def test_eight_threads_take_no_token_twice() -> None:
    budget = SlowBudget(ratio=0.0, burst=3000)
    taken: list[bool] = []
    by_eight_threads(lambda: taken.append(budget.take()))
    assert (sum(taken), len(taken), budget.tokens) == (3000, 4000, 0)


@pytest.mark.usefixtures("_frequent_switches")
@pytest.mark.parametrize("deposit", [RetryBudget.on_success, RetryBudget.give_back])
def test_eight_threads_lose_no_deposit(deposit: Callable[[RetryBudget], None]) -> None:
    budget = SlowBudget(ratio=1.0, burst=4001)
    for _ in range(4001):
        budget.take()
    by_eight_threads(lambda: deposit(budget))
    assert budget.tokens == 4000


@pytest.mark.usefixtures("_frequent_switches")
def test_eight_threads_under_one_policy_keep_to_the_budget() -> None:
    budget = SlowBudget(ratio=0.1, burst=10)
    policy = FOUR.with_(budget=budget, sleep=lambda _: None, timeout=3600)
    attempts: list[int] = []
    successes: list[int] = []

    def call() -> None:
        outcomes = [Failure(), Failure(), 1] if len(attempts) % 3 else [1]

        def attempt() -> None:
            attempts.append(1)
            if isinstance(outcome := outcomes.pop(0), Failure):
                raise outcome

        with suppress(Failure):
            policy.call(None, attempt)
            successes.append(1)

    by_eight_threads(call)
    retries = len(attempts) - 4000
    assert 10 < retries <= 10 + 0.1 * len(successes)
    assert 0 <= budget.tokens <= 10


@pytest.mark.parametrize("wrong", [{"ratio": -0.1}, {"ratio": float("inf")}, {"ratio": float("nan")}, {"burst": 0}])
def test_an_invalid_budget_names_the_field(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RetryBudget(**wrong)  # type: ignore[arg-type] # a burst is drawn as a float
