"""RetryPolicy: a plain first attempt, then tenacity. No other module imports tenacity."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps

import tenacity

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
            is_plain = classification.kind is ErrorKind.PERMANENT and not self.on_giveup
            if is_plain and record_permanent(error, start_number, clock() - started, classification):
                raise
            failing = FailingCall(self, clock, started, ends, start_number)
            if not failing.may_repeat(error, classification):
                raise
            failing.failure = error
        else:
            if self.budget is not None:
                self.budget.on_success()
            return value
        return self._retry(failing, partial(fn, *args, **kwargs))

    def __call__[**P, T](self, fn: Callable[P, T]) -> Callable[P, T]:
        """Decorate fn: each call goes through this policy, within `timeout`."""
        if (late := late_function(fn)) is not None:
            raise TypeError(f"{name_of(late)} does its work after it has returned: a policy would see no failure")

        @wraps(fn)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if args or kwargs:
                return self.call(None, fn, *args, **kwargs)
            return self.call(None, fn)  # type: ignore[call-arg] # cheaper, as above

        return call

    def _retry[T](self, failing: FailingCall, fn: Callable[[], T]) -> T:
        """Make the further attempts. Return fn's value or raise the last failure.

        tenacity sees a failed attempt as a result. If it saw the error, it would take fn's TryAgain for its own, and
        keep the error alive in a reference cycle.
        """
        outcome: tuple[T] | None = tenacity.Retrying(
            retry=lambda _: failing.repeats,
            wait=lambda _: failing.pause(),
            stop=lambda state: failing.must_stop(state.upcoming_sleep),
            before_sleep=lambda state: failing.start_pause(state.upcoming_sleep),
            retry_error_callback=lambda _: None,
            sleep=self.sleep,
        )(self._attempt, failing, fn)
        if outcome is None:
            raise failing.take_failure()
        failing.recover()
        return outcome[0]

    def _attempt[T](self, failing: FailingCall, fn: Callable[[], T]) -> tuple[T] | None:
        """Return (value,), or None for a failure, which is then in `failing`."""
        if not failing.has_paused:
            return None  # tenacity's first attempt is ours, which has failed
        if not failing.start_attempt():
            return None
        try:
            return (fn(),)
        except Exception as error:  # noqa: BLE001 - _retry raises the last one
            failing.repeats = failing.may_repeat(error, classify_safely(self.classifier, error))
            failing.failure = error
        return None
