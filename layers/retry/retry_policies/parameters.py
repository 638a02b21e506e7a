"""The parameters of a retry policy."""

import math
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from inspect import iscoroutinefunction
from typing import Self, Unpack

from retry_policies.backoff import Uniform
from retry_policies.budget import RetryBudget
from retry_policies.changes import PolicyChanges
from retry_policies.classification import Classifier
from retry_policies.deadline import Clock
from retry_policies.events import GiveUpEvent, Hooks, RecoveryEvent, RetryEvent, hooks_of, log_retry
from retry_policies.http import classify_http
from retry_policies.late_work import late_function, name_of

LENGTHS = ("initial_backoff", "throttling_backoff", "max_backoff", "max_pause", "min_attempt_time")
"""The fields that must be finite lengths of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyParameters:
    """Immutable and validated; all lengths in seconds.

    pause before retry n = Retry-After + U(0, min(max_backoff, initial * backoff_multiplier^(n - 1)))
    """

    classifier: Classifier = classify_http
    max_attempts: int = 4
    """The first attempt included."""
    initial_backoff: float = 0.5
    throttling_backoff: float = 1.0
    """Replaces initial_backoff after a throttled attempt; the default is botocore's."""
    backoff_multiplier: float = 2.0
    max_backoff: float = 4.0
    """AWS's default is 20 s, but a function is billed while it sleeps; a queue waits free of charge."""
    max_pause: float = 5.0
    """The longest pause slept in the process, Retry-After and jitter included. A longer one stops the call."""
    timeout: float = 10.0
    """For the whole call, if no deadline is given."""
    min_attempt_time: float = 0.5
    """No attempt starts with less time than this before the deadline."""
    repeatable: bool = False
    """Whether the call may be repeated although it may have taken effect."""
    repeat_unanswered: bool = True
    """Whether a repeatable call is also repeated after no answer."""
    budget: RetryBudget | None = None
    name: str = ""
    """The policy's name in logs and metrics."""
    on_retry: Hooks[RetryEvent] = log_retry
    """One hook or a tuple of them; () is silent."""
    on_recovery: Hooks[RecoveryEvent] = ()
    on_giveup: Hooks[GiveUpEvent] = ()
    clock: Clock = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    async_sleep: Callable[[float], Awaitable[None]] | None = field(default=None, repr=False)
    """asyncio.sleep if None."""
    uniform: Uniform = field(default=random.uniform, repr=False)

    def __post_init__(self) -> None:
        """Raise TypeError or ValueError, with the name of the field."""
        self._check_types()
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, counting the first, not {self.max_attempts}")
        for name in LENGTHS:
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be a number of seconds of at least 0, not {getattr(self, name)}")
        if not 1 <= self.backoff_multiplier < math.inf:
            raise ValueError(f"backoff_multiplier must be at least 1, not {self.backoff_multiplier}")
        if self.max_backoff > self.max_pause:
            raise ValueError(f"max_backoff must be at most max_pause ({self.max_pause}), not {self.max_backoff}")
        if not self.timeout >= self.min_attempt_time:
            raise ValueError(f"timeout must be at least min_attempt_time ({self.min_attempt_time}), not {self.timeout}")

    def _check_types(self) -> None:
        """Check them now: a TypeError in the middle of a call would hide the call's own error."""
        for name in ("classifier", "clock", "sleep", "uniform"):
            if not callable(getattr(self, name)):
                raise TypeError(f"{name} must be a function, not {getattr(self, name)!r}")
            _check_work(name, getattr(self, name))
        if self.async_sleep is not None and not iscoroutinefunction(late_function(self.async_sleep)):
            raise TypeError(f"async_sleep must be a coroutine function or None, not {self.async_sleep!r}")
        for name in ("on_retry", "on_recovery", "on_giveup"):
            self._check_hooks(name)
        if not isinstance(self.max_attempts, int):
            raise TypeError(f"max_attempts must be a whole number, not {self.max_attempts!r}")
        for name in (*LENGTHS, "backoff_multiplier", "timeout"):
            if not isinstance(getattr(self, name), int | float):
                raise TypeError(f"{name} must be a number, not {getattr(self, name)!r}")
        if not isinstance(self.budget, RetryBudget | None):
            raise TypeError(f"budget must be a RetryBudget or None, not {self.budget!r}")

    def _check_hooks(self, name: str) -> None:
        """Check the hooks, and make them a tuple: an object that is a hook may be false."""
        hooks = hooks_of(getattr(self, name))
        if not all(map(callable, hooks)):
            raise TypeError(f"{name} must be a function or a tuple of functions, not {getattr(self, name)!r}")
        for hook in hooks:
            _check_work(name, hook)
        object.__setattr__(self, name, hooks)

    def with_(self, **changes: Unpack[PolicyChanges]) -> Self:
        """Return a copy with these fields changed."""
        return replace(self, **changes)


def _check_work(name: str, fn: object) -> None:
    """Refuse a coroutine function and the like: its result would be dropped."""
    if (late := late_function(fn)) is not None:
        raise TypeError(f"{name} must do its work before it returns, which {name_of(late)} does not")
