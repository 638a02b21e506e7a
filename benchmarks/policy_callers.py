"""A function under our policies, a hand-written loop and other libraries, with the same attempts and no pause."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import backoff
import opnieuw
import pyresilience
import stamina
import tenacity

from retry_policies import Classification, Deadline, ErrorKind, RetryPolicy

ATTEMPTS = 4
LOOP = "hand-written loop"
OURS = ("retry_policies, call", "retry_policies, decorator")
HOOKED = "retry_policies, with hooks"
LIBRARIES = ("tenacity", "stamina")
"""The libraries that a bound compares with ours."""

type Caller = Callable[[], int]


class TransientError(Exception):
    pass


class PermanentError(Exception):
    pass


def succeed() -> int:
    return 1


def fail() -> int:
    raise PermanentError


results = itertools.cycle((False, True))


def fail_then_succeed() -> int:
    if next(results):
        return 1
    raise TransientError


def no_sleep(_seconds: float) -> None:
    pass


def ignore(_event: object) -> None:
    pass


def hand_loop(fn: Caller) -> int:
    """Repeat fn as a hand-written loop does: without deadline, Retry-After, budget or a record of the give-up."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return fn()
        except Exception as error:
            if not isinstance(error, TransientError) or attempt == ATTEMPTS:
                raise
            no_sleep(random.uniform(0, min(4.0, 0.5 * 2 ** (attempt - 1))))  # noqa: S311 - a pause, not a secret
    raise AssertionError


def classify(error: BaseException) -> Classification | None:
    return TRANSIENT if isinstance(error, TransientError) else None


TRANSIENT = Classification(ErrorKind.TRANSIENT)


@contextmanager
def without_pauses() -> Iterator[None]:
    """Let no library sleep: a sleep of 0 s is a call of the kernel, and it may give the processor to others."""
    with patch.object(time, "sleep", no_sleep):
        yield


def callers(fn: Caller) -> dict[str, Caller]:
    """Return fn under each of them. All classify an error by its type."""
    policy = RetryPolicy(classifier=classify, max_attempts=ATTEMPTS, sleep=no_sleep, on_retry=())
    hooked = policy.with_(on_retry=(ignore,), on_recovery=(ignore,), on_giveup=(ignore,))
    deadline = Deadline.after(3600)
    return {
        "bare call": fn,
        LOOP: lambda: hand_loop(fn),
        OURS[0]: lambda: policy.call(deadline, fn),
        OURS[1]: policy(fn),
        HOOKED: lambda: hooked.call(deadline, fn),
        "tenacity": _by_tenacity(fn),
        "stamina": _by_stamina(fn),
        "backoff": backoff.on_exception(backoff.constant, TransientError, max_tries=ATTEMPTS, interval=0, jitter=None)(
            fn
        ),
        "opnieuw": opnieuw.retry(
            retry_on_exceptions=TransientError, max_calls_total=ATTEMPTS, retry_window_after_first_call_in_seconds=60
        )(fn),
        "pyresilience": pyresilience.resilient(
            retry=pyresilience.RetryConfig(ATTEMPTS, delay=0, jitter=False, retry_on=(TransientError,))
        )(fn),
    }


def _by_tenacity(fn: Caller) -> Caller:
    stop, wait = tenacity.stop_after_attempt(ATTEMPTS), tenacity.wait_random_exponential(0.5, max=4.0)
    retry = tenacity.retry_if_exception_type(TransientError)
    return tenacity.Retrying(stop=stop, wait=wait, retry=retry, sleep=no_sleep, reraise=True).wraps(fn)


def _by_stamina(fn: Caller) -> Caller:
    stamina.instrumentation.set_on_retry_hooks([])  # its logging is not measured
    return stamina.retry(on=TransientError, attempts=ATTEMPTS, wait_initial=0, wait_max=0, wait_jitter=0)(fn)
