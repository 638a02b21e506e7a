"""One call that has failed: whether, when and how often it is repeated."""

from typing import TYPE_CHECKING

from retry_policies.backoff import backoff_window, full_jitter, lower_bound
from retry_policies.classification import Classification, ErrorKind
from retry_policies.deadline import Clock, DeadlineExceeded
from retry_policies.events import GiveUpEvent, RecoveryEvent, RetryEvent, StopReason
from retry_policies.info import NUMBERS, RetryInfo, annotate, given_up_since

if TYPE_CHECKING:
    from retry_policies.policy import RetryPolicy

TOO_LATE = Classification(ErrorKind.TRANSIENT, code="deadline")


class FailingCall:
    """Answers what tenacity asks, in its order: may_repeat, pause, must_stop, announce, begin_attempt.

    What starts alike for every call stands on the class, and costs a call nothing until it changes.
    """

    attempts = 1
    again = True
    """Whether the latest attempt may be followed by another."""
    slept = 0.0
    has_paused = False
    had_its_one = False
    """Whether a failure worth one more attempt has had it."""
    verdict = TOO_LATE
    inner: RetryInfo | None = None
    """What a policy further in said of the latest failure."""
    failure: Exception
    """The latest one, from the moment it is known that it may be repeated."""

    def __init__(self, policy: "RetryPolicy", clock: Clock, started: float, ends: float, began: int) -> None:
        self.policy = policy
        self.clock = clock
        self.started = started
        self.ends = ends
        self.began = began
        """The number of the present attempt: a give-up within it has a higher one."""

    def too_late(self) -> DeadlineExceeded:
        """The error for a call that has no time for its first attempt."""
        error = DeadlineExceeded("no time for an attempt")
        self.attempts = 0
        self.give_up(error, StopReason.DEADLINE)
        return error

    def may_repeat(self, error: Exception, verdict: Classification) -> bool:
        reason = self.refusal(error, verdict)
        if reason is not None:
            self.give_up(error, reason)
        return reason is None

    def refusal(self, error: Exception, verdict: Classification) -> StopReason | None:
        """Why this failure cannot be followed by an attempt, however much time there is."""
        policy = self.policy
        self.inner = given_up_since(error, self.began)
        if self.inner is not None:
            self.verdict = self.inner.classification
            return StopReason.NESTED
        self.verdict = verdict
        kind = verdict.kind
        if kind is ErrorKind.PERMANENT:
            return StopReason.PERMANENT
        if kind is ErrorKind.AMBIGUOUS and not (policy.repeatable and (verdict.answered or policy.repeat_unanswered)):
            return StopReason.AMBIGUOUS
        if self.attempts >= policy.max_attempts or (verdict.once and self.had_its_one):
            return StopReason.ATTEMPTS
        self.had_its_one |= verdict.once
        return None

    def pause(self) -> float:
        """Seconds before the next attempt: what was asked, and a random part of a window that grows."""
        policy, verdict = self.policy, self.verdict
        throttled = verdict.kind is ErrorKind.THROTTLED
        window = backoff_window(
            self.attempts,
            initial=policy.throttling_backoff if throttled else policy.initial_backoff,
            multiplier=policy.backoff_multiplier,
            cap=policy.max_backoff,
        )
        return full_jitter(window, at_least=lower_bound(verdict.retry_after) or 0.0, uniform=policy.uniform)

    def must_stop(self, pause: float) -> bool:
        reason = self.stop_reason(pause)
        if reason is not None:
            self.give_up(self.failure, reason)
        return reason is not None

    def stop_reason(self, pause: float) -> StopReason | None:
        """Why this pause cannot be slept. The budget is asked last: no token for a retry that will not be."""
        policy = self.policy
        if pause > policy.max_pause:
            return StopReason.RETRY_AFTER
        left = self.ends - self.clock()
        spare = left - policy.min_attempt_time
        if pause > spare or pause >= left:
            asked = lower_bound(self.verdict.retry_after) or 0.0
            return StopReason.RETRY_AFTER if asked > max(0.0, spare) else StopReason.DEADLINE
        if policy.budget is not None and not policy.budget.take():
            return StopReason.BUDGET
        return None

    def announce(self, pause: float) -> None:
        policy, verdict = self.policy, self.verdict
        self.has_paused = True
        self.slept += pause
        if policy.on_retry:
            event = RetryEvent(policy.name, self.attempts, pause, verdict.kind, verdict.code, self.remaining())
            policy.tell(policy.on_retry, event)

    def begin_attempt(self) -> bool:
        """Count one more attempt. False where the pause took so much longer than it should that there is no time."""
        self.again = False
        if self.remaining() <= 0:
            if self.policy.budget is not None:
                self.policy.budget.give_back()
            self.give_up(self.failure, StopReason.DEADLINE)
            return False
        self.attempts += 1
        self.began = next(NUMBERS)
        return True

    def take_failure(self) -> Exception:
        """Kept here it would be part of a cycle: error, traceback, frame, this."""
        failure = self.failure
        del self.failure
        return failure

    def recover(self) -> None:
        """A later attempt succeeded."""
        policy = self.policy
        self.take_failure()
        if policy.budget is not None:
            policy.budget.on_success()
        if policy.on_recovery:
            policy.tell(policy.on_recovery, RecoveryEvent(policy.name, self.attempts, self.remaining()))

    def give_up(self, error: Exception, reason: StopReason) -> None:
        policy, verdict = self.policy, self.verdict
        elapsed = self.clock() - self.started
        annotate(error, RetryInfo(self.attempts, elapsed, self.slept, reason, verdict, next(NUMBERS), self.inner))
        if policy.on_giveup:
            event = GiveUpEvent(policy.name, self.attempts, reason, verdict.kind, verdict.code, self.remaining())
            policy.tell(policy.on_giveup, event)

    def remaining(self) -> float:
        return self.ends - self.clock()
