"""Random scenarios of failures, durations and jitter under random policies, on a fake clock."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import Deadline, DeadlineExceeded, ErrorKind, RetryPolicy, StopReason
from retry_policies.backoff import Uniform
from retry_policies.changes import PolicyChanges
from retry_policies.testing import FakeTime, Script, longest
from tests.support.steps.callers import BOTH, Caller
from tests.support.steps.failing import FOUR, Failure, Scenario, info_of, policies, scenarios, transient

ROUNDING = 1e-6


@BOTH
@settings(max_examples=400)
@given(policies, scenarios())
def test_there_are_at_most_max_attempts_and_a_pause_only_between_two(
    caller: Caller, policy: RetryPolicy, scenario: Scenario
) -> None:
    run = scenario.run(policy, caller)
    assert 1 <= run.attempts <= policy.max_attempts
    assert len(run.pauses) == run.attempts - 1


@BOTH
@settings(max_examples=400)
@given(policies, scenarios(transient))
def test_every_pause_respects_retry_after_the_limits_and_the_deadline(
    caller: Caller, policy: RetryPolicy, scenario: Scenario
) -> None:
    run = scenario.run(policy, caller)
    assert all(start + policy.min_attempt_time <= scenario.seconds + ROUNDING for start in run.starts[1:])
    for failure, pause in zip(run.raised, run.pauses, strict=False):
        assert isinstance(failure, Failure)
        assert failure.retry_after <= pause <= failure.retry_after + policy.max_backoff
        assert pause <= policy.max_pause


@BOTH
@given(st.floats(0, 3), st.floats(0, 100))
def test_nothing_follows_an_attempt_that_used_up_the_time(caller: Caller, over: float, retry_after: float) -> None:
    run = Scenario([(10.0 + over, Failure(retry_after=retry_after))], seconds=10.0).run(FOUR, caller)
    assert (run.attempts, run.pauses) == (1, [])


@BOTH
@given(st.floats(-100, 0.49))
def test_no_attempt_starts_without_the_time_to_finish(caller: Caller, left: float) -> None:
    run = Scenario([(0.1, "done")], seconds=left).run(RetryPolicy(), caller)
    assert run.attempts == 0
    assert isinstance(run.error, DeadlineExceeded)
    assert str(run.error) == "no time for an attempt"
    assert (run.info.attempts, run.info.reason) == (0, StopReason.DEADLINE)


@BOTH
@given(st.floats(0.0, 5.0) | st.just(math.inf))
def test_no_attempt_starts_after_the_deadline_however_long_a_sleep_takes(caller: Caller, too_long: float) -> None:
    time = FakeTime()
    starts: list[float] = []

    def oversleep(seconds: float) -> None:
        time.now = min(6.0, time.now + seconds + too_long)

    async def oversleep_async(seconds: float) -> None:
        oversleep(seconds)

    def attempt() -> None:
        starts.append(time.now)
        raise Failure

    policy = FOUR.with_(max_attempts=99, sleep=oversleep, async_sleep=oversleep_async, max_backoff=1.0)
    with pytest.raises(Failure):
        caller(policy, Deadline(6.0, time.clock), attempt)
    assert max(starts) < 6.0


@BOTH
@given(policies, st.sampled_from([math.nan, math.inf, -math.inf, -1.0, -0.0, 1e308]) | st.floats())
def test_no_pause_is_negative_or_endless_whatever_retry_after_says(
    caller: Caller, policy: RetryPolicy, retry_after: float
) -> None:
    run = Scenario([(0.0, Failure(ErrorKind.THROTTLED, retry_after))] * 9, seconds=1e300).run(policy, caller)
    assert all(0 <= pause <= policy.max_pause for pause in run.pauses)


@BOTH
@settings(max_examples=400)
@given(policies, st.floats(9.01, 1e12), st.floats(1, 1e13), st.integers())
def test_a_wait_that_does_not_fit_is_not_slept_and_is_reported_uncut(
    caller: Caller, policy: RetryPolicy, wait: float, seconds: float, seed: int
) -> None:
    run = Scenario([(0.1, Failure(ErrorKind.THROTTLED, wait))], seed, seconds).run(policy.with_(max_attempts=2), caller)
    assert (run.attempts, run.pauses) == (1, [])
    assert (run.info.reason, run.info.retry_after) == (StopReason.RETRY_AFTER, wait)


@BOTH
@pytest.mark.parametrize(
    ("retry_after", "seconds", "reason"),
    [
        (3.0, 2.0, StopReason.RETRY_AFTER),  # the wait alone is too long for the time left
        (0.5, 0.9, StopReason.RETRY_AFTER),
        (1.0, 1.6, StopReason.DEADLINE),  # the wait would fit, its jitter does not
        (None, 0.9, StopReason.DEADLINE),
        (None, 0.5, StopReason.DEADLINE),
        (0.0, 0.5, StopReason.DEADLINE),
    ],
)
def test_a_stop_is_due_to_the_wait_or_to_the_deadline(
    caller: Caller, retry_after: float | None, seconds: float, reason: StopReason
) -> None:
    time, error = FakeTime(), Failure(retry_after=retry_after)
    with pytest.raises(Failure):
        caller(time.policy(FOUR.with_(initial_backoff=1.0)), time.deadline(seconds), Script(time, error, takes=0.05))
    info = info_of(error)
    assert (info.reason, info.retry_after, info.attempts) == (reason, retry_after, 1)


@BOTH
@pytest.mark.parametrize(
    ("changes", "failures", "slept"),
    [
        ({"max_attempts": 9, "timeout": 999}, [Failure()] * 5, [0.5, 1.0, 2.0, 4.0, 4.0]),
        ({"max_attempts": 9, "timeout": 999}, [Failure(ErrorKind.THROTTLED)] * 4, [1.0, 2.0, 4.0, 4.0]),
        ({"timeout": 1.0}, [Failure()], [0.5]),  # it just fits
        ({"initial_backoff": 0.0, "timeout": 99}, [Failure(retry_after=5.0)], [5.0]),  # the longest pause
        ({"backoff_multiplier": 1e300, "timeout": 99}, [Failure()] * 3, [0.5, 4.0, 4.0]),
    ],
)
def test_the_longest_pauses_double_up_to_the_cap(
    caller: Caller, changes: PolicyChanges, failures: list[Failure], slept: list[float]
) -> None:
    time = FakeTime()
    assert caller(time.policy(FOUR.with_(**changes)), None, Script(time, *failures, "done")) == "done"
    assert time.slept == slept


@BOTH
def test_a_pause_that_takes_all_the_time_is_not_slept(caller: Caller) -> None:
    policy = FOUR.with_(initial_backoff=0.0, min_attempt_time=0.0)
    assert Scenario([(0.0, Failure(retry_after=1.0))], seconds=1.0).run(policy, caller).pauses == []


def jitter(caller: Caller, policy: RetryPolicy, count: int, uniform: Uniform, failure: Failure) -> list[float]:
    """Return what the policy sleeps beyond Retry-After if the same failure comes `count` times."""
    time = FakeTime()
    patient = time.policy(policy.with_(max_attempts=count + 1, max_pause=99.0, timeout=math.inf), uniform=uniform)
    assert caller(patient, None, Script(time, *[failure] * count, "done")) == "done"
    return [pause - failure.retry_after for pause in time.slept]


@BOTH
@given(policies, transient)
def test_the_window_of_a_policy_grows_with_each_retry_up_to_the_cap(
    caller: Caller, policy: RetryPolicy, failure: Failure
) -> None:
    failure = Failure(failure.kind, min(failure.retry_after, 60.0))
    windows = jitter(caller, policy, 12, longest, failure)
    assert all(here <= there + ROUNDING for here, there in pairwise(windows))
    assert all(0 <= window <= policy.max_backoff + ROUNDING for window in windows)


@BOTH
@pytest.mark.parametrize("kind", [ErrorKind.TRANSIENT, ErrorKind.THROTTLED])
@pytest.mark.parametrize("retry_after", [None, 3.0])
@settings(max_examples=5, deadline=None)
@given(seed=st.integers())
def test_jitter_at_the_cap_is_as_spread_as_below_it(
    caller: Caller, kind: ErrorKind, retry_after: float | None, seed: int
) -> None:
    uniform = random.Random(seed).uniform  # noqa: S311 - jitter, not a secret
    draws = jitter(caller, FOUR, 1004, uniform, Failure(kind, retry_after))[4:]  # 0.5, 1, 2, and then the cap
    assert len(set(draws)) == 1000
    assert min(draws) < 0.05 * 4.0
    assert max(draws) > 0.95 * 4.0
    assert sum(draws) / 1000 == pytest.approx(2.0, rel=0.1)


@BOTH
@settings(max_examples=400)
@given(policies, scenarios())
def test_nothing_follows_a_permanent_failure_nor_an_ambiguous_one_unless_it_may_be_repeated(
    caller: Caller, policy: RetryPolicy, scenario: Scenario
) -> None:
    run = scenario.run(policy, caller)
    for failure in run.raised if run.error is None else run.raised[:-1]:
        assert isinstance(failure, Failure)
        assert failure.kind is not ErrorKind.PERMANENT
        assert policy.repeatable or failure.kind is not ErrorKind.AMBIGUOUS


@BOTH
@given(st.booleans(), st.booleans(), st.booleans())
def test_an_unanswered_call_is_repeated_only_if_the_policy_says_both(
    caller: Caller,
    repeatable: bool,  # noqa: FBT001 - drawn
    repeat_unanswered: bool,  # noqa: FBT001
    answered: bool,  # noqa: FBT001
) -> None:
    policy = FOUR.with_(repeatable=repeatable, repeat_unanswered=repeat_unanswered)
    run = Scenario([(0.1, Failure(ErrorKind.AMBIGUOUS, answered=answered)), (0.1, "done")]).run(policy, caller)
    assert (run.attempts == 2) == (repeatable and (answered or repeat_unanswered))
