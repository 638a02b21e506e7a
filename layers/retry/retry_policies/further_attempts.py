"""The attempts after a failed first one: tenacity's loop, with the decisions of a FailingCall.

One `Retrying` serves all calls: to build one for each failure would cost more than all else. tenacity keeps its own
state for each thread, so nothing that may call a policy again may run before its last two actions, `before_sleep` and
`retry_error_callback`. tenacity sees no error: it would take fn's TryAgain for its own.
"""

from collections.abc import Callable, Iterator

import tenacity

from retry_policies.failing_call import FailingCall


def _failing(state: tenacity.RetryCallState) -> FailingCall:
    failing: FailingCall = state.args[0]
    return failing


RETRYING = tenacity.Retrying(
    retry=lambda state: _failing(state).repeats,
    wait=lambda state: _failing(state).pause(),
    stop=lambda state: _failing(state).must_stop(state.upcoming_sleep),
    before_sleep=lambda state: _failing(state).start_pause(state.upcoming_sleep),
    retry_error_callback=lambda state: _failing(state).stop(),
)
FAILED = tenacity.Future.construct(1, None, has_exception=False)
"""The outcome that tenacity gets for every attempt."""


def pauses(failing: FailingCall) -> Iterator[float]:
    """Yield the pause before each further attempt, for as long as tenacity allows one."""
    RETRYING.begin()
    state = tenacity.RetryCallState(RETRYING, None, (failing,), {})
    state.outcome = FAILED
    while isinstance(pause := RETRYING.iter(state), tenacity.DoSleep):
        yield pause


def retry[T](failing: FailingCall, fn: Callable[[], T]) -> T:
    """Make the further attempts. Return fn's value or raise the last failure."""
    for pause in pauses(failing):
        try:
            failing.policy.sleep(pause)
        except BaseException:
            failing.give_back_token()
            raise
        if not failing.start_attempt():
            break
        try:
            value = fn()
        except Exception as error:  # noqa: BLE001 - the last one is raised below
            failing.fail(error, failing.classify(error))
        else:
            failing.recover()
            return value
    raise failing.take_failure()
