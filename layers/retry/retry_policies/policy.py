"""RetryPolicy: how often, how long, on which kinds of error. The only importer of tenacity."""

import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Self

import tenacity

from retry_policies.backoff import Uniform, backoff_window, full_jitter
from retry_policies.classification import Classification, Classifier, ErrorKind
from retry_policies.deadline import Clock, Deadline
from retry_policies.events import GiveUpEvent, RetryEvent, StopReason, log_giveup, log_retry
from retry_policies.http import classify_http

logger = logging.getLogger("retry_policies")

UNKNOWN = Classification(ErrorKind.PERMANENT, code="unknown")
"""An error no classifier knows is a bug of ours: it must surface at once."""


@dataclass(frozen=True, slots=True)
class RetryInfo:
    """What became of a call that was given up; carried by the exception it raised (see retry_info)."""

    attempts: int
    elapsed: float
    slept: float
    reason: StopReason
    classification: Classification


def retry_info(error: BaseException) -> RetryInfo | None:
    """The RetryInfo of an exception that a policy gave up on, else None."""
    info = getattr(error, "retry_info", None)
    return info if isinstance(info, RetryInfo) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Immutable and shared freely between threads; all lengths in seconds.

    pause before retry n = Retry-After + U(0, min(max_backoff, initial * backoff_multiplier^(n - 1)))
    """

    classifier: Classifier = classify_http
    max_attempts: int = 4
    """Counting the first."""
    initial_backoff: float = 0.5
    throttling_backoff: float = 1.0
    """Takes the place of initial_backoff after a throttled attempt."""
    backoff_multiplier: float = 2.0
    max_backoff: float = 4.0
    """Below AWS's 20 s: a function is billed while it sleeps, a queue waits free of charge."""
    max_pause: float = 5.0
    """The longest pause slept in the process, Retry-After and jitter included: a longer one is handed on."""
    timeout: float = 10.0
    """The whole call, where no deadline is given."""
    min_attempt_time: float = 0.5
    """No attempt starts with less time than this before the deadline."""
    repeatable: bool = False
    """Whether the call may be repeated although it may have taken effect."""
    repeat_unanswered: bool = True
    """Whether a repeatable call is repeated also when no answer came at all."""
    name: str = ""
    on_retry: tuple[Callable[[RetryEvent], None], ...] = (log_retry,)
    on_giveup: tuple[Callable[[GiveUpEvent], None], ...] = (log_giveup,)
    clock: Clock = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    uniform: Uniform = field(default=random.uniform, repr=False)

    def __post_init__(self) -> None:
        """ValueError that names the field for a policy that could not work."""
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, counting the first, not {self.max_attempts}")
        for name in ("initial_backoff", "throttling_backoff", "max_backoff", "max_pause", "min_attempt_time"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")
        if self.backoff_multiplier < 1:
            raise ValueError(f"backoff_multiplier must be at least 1, not {self.backoff_multiplier}")
        if self.max_backoff > self.max_pause:
            raise ValueError(f"max_backoff must be at most max_pause ({self.max_pause}), not {self.max_backoff}")

    def with_(self, **changes: Any) -> Self:  # noqa: ANN401 - each field has its own type
        """This policy with some fields changed."""
        return replace(self, **changes)

    def call[**P, T](self, deadline: Deadline | None, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """fn(*args, **kwargs), repeated while that can help and every wait ends before the deadline.

        Raises the last attempt's own exception, which then carries retry_info.
        """
        started = self.clock()
        try:
            return fn(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - re-raised by tenacity unless an attempt succeeds
            first = error
        call = _Call(self, deadline or Deadline(started + self.timeout, self.clock), started, first)

        def attempt() -> T:
            if (pending := call.take_first()) is not None:
                raise pending
            return fn(*args, **kwargs)

        retrying = tenacity.Retrying(
            retry=call.may_repeat,
            wait=call.pause,
            stop=call.must_stop,
            sleep=self.sleep,
            before_sleep=call.announce,
            reraise=True,
        )
        return retrying(attempt)

    def __call__[**P, T](self, fn: Callable[P, T]) -> Callable[P, T]:
        """Decorator: each call of fn goes through this policy, within `timeout`."""

        @wraps(fn)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            return self.call(None, fn, *args, **kwargs)

        return call


class _Call:
    """One failing call: the four strategies tenacity asks, in its order (retry, wait, stop, before_sleep)."""

    __slots__ = ("deadline", "first", "policy", "slept", "started", "verdict")

    def __init__(self, policy: RetryPolicy, deadline: Deadline, started: float, first: Exception) -> None:
        self.policy = policy
        self.deadline = deadline
        self.started = started
        self.first: Exception | None = first
        self.slept = 0.0
        self.verdict = UNKNOWN

    def take_first(self) -> Exception | None:
        first, self.first = self.first, None
        return first

    def may_repeat(self, state: tenacity.RetryCallState) -> bool:
        error = _error(state)
        if error is None or not isinstance(error, Exception):
            return False
        self.verdict = self.policy.classifier(error) or UNKNOWN
        if self.verdict.kind is ErrorKind.PERMANENT:
            return self.give_up(state, StopReason.PERMANENT)
        if self.verdict.kind is ErrorKind.AMBIGUOUS and not self.may_repeat_ambiguous():
            return self.give_up(state, StopReason.AMBIGUOUS)
        return True

    def may_repeat_ambiguous(self) -> bool:
        return self.policy.repeatable and (self.verdict.answered or self.policy.repeat_unanswered)

    def pause(self, state: tenacity.RetryCallState) -> float:
        policy, verdict = self.policy, self.verdict
        throttled = verdict.kind is ErrorKind.THROTTLED
        window = backoff_window(
            state.attempt_number,
            initial=policy.throttling_backoff if throttled else policy.initial_backoff,
            multiplier=policy.backoff_multiplier,
            cap=policy.max_backoff,
        )
        return full_jitter(window, at_least=verdict.retry_after or 0.0, uniform=policy.uniform)

    def must_stop(self, state: tenacity.RetryCallState) -> bool:
        reason = self.stop_reason(state)
        return reason is not None and not self.give_up(state, reason)

    def stop_reason(self, state: tenacity.RetryCallState) -> StopReason | None:
        policy, asked = self.policy, self.verdict.retry_after or 0.0
        if state.attempt_number >= policy.max_attempts:
            return StopReason.ATTEMPTS
        if state.upcoming_sleep > policy.max_pause:
            return StopReason.RETRY_AFTER
        spare = self.deadline.remaining() - policy.min_attempt_time
        if state.upcoming_sleep > spare:
            return StopReason.RETRY_AFTER if asked > spare else StopReason.DEADLINE
        return None

    def announce(self, state: tenacity.RetryCallState) -> None:
        wait = state.upcoming_sleep
        self.slept += wait
        policy, verdict = self.policy, self.verdict
        remaining = self.deadline.remaining()
        _tell(
            policy.on_retry,
            RetryEvent(policy.name, state.attempt_number, wait, verdict.kind, verdict.code, remaining),
        )

    def give_up(self, state: tenacity.RetryCallState, reason: StopReason) -> bool:
        """Annotate the error and tell; False, so that `return self.give_up(...)` reads as «no»."""
        policy, verdict, attempts = self.policy, self.verdict, state.attempt_number
        info = RetryInfo(attempts, policy.clock() - self.started, self.slept, reason, verdict)
        error = _error(state)
        with suppress(Exception):  # an exception with slots, or a frozen one, goes without
            error.retry_info = info  # type: ignore[union-attr] # any exception may carry it
        remaining = self.deadline.remaining()
        _tell(policy.on_giveup, GiveUpEvent(policy.name, attempts, reason, verdict.kind, verdict.code, remaining))
        return False


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome is not None else None


def _tell[E](hooks: tuple[Callable[[E], None], ...], event: E) -> None:
    for hook in hooks:
        try:
            hook(event)
        except Exception:
            logger.exception("a hook raised")
