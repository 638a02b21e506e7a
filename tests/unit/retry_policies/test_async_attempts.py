"""Asynchronous calls. The invariants that both ways share are tested with tests.support.steps.callers.BOTH."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_policies import ErrorKind, GiveUpEvent, RetryBudget, RetryPolicy, StopReason, retry_info
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import FOUR, Failure, Scenario, info_of, policies, scenarios

EAGER = RetryPolicy(classifier=lambda _: Failure().classification, max_attempts=9, on_retry=())
"""Every error is transient, also a cancellation if it were classified."""


def later(fn: Callable[..., object]) -> Callable[..., Coroutine[object, object, object]]:
    """Return an asynchronous function that lets other tasks run, and then calls fn."""

    async def call(*args: object, **kwargs: object) -> object:
        await asyncio.sleep(0)
        return fn(*args, **kwargs)

    return call


@pytest.mark.parametrize(
    ("args", "kwargs"), [((), {}), ((1,), {"a": 1}), ((1,), {"deadline": "mine", "fn": 2, "self": 3})]
)
def test_every_attempt_gets_the_arguments(args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    time = FakeTime()
    script = Script(time, Failure(), "done", Failure(), "decorated")
    policy = time.policy(FOUR)
    assert asyncio.run(policy.call_async(None, later(script), *args, **kwargs)) == "done"
    assert asyncio.run(policy(later(script))(*args, **kwargs)) == "decorated"
    assert script.calls == [(args, kwargs)] * 4
    assert time.slept == [0.5, 0.5]


def test_an_awaitable_that_is_no_coroutine_is_awaited() -> None:
    async def main() -> object:
        time = FakeTime()

        def future() -> Awaitable[object]:
            return asyncio.create_task(later(script)())

        script = Script(time, Failure(), "done")
        return await time.policy(FOUR).call_async(None, future)

    assert asyncio.run(main()) == "done"


class Attempts:
    """An asynchronous function that waits until it is cancelled, and then raises an error or nothing of its own."""

    def __init__(self, instead: Exception | None = None) -> None:
        self.count = 0
        self.waiting = asyncio.Event()
        self._instead = instead

    async def __call__(self) -> None:
        self.count += 1
        self.waiting.set()
        if self._instead is not None and self.count > 1:
            return
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self._instead is not None:
                raise self._instead from None
            raise


def test_a_cancelled_attempt_ends_the_call_at_once_without_a_record() -> None:
    async def main() -> None:
        given_up = list[GiveUpEvent]()
        attempts = Attempts()
        task = asyncio.create_task(EAGER.with_(on_giveup=given_up.append).call_async(None, attempts))
        await attempts.waiting.wait()
        task.cancel("stop")
        with pytest.raises(asyncio.CancelledError) as raised:
            await task
        assert (attempts.count, task.cancelled(), given_up) == (1, True, [])
        assert raised.value.args == ("stop",)
        assert retry_info(raised.value) is None

    asyncio.run(main())


@settings(max_examples=400)
@given(policies, scenarios(), st.integers(0, 12))
def test_a_cancellation_at_any_step_ends_the_call_at_once(policy: RetryPolicy, scenario: Scenario, steps: int) -> None:
    async def main() -> None:
        time, budget = FakeTime(), RetryBudget(ratio=0.0, burst=10)
        outcomes = iter(scenario.outcomes)
        attempts = 0

        async def attempt() -> object:
            nonlocal attempts
            attempts += 1
            takes, outcome = next(outcomes)
            await asyncio.sleep(0)
            time.now += takes
            await asyncio.sleep(0)
            if isinstance(outcome, Failure):
                raise outcome
            return outcome

        limited = time.policy(policy).with_(budget=budget, on_retry=())
        task = asyncio.create_task(limited.call_async(time.deadline(scenario.seconds), attempt))
        for _ in range(steps):
            await asyncio.sleep(0)
        before = attempts
        was_running = task.cancel()
        await asyncio.wait([task])
        assert (task.cancelled(), attempts) == (was_running, before)
        assert budget.tokens == 10 - max(0, attempts - 1)

    asyncio.run(main())


def test_a_cancelled_later_attempt_ends_the_call_at_once() -> None:
    async def main() -> None:
        attempts = Attempts()

        async def attempt() -> None:
            if not failed:
                failed.append(True)
                raise Failure
            await attempts()

        failed: list[bool] = []
        task = asyncio.create_task(FakeTime().policy(EAGER).call_async(None, attempt))
        await attempts.waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (attempts.count, task.cancelled()) == (1, True)

    asyncio.run(main())


def test_a_cancelled_pause_ends_the_call_and_returns_its_token() -> None:
    async def main() -> None:
        pausing = asyncio.Event()

        async def sleep(_seconds: float) -> None:
            pausing.set()
            await asyncio.Event().wait()

        budget = RetryBudget(burst=1)
        script = Script(FakeTime(), Failure(), "never")
        policy = EAGER.with_(async_sleep=sleep, budget=budget)
        task = asyncio.create_task(policy.call_async(None, later(script)))
        await pausing.wait()
        assert budget.tokens == 0
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (len(script.calls), budget.tokens, task.cancelled()) == (1, 1, True)

    asyncio.run(main())


def test_an_attempt_that_turns_its_cancellation_into_an_error_is_not_repeated() -> None:
    async def main() -> None:
        error = Failure()
        attempts = Attempts(error)
        task = asyncio.create_task(FakeTime().policy(EAGER).call_async(None, attempts))
        await attempts.waiting.wait()
        task.cancel()
        with pytest.raises(Failure):
            await task
        info = info_of(error)
        assert (attempts.count, info.reason, info.code) == (1, StopReason.PERMANENT, "cancelled")

    asyncio.run(main())


def test_a_call_that_cleans_up_after_a_cancellation_is_repeated_as_ever() -> None:
    async def main() -> object:
        time = FakeTime()
        waiting = asyncio.Event()

        async def work() -> object:
            waiting.set()
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            return await time.policy(FOUR).call_async(None, later(Script(time, Failure(), "released")))

        task = asyncio.create_task(work())
        await waiting.wait()
        task.cancel()
        return await task

    assert asyncio.run(main()) == "released"


def test_a_timeout_within_an_attempt_is_a_failure_and_one_around_the_call_ends_it() -> None:
    async def main() -> None:
        time = FakeTime()
        attempts = Attempts()

        async def attempt() -> None:
            async with asyncio.timeout(0):
                await attempts()

        with pytest.raises(TimeoutError):
            await time.policy(EAGER.with_(max_attempts=3)).call_async(None, attempt)
        assert attempts.count == 3
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await time.policy(EAGER).call_async(None, attempts)
        assert attempts.count == 4

    asyncio.run(main())


def test_tasks_do_not_affect_each_other() -> None:
    """Of ten calls, one fails once, one twice and one permanently, while all others are under way."""
    budget = RetryBudget(1.0, 1000)
    policy = FakeTime().policy(FOUR).with_(budget=budget, timeout=1e9, on_retry=())

    async def one(number: int) -> object:
        outcomes = {1: [Failure()], 2: [Failure(), Failure()], 5: [Failure(ErrorKind.PERMANENT)]}.get(number % 10, [])
        return await policy.call_async(None, later(Script(FakeTime(), *outcomes, number)))

    async def main() -> list[object]:
        return await asyncio.gather(*map(one, range(2000)), return_exceptions=True)

    for number, result in enumerate(asyncio.run(main())):
        if number % 10 == 5:
            assert isinstance(result, Failure)
            info = info_of(result)
            assert (info.attempts, info.reason) == (1, StopReason.PERMANENT)
        else:
            assert result == number


def test_a_give_up_of_another_task_is_not_nested() -> None:
    async def main() -> None:
        async def attempt() -> None:
            with pytest.raises(Failure):
                await asyncio.create_task(
                    FOUR.call_async(None, later(Script(FakeTime(), Failure(ErrorKind.PERMANENT))))
                )
            raise error

        error = Failure()
        with pytest.raises(Failure):
            await FakeTime().policy(FOUR.with_(max_attempts=2)).call_async(None, attempt)
        assert (info_of(error).reason, info_of(error).attempts) == (StopReason.ATTEMPTS, 2)

    asyncio.run(main())


def test_without_an_event_loop_no_attempt_is_made() -> None:
    coroutine = FOUR.call_async(None, later(Script(FakeTime(), "done")))
    with pytest.raises(RuntimeError, match="no running event loop"):
        coroutine.send(None)


def test_the_pause_is_slept_by_asyncio_unless_the_policy_says_otherwise() -> None:
    async def main() -> object:
        policy = FOUR.with_(initial_backoff=0.0)
        return await policy.call_async(None, later(Script(FakeTime(), Failure(), "done")))

    assert asyncio.run(main()) == "done"
