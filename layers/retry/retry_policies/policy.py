"""RetryPolicy: a plain first attempt, then tenacity's loop."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial, wraps
from inspect import iscoroutinefunction
from types import CoroutineType

from retry_policies.call_state import report_permanent
from retry_policies.classification import ErrorKind, classify_safely
from retry_policies.deadline import Deadline
from retry_policies.failing_call import FailingCall
from retry_policies.info import NUMBERS, record_permanent
from retry_policies.late_work import late_function, name_of
from retry_policies.parameters import PolicyParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy(PolicyParameters):
    """Immutable and safe to share between threads: the state of a call is in its FailingCall."""

    def call[**P, T](self, deadline: Deadline | None, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return fn(*args, **kwargs); repeat it while that can help and every pause ends before the deadline.

        Raise the last attempt's own exception, with `retry_info`; DeadlineExceeded if there was no time for an attempt.
        """
        start_number = next(NUMBERS)
        if deadline is None:
            clock = self.clock
            started = clock()
            ends = started + self.timeout
        else:
            clock, ends = deadline.clock, deadline.at
            started = clock()
            if ends - started < self.min_attempt_time:
                raise FailingCall(self, clock, started, ends, start_number).too_late()
        try:
            value = fn(*args, **kwargs) if args or kwargs else fn()  # type: ignore[call-arg] # cheaper without arguments to unpack
        except Exception as error:
            classification = classify_safely(self.classifier, error)
            ended = clock()
            is_permanent = classification.kind is ErrorKind.PERMANENT
            if is_permanent and record_permanent(error, start_number, ended - started, classification):
                if self.on_giveup:
                    report_permanent(self, classification, ends - ended)
                raise
            failing = FailingCall(self, clock, started, ends, start_number)
            if not failing.may_repeat(error, classification):
                raise
            failing.failure = error
        else:
            if type(value) is CoroutineType:
                value.close()  # type: ignore[attr-defined] # mypy does not narrow T
                raise TypeError(f"{name_of(fn)} is asynchronous: use `await policy.call_async(...)`")
            if self.budget is not None:
                self.budget.on_success()
            return value
        from retry_policies.further_attempts import retry  # noqa: PLC0415 - a cold start needs no tenacity

        return retry(failing, partial(fn, *args, **kwargs))

    async def call_async[**P, T](
        self, deadline: Deadline | None, fn: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `call`, for an asynchronous fn: `await policy.call_async(deadline, fetch, url)`.

        A cancellation passes at once, in an attempt and in a pause.
        """
        from retry_policies.async_attempts import call_async  # noqa: PLC0415 - synchronous programs need no asyncio

        return await call_async(self, deadline, partial(fn, *args, **kwargs))

    def __call__[**P, T](self, fn: Callable[P, T]) -> Callable[P, T]:
        """Decorate fn, which may be asynchronous: each call goes through this policy, within `timeout`."""
        late = late_function(fn)
        if late is None:
            return self._decorate(fn)
        if not iscoroutinefunction(late):
            raise TypeError(f"{name_of(late)} does its work after it has returned: a policy would see no failure")

        @wraps(fn)
        async def call(*args: P.args, **kwargs: P.kwargs) -> object:
            return await self.call_async(None, fn, *args, **kwargs)  # type: ignore[arg-type] # T is a coroutine

        return call  # type: ignore[return-value] # the same coroutine as T

    def _decorate[**P, T](self, fn: Callable[P, T]) -> Callable[P, T]:
        @wraps(fn)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if args or kwargs:
                return self.call(None, fn, *args, **kwargs)
            return self.call(None, fn)  # type: ignore[call-arg] # cheaper, as above

        return call
