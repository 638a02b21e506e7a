import asyncio
import dataclasses
import gc
import subprocess
import sys
import weakref
from collections.abc import Callable, Coroutine
from contextlib import suppress
from inspect import iscoroutinefunction
from typing import ClassVar

import pytest
import tenacity
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import Classification, Deadline, ErrorKind, RetryBudget, RetryPolicy, StopReason, retry_info
from retry_policies.testing import FakeTime, Script
from tests.support.steps.callers import BOTH, Caller
from tests.support.steps.failing import FOUR, Failure, Scenario, classify, failures, info_of, policies, scenarios

INTERRUPTS = [KeyboardInterrupt, SystemExit, GeneratorExit]


@pytest.mark.parametrize(
    ("args", "kwargs"), [((), {}), ((1,), {}), ((), {"a": 1}), ((1,), {"deadline": "mine", "fn": 2, "self": 3})]
)
def test_every_attempt_gets_the_arguments(args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    time = FakeTime()
    called, decorated = (Script(time, Failure(), "done") for _ in range(2))
    assert time.policy(FOUR).call(None, called, *args, **kwargs) == "done"
    assert called.calls == [(args, kwargs)] * 2

    def function(*args: object, **kwargs: object) -> object:
        return decorated(*args, **kwargs)

    assert time.policy(FOUR)(function)(*args, **kwargs) == "done"
    assert decorated.calls == [(args, kwargs)] * 2


@BOTH
def test_without_a_deadline_the_timeout_counts_from_the_call(caller: Caller) -> None:
    time, error = FakeTime(now=512.0), Failure()
    with pytest.raises(Failure):
        caller(time.policy(FOUR.with_(timeout=2.0)), None, Script(time, *[error] * 4, takes=0.25))
    info = info_of(error)
    assert (info.attempts, info.reason, info.elapsed, info.slept) == (2, StopReason.DEADLINE, 1.0, 0.5)


def test_the_clock_of_the_deadline_is_the_one_that_counts() -> None:
    time, other = FakeTime(now=1000.0), FakeTime(now=5.0)
    policy = time.policy(FOUR)
    assert policy.call(Deadline.after(10, clock=other.clock), Script(other, Failure(), "done")) == "done"


@BOTH
@given(st.sampled_from([*INTERRUPTS, TypeError]), st.integers(0, 3), policies)
def test_an_unknown_error_passes_at_once(
    caller: Caller, error: type[BaseException], before: int, policy: RetryPolicy
) -> None:
    run = Scenario([(0.0, Failure())] * before + [(0.0, error())], seconds=1e6).run(
        policy.with_(max_attempts=4), caller
    )
    assert run.attempts == before + 1
    assert isinstance(run.error, error)
    assert run.error is run.raised[-1]


@BOTH
@given(st.sampled_from(INTERRUPTS), st.integers(0, 3))
def test_an_interrupt_passes_at_once_whatever_a_classifier_would_say(
    caller: Caller, error: type[BaseException], before: int
) -> None:
    eager = RetryPolicy(classifier=lambda _: Classification(ErrorKind.TRANSIENT), max_attempts=9)
    run = Scenario([(0.0, Failure())] * before + [(0.0, error())], seconds=1e6).run(eager, caller)
    assert run.attempts == before + 1
    assert isinstance(run.error, error)
    assert retry_info(run.error) is None


@pytest.mark.parametrize("reading", range(1, 9))
def test_an_interrupt_while_the_clock_is_read_ends_the_call(reading: int) -> None:
    time = FakeTime()
    readings = 0

    def clock() -> float:
        nonlocal readings
        readings += 1
        if readings == reading:
            raise KeyboardInterrupt
        return time.clock()

    def fail() -> None:
        assert readings < reading, "an attempt after the interrupt"
        raise ConnectionRefusedError

    with pytest.raises(KeyboardInterrupt):
        RetryPolicy(clock=clock, sleep=time.sleep).call(None, fail)


@BOTH
@settings(max_examples=400, deadline=None)
@given(policies, st.lists(failures, min_size=1, max_size=8), st.integers())
def test_the_error_raised_is_the_last_attempts_own_with_the_facts(
    caller: Caller, policy: RetryPolicy, errors: list[Failure], seed: int
) -> None:
    cause = ValueError("the cause")
    for failure in errors:
        failure.__cause__ = cause
    args = [failure.args for failure in errors]
    run = Scenario([(0.1, error) for error in [*errors, *errors[-1:] * 9]], seed).run(policy, caller)
    assert run.error is run.raised[-1]
    (error,) = [failure for failure in errors if failure is run.error]
    assert (type(error), error.args) == (Failure, args[errors.index(error)])
    assert (error.__cause__, error.__context__) == (cause, None)
    assert run.info.attempts == run.attempts
    assert run.info.slept == pytest.approx(sum(run.pauses))
    assert run.info.elapsed == pytest.approx(sum(run.pauses) + 0.1 * run.attempts)
    assert (run.info.kind, run.info.code) == (error.kind, "scripted")
    assert isinstance(run.info.reason, StopReason)


@BOTH
@pytest.mark.parametrize(
    "value", [None, False, 0, "", ValueError("a value"), (), tenacity.DoAttempt(), tenacity.DoSleep(1.0)]
)
@pytest.mark.parametrize("failed", range(4))
def test_a_success_returns_the_value_itself_however_late(caller: Caller, value: object, failed: int) -> None:
    run = Scenario([(0.0, Failure())] * failed + [(0.0, value)]).run(FOUR, caller)
    assert (run.error, run.attempts) == (None, failed + 1)
    assert run.result is value


def raising_hook(_event: object) -> None:
    raise RuntimeError("a hook that raises")


@BOTH
@settings(max_examples=200)
@given(policies, scenarios())
def test_reuse_copies_and_raising_hooks_change_nothing(caller: Caller, policy: RetryPolicy, scenario: Scenario) -> None:
    first = scenario.run(policy, caller)
    hooks = (raising_hook,)
    hooked = policy.with_(on_retry=hooks, on_recovery=hooks, on_giveup=hooks)
    for again in (policy, policy.with_(name="other"), dataclasses.replace(policy), hooked):
        assert scenario.run(again, caller) == first


@BOTH
@settings(max_examples=200)
@given(policies, scenarios(), scenarios())
def test_a_call_within_a_call_of_the_same_policy_does_not_affect_it(
    caller: Caller, policy: RetryPolicy, scenario: Scenario, other: Scenario
) -> None:
    alone = scenario.run(policy, caller)

    def call_again(_event: object) -> None:
        other.run(policy)

    hooks = (call_again,)
    assert scenario.run(policy.with_(on_retry=hooks, on_recovery=hooks, on_giveup=hooks), caller) == alone


def test_the_decorator_keeps_name_doc_and_method() -> None:
    class Client:
        @FOUR
        def read(self, number: int) -> int:
            """Read."""
            return number

        @FOUR
        async def fetch(self, number: int) -> int:
            """Fetch."""
            return number

    assert (Client.read.__name__, Client.read.__doc__) == ("read", "Read.")
    assert (Client.fetch.__name__, Client.fetch.__doc__) == ("fetch", "Fetch.")
    assert Client().read(number=3) == 3
    assert asyncio.run(Client().fetch(number=3)) == 3
    assert iscoroutinefunction(Client.fetch)


class ForbiddenLock:
    def __enter__(self) -> None:
        raise AssertionError("a lock was taken")

    def __exit__(self, *_: object) -> None:
        pass


def succeed() -> int:
    return 1


async def succeed_later() -> int:
    return 1


async def by_call(policy: RetryPolicy, deadline: Deadline, times: int) -> None:
    for _ in range(times):
        policy.call(deadline, succeed)


async def by_call_async(policy: RetryPolicy, deadline: Deadline, times: int) -> None:
    for _ in range(times):
        await policy.call_async(deadline, succeed_later)


@pytest.mark.parametrize("make", [by_call, by_call_async])
def test_a_success_leaves_no_memory_behind(
    make: Callable[[RetryPolicy, Deadline, int], Coroutine[object, object, None]],
) -> None:
    asyncio.run(leave_no_memory_behind(make))


async def leave_no_memory_behind(make: Callable[[RetryPolicy, Deadline, int], Coroutine[object, object, None]]) -> None:
    policy, deadline = RetryPolicy(budget=RetryBudget()), Deadline.after(3600)
    await make(policy, deadline, 1000)
    gc.collect()
    gc.freeze()  # what other tests hold and drop meanwhile does not count
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        await make(policy, deadline, 10_000)
        assert sys.getallocatedblocks() - before < 1000  # one block a call would be ten times that
        assert gc.collect() < 1000
    finally:
        gc.enable()
        gc.unfreeze()


@BOTH
def test_a_success_with_a_full_budget_takes_no_lock(caller: Caller) -> None:
    budget = RetryBudget()
    budget._lock = ForbiddenLock()  # type: ignore[assignment] # noqa: SLF001 - must not be used
    assert caller(RetryPolicy(budget=budget), None, succeed) == 1
    with pytest.raises(AssertionError, match="a lock was taken"):
        budget.take()


@BOTH
def test_a_success_uses_nothing_but_the_clock(caller: Caller) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError

    hooks = {"on_retry": (forbidden,), "on_recovery": (forbidden,), "on_giveup": (forbidden,)}
    clock = FakeTime().clock
    policy = RetryPolicy(clock=clock, sleep=forbidden, uniform=forbidden, classifier=forbidden, **hooks)  # type: ignore[arg-type] # they would raise
    assert caller(policy, None, succeed) == 1


class Tracked(Failure):
    references: ClassVar[list[weakref.ref[Failure]]] = []

    def __init__(self, kind: ErrorKind) -> None:
        super().__init__(kind)
        self.references.append(weakref.ref(self))


async def one_call(policy: RetryPolicy, attempt: Callable[[], None]) -> None:
    with suppress(Failure):
        policy.call(None, attempt)


async def one_async_call(policy: RetryPolicy, attempt: Callable[[], None]) -> None:
    async def attempt_later() -> None:
        attempt()

    with suppress(Failure):  # here: a task keeps its error
        await policy.call_async(None, attempt_later)


@pytest.mark.parametrize("failed", range(3))
@pytest.mark.parametrize("last", [ErrorKind.TRANSIENT, ErrorKind.PERMANENT, None])
@pytest.mark.parametrize("make", [one_call, one_async_call])
def test_no_error_outlives_its_call_in_a_reference_cycle(
    make: Callable[[RetryPolicy, Callable[[], None]], Coroutine[object, object, None]],
    last: ErrorKind | None,
    failed: int,
) -> None:
    policy = FakeTime().policy(RetryPolicy(classifier=classify, max_attempts=failed + 1))
    kinds = [*[ErrorKind.TRANSIENT] * failed, last]

    def attempt() -> None:
        if (kind := kinds.pop(0)) is not None:
            raise Tracked(kind)

    Tracked.references.clear()
    gc.collect()
    gc.disable()
    try:
        asyncio.run(make(policy, attempt))
        assert [error() for error in Tracked.references] == [None] * (failed + (last is not None))
    finally:
        gc.enable()


def test_the_package_imports_neither_requests_nor_boto3_nor_tenacity_before_a_retry() -> None:
    heavy = ("requests", "urllib3", "boto3", "botocore", "aws_lambda_powertools", "asyncio", "tenacity")
    code = f"""
import sys
import retry_policies.presets, retry_policies.slack_api, retry_policies.batch_calls, retry_policies.testing
from retry_policies.presets import AWS_READ, SLACK_WEBHOOK
AWS_READ.classifier(OSError()), SLACK_WEBHOOK.classifier(OSError())
sys.exit(",".join(name for name in {heavy} if name in sys.modules) or None)
"""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
