"""Records of give-ups, and nested policies: the outer one does not repeat what the inner one has given up."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import ErrorKind, GiveUpEvent, RetryInfo, RetryPolicy, StopReason, retry_info
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import FOUR, Failure, Scenario, failures, info_of

type Call = Callable[[], object]
PROMPT = FOUR.with_(max_backoff=0.0, initial_backoff=0.0)
PERMANENT = RetryPolicy(classifier=lambda _: None)
HOUR = (ErrorKind.THROTTLED, 3600.0)


def unchanged(fn: Call) -> object:
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
        new = Failure()
        new.args = (error,)
    raise new


LINKED = [unchanged, from_it, while_handling_it, from_none]
WAYS = [*LINKED, outside_the_except_block, in_its_arguments]


def by_decorator(policy: RetryPolicy, fn: Call) -> Call:
    return policy(fn)


def by_async_decorator(policy: RetryPolicy, fn: Call) -> Call:
    """Return a function that makes the asynchronous call to its end, within the running task."""

    @policy
    async def call() -> object:
        return fn()

    def finish() -> object:
        coroutine = call()
        while True:
            try:
                coroutine.send(None)
            except StopIteration as end:
                return end.value

    return finish


async def within_a_task(fn: Call) -> object:
    return fn()


@pytest.mark.parametrize("decorate", [by_decorator, by_async_decorator])
@settings(max_examples=400)
@given(
    levels=st.lists(st.tuples(st.integers(1, 6), st.sampled_from(WAYS)), min_size=1, max_size=4),
    errors=st.lists(failures, min_size=1),
)
def test_nested_policies_do_not_multiply_however_the_error_is_raised_again(
    decorate: Callable[[RetryPolicy, Call], Call],
    levels: list[tuple[int, Callable[[Call], object]]],
    errors: list[Failure],
) -> None:
    time = FakeTime()  # attempts take no time: a clock cannot order them
    attempts = 0

    def attempt() -> None:
        nonlocal attempts
        attempts += 1
        raise errors[attempts % len(errors)]

    fn: Call = attempt
    for limit, way in levels:

        def raised_again(inner: Call = fn, way: Callable[[Call], object] = way) -> object:
            return way(inner)

        fn = decorate(time.policy(PROMPT.with_(max_attempts=limit)), raised_again)
    with pytest.raises(Failure):
        asyncio.run(within_a_task(fn))
    assert attempts <= max(limit for limit, _ in levels)


def give_up(call: Call, policy: RetryPolicy = PROMPT) -> RetryInfo:
    """Return the record of a call that fails."""
    with pytest.raises(Failure) as raised:
        policy.call(None, call)
    return info_of(raised.value)


def fail(*facts: Any) -> Call:  # noqa: ANN401 - of a Failure
    def call() -> object:
        raise Failure(*facts)

    return call


def ignore(_event: GiveUpEvent) -> None:
    pass


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outer", [PROMPT, PERMANENT])
@pytest.mark.parametrize("hooks", [(), (ignore,)])
@pytest.mark.parametrize("decorate", [by_decorator, by_async_decorator])
def test_the_outer_policy_reports_the_inner_give_up(
    decorate: Callable[[RetryPolicy, Call], Call],
    way: Callable[[Call], object],
    outer: RetryPolicy,
    hooks: tuple[Callable[[GiveUpEvent], None], ...],
) -> None:
    time = FakeTime()
    inner = decorate(time.policy(FOUR), Script(time, Failure(), Failure(*HOUR)))
    with pytest.raises(Failure) as raised:
        asyncio.run(within_a_task(decorate(outer.with_(on_giveup=hooks), lambda: way(inner))))
    info = info_of(raised.value)
    assert (info.reason, info.attempts, info.kind, info.retry_after) == (StopReason.NESTED, 1, *HOUR)
    assert info.inner is not None
    assert (info.inner.reason, info.inner.attempts, info.inner.inner) == (StopReason.RETRY_AFTER, 2, None)


@pytest.mark.parametrize("way", LINKED)
def test_a_linked_error_given_up_in_another_thread_is_nested(way: Callable[[Call], object]) -> None:
    with ThreadPoolExecutor(1) as pool:
        info = give_up(lambda: way(pool.submit(PROMPT(fail(*HOUR))).result))
    assert (info.reason, info.retry_after) == (StopReason.NESTED, 3600.0)


def test_a_call_that_began_before_the_attempt_and_was_given_up_within_it_is_nested() -> None:
    begun = threading.Event()

    def attempt() -> None:
        assert begun.wait(timeout=5)
        raise Failure(ErrorKind.PERMANENT)

    def wait_for_it() -> object:
        begun.set()
        return earlier.result()

    with ThreadPoolExecutor(1) as pool:
        earlier = pool.submit(PROMPT(attempt))
        info = give_up(wait_for_it)
    assert (info.reason, info.kind) == (StopReason.NESTED, ErrorKind.PERMANENT)


def test_an_attempt_whose_inner_policy_gave_up_is_not_repeated_whatever_its_error() -> None:
    def attempt() -> None:
        give_up(fail(ErrorKind.PERMANENT))  # and the failure is handled
        raise Failure

    info = give_up(attempt)
    assert (info.reason, info.attempts) == (StopReason.NESTED, 1)


def test_a_give_up_outside_the_attempt_is_not_nested() -> None:
    """In another thread, between two attempts, before an inner recovery, or of the same error in an earlier call."""
    error = Failure()
    recovering = Script(FakeTime(), *[Failure(), "done"] * 4)
    with ThreadPoolExecutor(1) as pool:

        def in_another_thread() -> None:
            pool.submit(give_up, fail(ErrorKind.PERMANENT)).result()
            raise Failure

        def after_a_recovery() -> None:
            PROMPT.call(None, recovering)
            raise Failure

        def again() -> None:
            raise error

        between = PROMPT.with_(on_retry=(lambda _: give_up(fail()),))
        infos = [
            *(give_up(call) for call in (in_another_thread, after_a_recovery, again, again)),
            give_up(fail(), between),
        ]
    assert [(info.reason, info.attempts) for info in infos] == [(StopReason.ATTEMPTS, 4)] * 5
    assert error.__notes__ == ["gave up after attempt 4: ATTEMPTS"]


def note_of(*outcomes: Failure, policy: RetryPolicy = PROMPT) -> list[str] | None:
    """Return the notes of the last error after a call."""
    Scenario([(0.0, outcome) for outcome in outcomes * 4]).run(policy)
    return getattr(outcomes[-1], "__notes__", None)


def test_a_note_has_the_attempt_and_the_reason_unless_no_policy_could_have_changed_it() -> None:
    assert note_of(Failure(*HOUR)) == ["gave up after attempt 1: RETRY_AFTER"]
    assert note_of(Failure(), Failure(ErrorKind.PERMANENT)) == ["gave up after attempt 2: PERMANENT"]
    permanent = Failure(ErrorKind.PERMANENT)
    assert note_of(permanent) is note_of(permanent) is None
    inner = Failure(*HOUR)
    give_up(lambda: PROMPT.call(None, Script(FakeTime(), inner)), PERMANENT)
    assert inner.__notes__ == ["gave up after attempt 1: RETRY_AFTER"]


def test_a_note_replaces_that_of_an_earlier_give_up() -> None:
    error = Failure()
    error.add_note("not ours")
    assert note_of(error) == ["not ours", "gave up after attempt 4: ATTEMPTS"]
    assert note_of(error, policy=PROMPT.with_(max_attempts=2)) == ["not ours", "gave up after attempt 2: ATTEMPTS"]
    error.classification = Failure(ErrorKind.PERMANENT).classification
    assert note_of(error) == ["not ours"]
    del error.__notes__[:]
    error.classification = Failure().classification
    note_of(error)
    error.classification = Failure(ErrorKind.PERMANENT).classification
    assert note_of(error) == []
    assert (info_of(error).reason, info_of(error).attempts) == (StopReason.PERMANENT, 1)


@pytest.mark.parametrize("hooks", [(), (ignore,)])
def test_a_permanent_failure_has_the_same_record_with_hooks_and_without(
    hooks: tuple[Callable[[GiveUpEvent], None], ...],
) -> None:
    time, error = FakeTime(now=512.0), Failure(ErrorKind.PERMANENT)
    with pytest.raises(Failure):
        time.policy(PROMPT).with_(on_giveup=hooks).call(None, Script(time, error, takes=0.25))
    assert info_of(error)[:5] == (1, 0.25, 0.0, StopReason.PERMANENT, error.classification)


@dataclass(frozen=True)
class Frozen(Exception):
    classification: object = None


def test_an_error_that_takes_no_attributes_has_a_record() -> None:
    error = Frozen()
    with pytest.raises(FrozenInstanceError):
        error.x = 1  # type: ignore[attr-defined] # as the test says
    error.__dict__["__notes__"] = "no list"
    policy = RetryPolicy(classifier=lambda _: Failure().classification, max_attempts=1)
    with pytest.raises(Frozen):
        policy.call(None, Script(FakeTime(), error))
    assert info_of(error).reason is StopReason.ATTEMPTS
    assert error.__dict__["__notes__"] == "no list"


def test_an_error_without_a_policy_has_no_record() -> None:
    assert retry_info(ValueError()) is None
