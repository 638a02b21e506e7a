"""Asynchronous calls under a policy, with the decisions of a FailingCall.

Imported by the first such call: other programs need no asyncio, whose import takes time.
"""

import asyncio
from collections.abc import Awaitable, Callable

from retry_policies.classification import Classification, ErrorKind
from retry_policies.deadline import Deadline
from retry_policies.failing_call import FailingCall
from retry_policies.further_attempts import pauses
from retry_policies.parameters import PolicyParameters

CANCELLED = Classification(ErrorKind.PERMANENT, code="cancelled")
"""An error that an attempt raised while its task was being cancelled. Another attempt would undo the cancellation."""


async def call_async[T](policy: PolicyParameters, deadline: Deadline | None, fn: Callable[[], Awaitable[T]]) -> T:
    """Return the result of fn's awaitable, under this policy. A cancellation is no Exception: it passes at once."""
    call = AsyncCall(FailingCall.begin_async(policy, deadline), fn)
    outcome = await call.attempt()
    if outcome is None:
        return await call.retry()
    if policy.budget is not None:
        policy.budget.on_success()
    return outcome[0]


class AsyncCall[T]:
    """A call and the task that makes it."""

    def __init__(self, failing: FailingCall, fn: Callable[[], Awaitable[T]]) -> None:
        self._failing = failing
        self._fn = fn
        self._task = asyncio.current_task()
        self._cancelled_before = self._cancellations()

    async def attempt(self) -> tuple[T] | None:
        """Return (value,), or None for a failure, which is then in the failing call."""
        failing = self._failing
        try:
            return (await self._fn(),)
        except Exception as error:  # noqa: BLE001 - `retry` raises the last one
            is_cancelled = self._cancellations() > self._cancelled_before
            failing.fail(error, CANCELLED if is_cancelled else failing.classify(error))
        return None

    async def retry(self) -> T:
        """Make the further attempts. Return fn's value or raise the last failure."""
        for pause in pauses(self._failing):
            await self._sleep(pause)
            if not self._failing.start_attempt():
                break
            if (outcome := await self.attempt()) is not None:
                self._failing.recover()
                return outcome[0]
        raise self._failing.take_failure()

    async def _sleep(self, seconds: float) -> None:
        try:
            await (self._failing.policy.async_sleep or asyncio.sleep)(seconds)
        except BaseException:
            self._failing.give_back_token()
            raise

    def _cancellations(self) -> int:
        return 0 if self._task is None else self._task.cancelling()
