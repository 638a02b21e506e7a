"""The attempts after a failed first one: tenacity's loop, with the decisions of a FailingCall.

tenacity sees a failed attempt as a result. If it saw the error, it would take fn's TryAgain for its own, and keep the
error alive in a reference cycle.
"""

from collections.abc import Callable
from typing import TypedDict

import tenacity

from retry_policies.failing_call import FailingCall

type State = tenacity.RetryCallState


class Strategies(TypedDict):
    """The arguments that tenacity.Retrying and tenacity.AsyncRetrying have in common."""

    retry: Callable[[State], bool]
    wait: Callable[[State], float]
    stop: Callable[[State], bool]
    before_sleep: Callable[[State], None]
    retry_error_callback: Callable[[State], None]


def strategies(failing: FailingCall) -> Strategies:
    """Let the failing call decide whether and when another attempt follows."""
    return {
        "retry": lambda _: failing.repeats,
        "wait": lambda _: failing.pause(),
        "stop": lambda state: failing.must_stop(state.upcoming_sleep),
        "before_sleep": lambda state: failing.start_pause(state.upcoming_sleep),
        "retry_error_callback": lambda _: None,
    }


def retry[T](failing: FailingCall, fn: Callable[[], T]) -> T:
    """Make the further attempts. Return fn's value or raise the last failure."""
    retrying = tenacity.Retrying(**strategies(failing), sleep=failing.policy.sleep)
    outcome: tuple[T] | None = retrying(_attempt, failing, fn)
    return value_of(failing, outcome)


def value_of[T](failing: FailingCall, outcome: tuple[T] | None) -> T:
    """Return the value of the last attempt, or raise its failure."""
    if outcome is None:
        raise failing.take_failure()
    failing.recover()
    return outcome[0]


def _attempt[T](failing: FailingCall, fn: Callable[[], T]) -> tuple[T] | None:
    """Return (value,), or None for a failure, which is then in `failing`."""
    if not failing.start_attempt():
        return None
    try:
        return (fn(),)
    except Exception as error:  # noqa: BLE001 - value_of raises the last one
        failing.fail(error, failing.classify(error))
    return None
