"""The state of one call that has failed: whether and when another attempt follows."""

from dataclasses import dataclass, field

from retry_policies.backoff import backoff_window, full_jitter, valid_retry_after
from retry_policies.classification import Classification, ErrorKind
from retry_policies.deadline import Clock, DeadlineExceeded
from retry_policies.events import GiveUpEvent, RecoveryEvent, RetryEvent, StopReason, call_hooks
from retry_policies.info import NUMBERS, RetryInfo, inner_give_up, record
from retry_policies.parameters import PolicyParameters

TOO_LATE = Classification(ErrorKind.TRANSIENT, code="deadline")


@dataclass(slots=True)
class FailingCall:
    """The public methods stand in the order of their calls."""

    policy: PolicyParameters
    clock: Clock
    started: float
    ends: float
    start_number: int
    """The number drawn at the start of the present attempt. A give-up within the attempt has a higher one."""
    attempts: int = 1
    slept: float = 0.0
    failure: Exception = field(init=False, repr=False)
    """The latest one, once another attempt has been allowed."""
    classification: Classification = TOO_LATE
    """Of the latest failure; the default is for a call that has no time for an attempt."""
    inner: RetryInfo | None = None
    """The record of a nested policy that gave up within the latest attempt."""
    repeats: bool = True
    """Whether the latest attempt may be followed by another."""
    has_paused: bool = False
    used_extra_attempt: bool = False
    """Whether a failure that is worth only one more attempt has had that attempt."""

    def too_late(self) -> DeadlineExceeded:
        """Return the error for a call that has no time for its first attempt."""
        error = DeadlineExceeded("no time for an attempt")
        self.attempts = 0
        self._give_up(error, StopReason.DEADLINE)
        return error

    def may_repeat(self, error: Exception, classification: Classification) -> bool:
        reason = self._refusal(error, classification)
        if reason is not None:
            self._give_up(error, reason)
        return reason is None

    def pause(self) -> float:
        """Return the seconds before the next attempt: Retry-After, and jitter in a window that grows."""
        policy = self.policy
        throttled = self.classification.kind is ErrorKind.THROTTLED
        window = backoff_window(
            self.attempts,
            initial=policy.throttling_backoff if throttled else policy.initial_backoff,
            multiplier=policy.backoff_multiplier,
            cap=policy.max_backoff,
        )
        return full_jitter(window, at_least=self._retry_after(), uniform=policy.uniform)

    def must_stop(self, pause: float) -> bool:
        reason = self._stop_reason(pause)
        if reason is not None:
            self._give_up(self.failure, reason)
        return reason is not None

    def start_pause(self, pause: float) -> None:
        policy, classification = self.policy, self.classification
        self.has_paused = True
        self.slept += pause
        if policy.on_retry:
            kind, code = classification.kind, classification.code
            remaining = self._remaining()
            event = RetryEvent(policy.name, self.attempts, pause, kind, code, remaining, policy.max_attempts)
            call_hooks(policy.on_retry, event)

    def start_attempt(self) -> bool:
        """Count one more attempt. Return False if the pause took longer than planned and no time is left."""
        self.repeats = False
        if self._remaining() <= 0:
            if self.policy.budget is not None:
                self.policy.budget.give_back()
            self._give_up(self.failure, StopReason.DEADLINE)
            return False
        self.attempts += 1
        self.start_number = next(NUMBERS)
        return True

    def recover(self) -> None:
        """Report that a later attempt succeeded."""
        policy = self.policy
        self.take_failure()
        if policy.budget is not None:
            policy.budget.on_success()
        if policy.on_recovery:
            call_hooks(policy.on_recovery, RecoveryEvent(policy.name, self.attempts, self._remaining()))

    def take_failure(self) -> Exception:
        """Return the failure and forget it: its traceback refers to this object, which would be a reference cycle."""
        failure = self.failure
        del self.failure
        return failure

    def _refusal(self, error: Exception, classification: Classification) -> StopReason | None:
        """Return why no attempt can follow this failure, however much time is left."""
        policy = self.policy
        self.inner = inner_give_up(error, self.start_number)
        self.classification = classification if self.inner is None else self.inner.classification
        if self.inner is not None:
            return StopReason.NESTED
        if classification.kind is ErrorKind.PERMANENT:
            return StopReason.PERMANENT
        repeats_ambiguous = policy.repeatable and (classification.answered or policy.repeat_unanswered)
        if classification.kind is ErrorKind.AMBIGUOUS and not repeats_ambiguous:
            return StopReason.AMBIGUOUS
        if self.attempts >= policy.max_attempts or (classification.once and self.used_extra_attempt):
            return StopReason.ATTEMPTS
        self.used_extra_attempt |= classification.once
        return None

    def _stop_reason(self, pause: float) -> StopReason | None:
        """Return why this pause cannot be slept. The budget comes last: a stopped retry must not cost a token."""
        policy = self.policy
        if pause > policy.max_pause:
            return StopReason.RETRY_AFTER
        remaining = self._remaining()
        spare = remaining - policy.min_attempt_time
        if pause > spare or pause >= remaining:
            return StopReason.RETRY_AFTER if self._retry_after() > max(0.0, spare) else StopReason.DEADLINE
        if policy.budget is not None and not policy.budget.take():
            return StopReason.BUDGET
        return None

    def _give_up(self, error: Exception, reason: StopReason) -> None:
        policy, classification = self.policy, self.classification
        elapsed = self.clock() - self.started
        number = next(NUMBERS)
        record(error, RetryInfo(self.attempts, elapsed, self.slept, reason, classification, number, self.inner))
        if policy.on_giveup:
            kind, code = classification.kind, classification.code
            remaining = self._remaining()
            event = GiveUpEvent(policy.name, self.attempts, reason, kind, code, remaining, policy.max_attempts)
            call_hooks(policy.on_giveup, event)

    def _retry_after(self) -> float:
        return valid_retry_after(self.classification.retry_after) or 0.0

    def _remaining(self) -> float:
        return self.ends - self.clock()
