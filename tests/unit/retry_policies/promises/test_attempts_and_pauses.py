"""Random scripts of failures, durations and dice against random policies, on a fake clock."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import Deadline, DeadlineExceeded, ErrorKind, RetryPolicy, StopReason, retry_info
from retry_policies.backoff import Uniform, backoff_window, valid_retry_after
from retry_policies.testing import FakeTime, longest
from retry_policies.testing import Script as Scripted
from tests.support.steps.failing import Failure, Played, Script, classify, passing, policies, scripts

ROUNDING = 1e-6
often = settings(max_examples=400)


@often
@given(policies, scripts())
def test_there_are_at_most_max_attempts_and_a_pause_only_between_two(policy: RetryPolicy, script: Script) -> None:
    played = script.play(policy)
    assert 1 <= played.attempts <= policy.max_attempts
    assert len(played.pauses) == played.attempts - 1


@often
@given(policies, scripts(passing))
def test_every_pause_ends_early_enough_for_one_more_attempt(policy: RetryPolicy, script: Script) -> None:
    played = script.play(policy)
    assert all(start + policy.min_attempt_time <= played.seconds + ROUNDING for start in played.starts[1:])


@given(st.floats(0, 3), st.floats(0, 100))
def test_nothing_follows_an_attempt_that_used_up_the_time(over: float, asked: float) -> None:
    script = Script([(10.0 + over, Failure(retry_after=asked)), (0.1, "done")], seconds=10.0)
    played = script.play(RetryPolicy(classifier=classify))
    assert played.attempts == 1
    assert played.pauses == []


@given(st.floats(-100, 0.49))
def test_no_attempt_starts_without_the_time_to_finish(left: float) -> None:
    played = Script([(0.1, "done")], seconds=left).play(RetryPolicy())
    assert played.attempts == 0
    assert isinstance(played.error, DeadlineExceeded)
    assert str(played.error) == "no time for an attempt"
    info = retry_info(played.error)
    assert info is not None
    assert (info.attempts, info.reason) == (0, StopReason.DEADLINE)


@given(st.floats(0.0, 5.0))
def test_no_attempt_starts_after_the_deadline_however_long_a_sleep_takes(too_long: float) -> None:
    time = FakeTime()
    starts: list[float] = []

    def oversleep(seconds: float) -> None:
        time.now += seconds + too_long

    def attempt() -> None:
        starts.append(time.now)
        raise Failure

    policy = RetryPolicy(classifier=classify, max_attempts=99, sleep=oversleep, max_backoff=1.0)
    with pytest.raises(Failure):
        policy.call(Deadline(6.0, time.clock), attempt)
    assert max(starts) < 6.0


def test_no_attempt_starts_at_the_very_deadline() -> None:
    time = FakeTime()
    starts: list[float] = []

    def attempt() -> None:
        starts.append(time.now)
        raise Failure

    def sleep_to_the_deadline(_seconds: float) -> None:
        time.now = 6.0

    with pytest.raises(Failure):
        RetryPolicy(classifier=classify, sleep=sleep_to_the_deadline).call(Deadline(6.0, time.clock), attempt)
    assert starts == [0.0]


@often
@given(policies, scripts(passing))
def test_every_pause_is_at_least_what_was_asked_and_at_most_a_window_more(policy: RetryPolicy, script: Script) -> None:
    played = script.play(policy)
    for failure, pause in zip(played.raised, played.pauses, strict=False):
        assert isinstance(failure, Failure)
        assert failure.asked <= pause <= failure.asked + policy.max_backoff
        assert pause <= policy.max_pause


@given(policies, st.sampled_from([math.nan, math.inf, -math.inf, -1.0, -0.0, 1e308]) | st.floats())
def test_no_pause_is_negative_or_endless_whatever_was_asked(policy: RetryPolicy, asked: float) -> None:
    played = Script([(0.0, Failure(ErrorKind.THROTTLED, asked))] * 9 + [(0.0, "done")], seconds=1e300).play(policy)
    assert all(0 <= pause <= policy.max_pause for pause in played.pauses)


def stopped(played: Played) -> tuple[StopReason, float | None]:
    assert played.error is not None
    info = retry_info(played.error)
    assert info is not None
    return info.reason, info.retry_after


@often
@given(policies, st.floats(9.01, 1e12), st.floats(1, 1e13), st.integers())
def test_a_wait_that_does_not_fit_is_not_slept_and_handed_on_uncut(
    policy: RetryPolicy, asked: float, seconds: float, seed: int
) -> None:
    steps = [(0.1, Failure(ErrorKind.THROTTLED, asked)), (0.1, "done")]
    played = Script(steps, seed, seconds).play(policy.with_(max_attempts=2))
    assert played.attempts == 1
    assert played.pauses == []
    assert stopped(played) == (StopReason.RETRY_AFTER, asked)


@pytest.mark.parametrize(
    ("asked", "seconds", "reason"),
    [
        (3.0, 2.0, StopReason.RETRY_AFTER),  # the wait alone is too long for the time left
        (0.5, 0.9, StopReason.RETRY_AFTER),
        (1.0, 1.6, StopReason.DEADLINE),  # the wait would fit, its jitter does not
        (None, 0.9, StopReason.DEADLINE),
        (None, 0.5, StopReason.DEADLINE),
        (0.0, 0.5, StopReason.DEADLINE),
    ],
)
def test_a_stop_says_whether_it_was_the_wait_or_the_deadline(
    asked: float | None, seconds: float, reason: StopReason
) -> None:
    time = FakeTime()
    policy = time.policy(RetryPolicy(classifier=classify, min_attempt_time=0.5, initial_backoff=1.0))

    def attempt() -> None:
        time.now += 0.05
        raise Failure(retry_after=asked)

    with pytest.raises(Failure) as raised:
        policy.call(time.deadline(seconds), attempt)
    info = retry_info(raised.value)
    assert info is not None
    assert (info.reason, info.retry_after, info.attempts) == (reason, asked, 1)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(None, None), (0.0, 0.0), (3.5, 3.5), (-0.1, None), (math.nan, None), (math.inf, None), (-math.inf, None)],
)
def test_what_is_no_length_of_time_was_not_asked_for(asked: float | None, seconds: float | None) -> None:
    assert valid_retry_after(asked) == seconds


@given(st.integers(1, 10**6), st.floats(0, 10), st.floats(1, 10), st.floats(0, 10))
def test_the_window_grows_with_each_retry_up_to_the_cap(
    retry: int, initial: float, multiplier: float, cap: float
) -> None:
    here = backoff_window(retry, initial=initial, multiplier=multiplier, cap=cap)
    there = backoff_window(retry + 1, initial=initial, multiplier=multiplier, cap=cap)
    assert 0 <= here <= there <= cap


def pauses(policy: RetryPolicy, count: int, uniform: Uniform, failure: Failure) -> list[float]:
    """What the policy sleeps beyond what is asked for, where the same failure comes so often."""
    time = FakeTime()
    patient = time.policy(policy.with_(max_attempts=count + 1, max_pause=99.0, timeout=math.inf), uniform=uniform)
    assert patient.call(None, Scripted(time, *[failure] * count, "done")) == "done"
    return [pause - failure.asked for pause in time.slept]


@given(policies, passing)
def test_the_window_of_a_policy_grows_with_each_retry_up_to_the_cap(policy: RetryPolicy, failure: Failure) -> None:
    failure = Failure(failure.kind, min(failure.asked, 60.0))
    windows = pauses(policy, 12, longest, failure)
    assert all(here <= there + ROUNDING for here, there in pairwise(windows))
    assert all(0 <= window <= policy.max_backoff + ROUNDING for window in windows)


@pytest.mark.parametrize("kind", [ErrorKind.TRANSIENT, ErrorKind.THROTTLED])
@pytest.mark.parametrize("asked", [None, 3.0])
@settings(max_examples=10, deadline=None)
@given(st.integers())
def test_pauses_of_a_policy_at_the_cap_are_as_spread_as_below_it(
    kind: ErrorKind, asked: float | None, seed: int
) -> None:
    dice = random.Random(seed).uniform  # noqa: S311 - a test's dice
    draws = pauses(RetryPolicy(classifier=classify), 1004, dice, Failure(kind, asked))[
        4:
    ]  # 0.5, 1, 2, and then the cap
    assert len(set(draws)) == 1000
    assert min(draws) < 0.05 * 4.0
    assert max(draws) > 0.95 * 4.0
    assert sum(draws) / 1000 == pytest.approx(2.0, rel=0.1)


def test_a_window_that_no_float_holds_is_the_cap() -> None:
    steep = RetryPolicy(classifier=classify, backoff_multiplier=1e300)
    assert pauses(steep, 9, longest, Failure()) == [0.5, *[4.0] * 8]
