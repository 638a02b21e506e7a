"""RetryPolicy: the first attempt bare, tenacity after a failure that may pass. The only importer of tenacity."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps

import tenacity

from retry_policies.classification import Classification, ErrorKind
from retry_policies.deadline import Deadline
from retry_policies.events import logger
from retry_policies.failing_call import FailingCall
from retry_policies.info import NUMBERS, annotate_permanent
from retry_policies.parameters import PolicyParameters

UNKNOWN = Classification(ErrorKind.PERMANENT, code="unknown")
"""An error no classifier knows is a bug of ours: it must surface at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy(PolicyParameters):
    """Immutable and shared freely between threads: what belongs to one call lives in a FailingCall."""

    def call[**P, T](self, deadline: Deadline | None, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """fn(*args, **kwargs), repeated while that can help and every wait ends before the deadline.

        Raises the last attempt's own exception, which then carries retry_info; DeadlineExceeded if none had time.
        """
        clock = self.clock if deadline is None else deadline.clock
        started = clock()
        ends = started + self.timeout if deadline is None else deadline.at
        began = next(NUMBERS)
        if deadline is not None and ends - started < self.min_attempt_time:
            raise FailingCall(self, clock, started, ends, began).too_late()
        try:
            value = fn(*args, **kwargs) if args or kwargs else fn()  # type: ignore[call-arg] # nothing to pass: a plain call is cheaper
        except Exception as error:
            verdict = self.judge(error)
            is_plain = verdict.kind is ErrorKind.PERMANENT and not self.on_giveup
            if is_plain and annotate_permanent(error, began, clock() - started, verdict):
                raise
            failing = FailingCall(self, clock, started, ends, began)
            if not failing.may_repeat(error, verdict):
                raise
            failing.failure = error
        else:
            if self.budget is not None:
                self.budget.on_success()
            return value
        return self._repeat(failing, partial(fn, *args, **kwargs))

    def __call__[**P, T](self, fn: Callable[P, T]) -> Callable[P, T]:
        """Decorator: each call of fn goes through this policy, within `timeout`."""
        if inspect.iscoroutinefunction(fn) or inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
            raise TypeError(f"{fn.__qualname__} does its work after it has returned: a policy would see no failure")

        @wraps(fn)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if args or kwargs:
                return self.call(None, fn, *args, **kwargs)
            return self.call(None, fn)  # type: ignore[call-arg] # nothing to pass: a plain call is cheaper

        return call

    def judge(self, error: Exception) -> Classification:
        """The error's classification, whatever the classifier does."""
        try:
            judged: object = self.classifier(error)
        except Exception as problem:  # noqa: BLE001 - a bug in a classifier must not hide what happened
            _report("a classifier raised", problem)
            return UNKNOWN
        if judged is None:
            return UNKNOWN
        if isinstance(judged, Classification):
            return judged
        _report("a classifier gave no classification", judged)
        return UNKNOWN

    def tell[E](self, hooks: tuple[Callable[[E], None], ...], event: E) -> None:
        """Call each hook; one that raises changes nothing."""
        for hook in hooks:
            try:
                hook(event)
            except Exception as problem:  # noqa: BLE001 - telemetry must not fail the call
                _report("a hook raised", problem)

    def _repeat[T](self, failing: FailingCall, fn: Callable[[], T]) -> T:
        """Have tenacity do the rest; return or raise what comes of it.

        Failures pass through tenacity as results: a TryAgain of fn's would be taken for tenacity's own, and the last
        error would be kept alive in a reference cycle.
        """
        outcome: tuple[T] | None = tenacity.Retrying(
            retry=lambda _: failing.again,
            wait=lambda _: failing.pause(),
            stop=lambda state: failing.must_stop(state.upcoming_sleep),
            before_sleep=lambda state: failing.announce(state.upcoming_sleep),
            retry_error_callback=lambda _: None,
            sleep=self.sleep,
        )(self._attempt, failing, fn)
        if outcome is None:
            raise failing.take_failure()
        failing.recover()
        return outcome[0]

    def _attempt[T](self, failing: FailingCall, fn: Callable[[], T]) -> tuple[T] | None:
        """(value,), or None for a failure, which then stands in `failing`."""
        if not failing.has_paused:
            return None  # tenacity's first attempt: the failure is known
        if not failing.begin_attempt():
            return None
        try:
            return (fn(),)
        except Exception as error:  # noqa: BLE001 - raised by _repeat, unless another attempt succeeds
            failing.again = failing.may_repeat(error, self.judge(error))
            failing.failure = error
        return None


def _report(message: str, problem: object) -> None:
    """Without its traceback, which would show the call's own error, and that one its URL."""
    logger.error(message, extra={"error": type(problem).__name__})
