"""The facts about one call, and the reports of its pauses and its end."""

from dataclasses import dataclass, field
from typing import Self

from retry_policies.classification import Classification, ErrorKind
from retry_policies.deadline import Clock, Deadline, DeadlineExceeded
from retry_policies.events import GiveUpEvent, RecoveryEvent, RetryEvent, StopReason, call_hooks
from retry_policies.info import NUMBERS, RetryInfo, record
from retry_policies.parameters import PolicyParameters

TOO_LATE = Classification(ErrorKind.TRANSIENT, code="deadline")


@dataclass(slots=True)
class CallState:
    policy: PolicyParameters
    clock: Clock
    started: float
    ends: float
    start_number: int
    """The number drawn at the start of the present attempt. A give-up within the attempt has a higher one."""
    attempts: int = 1
    slept: float = 0.0
    failure: Exception = field(init=False, repr=False)
    """The latest failure. Unset before the first one, and after `take_failure`."""
    classification: Classification = TOO_LATE
    """The classification of the latest failure; the default is for a call that has no time for an attempt."""
    inner: RetryInfo | None = None
    """The record of a nested policy that gave up within the latest attempt."""
    repeats: bool = True
    """Whether the latest attempt may be followed by another."""
    stop_reason: StopReason = field(init=False)
    """The reason why the next pause cannot be slept. Unset while it can."""
    is_async: bool = False
    used_extra_attempt: bool = False
    """Whether a failure that is worth only one more attempt has had that attempt."""

    @classmethod
    def begin_async(cls, policy: PolicyParameters, deadline: Deadline | None) -> Self:
        """Return the state before the first attempt of an asynchronous call.

        Raise DeadlineExceeded if there is no time for it.
        """
        number = next(NUMBERS)
        clock = policy.clock if deadline is None else deadline.clock
        started = clock()
        ends = started + policy.timeout if deadline is None else deadline.at
        call = cls(policy, clock, started, ends, number, is_async=True)
        if deadline is not None and ends - started < policy.min_attempt_time:
            raise call.too_late()
        return call

    def too_late(self) -> DeadlineExceeded:
        """Return the error for a call that has no time for its first attempt."""
        error = DeadlineExceeded("no time for an attempt")
        self.attempts = 0
        self.give_up(error, StopReason.DEADLINE)
        return error

    def start_pause(self, pause: float) -> None:
        """Count the pause, and report it."""
        policy, classification = self.policy, self.classification
        self.slept += pause
        if policy.on_retry:
            kind, code = classification.kind, classification.code
            remaining = self.remaining()
            event = RetryEvent(policy.name, self.attempts, pause, kind, code, remaining, policy.max_attempts)
            call_hooks(policy.on_retry, event)

    def give_back_token(self) -> None:
        """Return the budget's token of a retry that is not made after all."""
        if self.policy.budget is not None:
            self.policy.budget.give_back()

    def recover(self) -> None:
        """Report that a later attempt succeeded."""
        policy = self.policy
        self.take_failure()
        if policy.budget is not None:
            policy.budget.on_success()
        if policy.on_recovery:
            call_hooks(policy.on_recovery, RecoveryEvent(policy.name, self.attempts, self.remaining()))

    def take_failure(self) -> Exception:
        """Return the failure and forget it: its traceback refers to this object, which would be a reference cycle."""
        failure = self.failure
        del self.failure
        return failure

    def give_up(self, error: Exception, reason: StopReason) -> None:
        """Record the end of the call on its error, and report it."""
        policy, classification = self.policy, self.classification
        elapsed = self.clock() - self.started
        number = next(NUMBERS)
        info = RetryInfo(self.attempts, elapsed, self.slept, reason, classification, number, self.inner)
        record(error, info, is_async=self.is_async)
        if policy.on_giveup:
            kind, code = classification.kind, classification.code
            remaining = self.remaining()
            event = GiveUpEvent(policy.name, self.attempts, reason, kind, code, remaining, policy.max_attempts)
            call_hooks(policy.on_giveup, event)

    def remaining(self) -> float:
        """Return the seconds left, negative after the deadline."""
        return self.ends - self.clock()


def report_permanent(policy: PolicyParameters, classification: Classification, remaining: float) -> None:
    """Report a permanent failure of the first attempt."""
    kind, code = classification.kind, classification.code
    event = GiveUpEvent(policy.name, 1, StopReason.PERMANENT, kind, code, remaining, policy.max_attempts)
    call_hooks(policy.on_giveup, event)
