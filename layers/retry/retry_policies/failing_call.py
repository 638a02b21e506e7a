"""The decisions about one call that has failed: whether and when another attempt follows."""

from dataclasses import dataclass

from retry_policies.backoff import backoff_window, full_jitter, valid_retry_after
from retry_policies.call_state import CallState
from retry_policies.classification import Classification, ErrorKind, classify_safely
from retry_policies.events import StopReason
from retry_policies.info import NUMBERS, inner_give_up


@dataclass(slots=True)
class FailingCall(CallState):
    """A call whose attempts fail. The public methods stand in the order in which they are called."""

    def classify(self, error: Exception) -> Classification:
        return classify_safely(self.policy.classifier, error)

    def fail(self, error: Exception, classification: Classification) -> None:
        """Take the failure of the latest attempt."""
        self.repeats = self.may_repeat(error, classification)
        self.failure = error

    def may_repeat(self, error: Exception, classification: Classification) -> bool:
        reason = self._refusal(error, classification)
        if reason is not None:
            self.give_up(error, reason)
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
            self.stop_reason = reason
        return reason is not None

    def stop(self) -> None:
        """Give up for the reason that `must_stop` has found."""
        self.give_up(self.failure, self.stop_reason)

    def start_attempt(self) -> bool:
        """Count one more attempt. Return False if the pause took longer than planned and no time is left."""
        if self.remaining() <= 0:
            self.give_back_token()
            self.give_up(self.failure, StopReason.DEADLINE)
            return False
        self.attempts += 1
        self.start_number = next(NUMBERS)
        return True

    def _refusal(self, error: Exception, classification: Classification) -> StopReason | None:
        """Return why no attempt can follow this failure, however much time is left."""
        policy = self.policy
        self.inner = inner_give_up(error, self.start_number, is_async=self.is_async)
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
        remaining = self.remaining()
        spare = remaining - policy.min_attempt_time
        if pause > spare or pause >= remaining:
            return StopReason.RETRY_AFTER if self._retry_after() > max(0.0, spare) else StopReason.DEADLINE
        if policy.budget is not None and not policy.budget.take():
            return StopReason.BUDGET
        return None

    def _retry_after(self) -> float:
        return valid_retry_after(self.classification.retry_after) or 0.0
