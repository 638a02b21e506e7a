"""A policy within a policy: what the inner one has given up on, the outer one does not repeat."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import ErrorKind, GiveUpEvent, RetryInfo, RetryPolicy, StopReason, retry_info
from retry_policies.testing import FakeTime
from tests.support.steps.failing import Failure, Script, classify, failures

type Call = Callable[[], object]
FOUR = RetryPolicy(classifier=classify, max_backoff=0.0, initial_backoff=0.0)


def as_it_is(fn: Call) -> object:
    return fn()


def from_it(fn: Call) -> object:
    try:
        return fn()
    except Failure as error:
        raise Failure from error


def while_handling_it(fn: Call) -> object:
    try:
        return fn()
    except Failure:
        raise Failure  # noqa: B904 - what is tested


def from_none(fn: Call) -> object:
    try:
        return fn()
    except Failure:
        raise Failure from None


def outside_the_except_block(fn: Call) -> object:
    try:
        return fn()
    except Failure:
        pass
    raise Failure


def in_its_arguments(fn: Call) -> object:
    try:
        return fn()
    except Failure as error:
        refused = Failure()
        refused.args = (error,)
    raise refused


WAYS = [as_it_is, from_it, while_handling_it, from_none, outside_the_except_block, in_its_arguments]
ways = st.sampled_from(WAYS)


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(1, 6), ways), min_size=1, max_size=4), st.lists(failures, min_size=1))
def test_nested_policies_do_not_multiply_however_the_error_is_passed_on(
    levels: list[tuple[int, Callable[[Call], object]]], errors: list[Failure]
) -> None:
    time = FakeTime()  # frozen but for the pauses: no attempt takes time, so that no clock could tell them apart
    attempts = 0

    def attempt() -> None:
        nonlocal attempts
        attempts += 1
        raise errors[attempts % len(errors)]

    with pytest.raises(Failure):
        under(levels, attempt, time)()
    assert attempts <= max(limit for limit, _ in levels)


def under(levels: list[tuple[int, Callable[[Call], object]]], fn: Call, time: FakeTime) -> Call:
    """The function within a policy for each limit, the first one innermost, and each error passed on in that way."""
    for limit, way in levels:

        def passed_on(inner: Call = fn, way: Callable[[Call], object] = way) -> object:
            return way(inner)

        fn = time.policy(FOUR.with_(max_attempts=limit))(passed_on)
    return fn


def told(call: Call, policy: RetryPolicy = FOUR) -> RetryInfo:
    """What the policy says of a call that fails."""
    with pytest.raises(Failure) as raised:
        policy.call(None, call)
    info = retry_info(raised.value)
    assert info is not None
    return info


def unheard(_event: GiveUpEvent) -> None:
    pass


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outer", [FOUR, RetryPolicy(classifier=lambda _: None)])
@pytest.mark.parametrize("hooks", [(), (unheard,)])
def test_the_outer_policy_hands_on_what_the_inner_one_had_to_say(
    way: Callable[[Call], object], outer: RetryPolicy, hooks: tuple[Callable[[GiveUpEvent], None], ...]
) -> None:
    time = FakeTime()
    inner = Script([(0.0, Failure()), (0.0, Failure(ErrorKind.THROTTLED, 3600.0))])
    steps = iter(inner.outcomes)

    def attempt() -> None:
        _, outcome = next(steps)
        assert isinstance(outcome, Failure)
        raise outcome

    info = told(lambda: way(time.policy(FOUR)(attempt)), outer.with_(on_giveup=hooks))
    assert (info.reason, info.attempts, info.kind, info.retry_after) == (
        StopReason.NESTED,
        1,
        ErrorKind.THROTTLED,
        3600.0,
    )
    assert info.inner is not None
    assert (info.inner.reason, info.inner.attempts) == (StopReason.RETRY_AFTER, 2)


@pytest.mark.parametrize("way", [as_it_is, from_it, while_handling_it, from_none])
def test_an_error_tied_to_what_was_given_up_in_another_thread_is_nested(way: Callable[[Call], object]) -> None:
    time = FakeTime()

    def attempt() -> None:
        raise Failure(ErrorKind.THROTTLED, 3600.0)

    with ThreadPoolExecutor(1) as pool:
        info = told(lambda: way(pool.submit(time.policy(FOUR)(attempt)).result))
    assert (info.reason, info.retry_after) == (StopReason.NESTED, 3600.0)


def test_what_began_before_the_attempt_and_was_given_up_within_it_is_nested() -> None:
    time, begun = FakeTime(), threading.Event()

    def attempt() -> None:
        assert begun.wait(timeout=5)
        raise Failure(ErrorKind.PERMANENT)

    def wait_for_it() -> object:
        begun.set()
        return started_before.result()

    with ThreadPoolExecutor(1) as pool:
        started_before = pool.submit(time.policy(FOUR)(attempt))
        info = told(wait_for_it)
    assert (info.reason, info.kind) == (StopReason.NESTED, ErrorKind.PERMANENT)


def test_what_other_threads_give_up_on_is_no_nesting() -> None:
    time = FakeTime()

    def give_up() -> None:
        with pytest.raises(Failure):
            time.policy(FOUR).call(None, permanent)

    def permanent() -> None:
        raise Failure(ErrorKind.PERMANENT)

    def attempt() -> None:
        pool.submit(give_up).result()
        raise Failure

    with ThreadPoolExecutor(1) as pool:
        info = told(attempt, time.policy(FOUR))
    assert (info.reason, info.attempts) == (StopReason.ATTEMPTS, 4)


def test_an_attempt_whose_inner_policy_gave_up_is_not_repeated_whatever_else_it_failed_by() -> None:
    time = FakeTime()

    def attempt() -> None:
        told(permanent, time.policy(FOUR))  # and the failure is handled
        raise Failure

    def permanent() -> None:
        raise Failure(ErrorKind.PERMANENT)

    info = told(attempt, time.policy(FOUR))
    assert (info.reason, info.attempts) == (StopReason.NESTED, 1)


def test_an_inner_policy_that_recovered_is_no_reason_to_stop() -> None:
    time, outcomes = FakeTime(), [Failure(), "done"] * 4

    def inner() -> None:
        if isinstance(outcome := outcomes.pop(0), Failure):
            raise outcome

    def attempt() -> None:
        time.policy(FOUR).call(None, inner)
        raise Failure

    info = told(attempt, time.policy(FOUR))
    assert (info.reason, info.attempts) == (StopReason.ATTEMPTS, 4)


def test_what_was_given_up_between_two_attempts_is_no_nesting() -> None:
    time = FakeTime()

    def give_up_too(_event: object) -> None:
        told(fail, time.policy(FOUR))

    def fail() -> None:
        raise Failure

    info = told(fail, time.policy(FOUR).with_(on_retry=(give_up_too,)))
    assert (info.reason, info.attempts) == (StopReason.ATTEMPTS, 4)


def test_an_error_that_a_policy_gave_up_on_before_is_no_nesting_when_it_comes_again() -> None:
    error = Failure()
    for _ in range(2):
        played = Script([(0.0, error)] * 4).play(FOUR)
        assert played.attempts == 4
    assert error.__notes__ == ["gave up after attempt 4: ATTEMPTS"]
