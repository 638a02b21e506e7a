"""Events for a policy's hooks, and two hooks that write them to the standard log, the first by default."""

import logging
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from retry_policies.classification import ErrorKind

logger = logging.getLogger("retry_policies")


class StopReason(Enum):
    """The reasons to make no further attempt."""

    PERMANENT = "PERMANENT"
    AMBIGUOUS = "AMBIGUOUS"
    """It may have taken effect, and must not be repeated."""
    ATTEMPTS = "ATTEMPTS"
    DEADLINE = "DEADLINE"
    RETRY_AFTER = "RETRY_AFTER"
    """The other side asked for a longer wait than fits: let a queue wait."""
    BUDGET = "BUDGET"
    """Too many retries across all calls: more of them would prolong an outage."""
    NESTED = "NESTED"
    """A nested policy has already given up on it."""


class RetryEvent(NamedTuple):
    """An attempt failed and another one follows after `wait` seconds."""

    name: str
    attempt: int
    wait: float
    kind: ErrorKind
    code: str
    remaining: float
    """Seconds before the deadline."""
    max_attempts: int


class RecoveryEvent(NamedTuple):
    """An attempt succeeded after others had failed."""

    name: str
    attempt: int
    remaining: float


class GiveUpEvent(NamedTuple):
    """The last attempt failed; the error goes to the caller."""

    name: str
    attempt: int
    reason: StopReason
    kind: ErrorKind
    code: str
    remaining: float
    max_attempts: int


type Hook[E] = Callable[[E], object]
type Hooks[E] = Hook[E] | tuple[Hook[E], ...]
"""One hook or many."""


def hooks_of[E](hooks: Hooks[E]) -> tuple[Hook[E], ...]:
    """Return the hooks as a tuple, to add one: `on_retry=(*hooks_of(policy.on_retry), mine)`."""
    return hooks if isinstance(hooks, tuple) else (hooks,)


def call_hooks[E](hooks: Hooks[E], event: E) -> None:
    """Call each hook. Log one that raises, by its error's type only: the error's text may show a secret."""
    for hook in hooks_of(hooks):
        try:
            hook(event)
        except Exception as error:  # noqa: BLE001 - telemetry must not fail the call
            logger.error("a hook raised", extra={"error": type(error).__name__})  # noqa: TRY400 - see above


def retry_facts(event: RetryEvent) -> dict[str, object]:
    """Return the fields of a log line about a retry."""
    facts = {"policy": event.name, "attempt": event.attempt, "wait": round(event.wait, 3)}
    return {**facts, "kind": event.kind.value, "code": event.code}


def giveup_facts(event: GiveUpEvent) -> dict[str, object]:
    """Return the fields of a log line about a give-up."""
    facts = {"policy": event.name, "attempt": event.attempt, "reason": event.reason.value}
    return {**facts, "kind": event.kind.value, "code": event.code}


def log_retry(event: RetryEvent) -> None:
    """Warn of an attempt that is followed by another. The line shows all, and the record has the fields too."""
    logger.warning(
        "%sattempt %d of %d failed: %s; next in %g s, deadline in %g s",
        *_subject(event),
        round(event.wait, 2),
        round(event.remaining, 1),
        extra=retry_facts(event),
    )


def log_giveup(event: GiveUpEvent) -> None:
    """Log the error of a call that was given up."""
    logger.error(
        "%sattempt %d of %d failed: %s; gave up: %s, deadline in %g s",
        *_subject(event),
        event.reason.value,
        round(event.remaining, 1),
        extra=giveup_facts(event),
    )


def _subject(event: RetryEvent | GiveUpEvent) -> tuple[str, int, int, str]:
    """Return the policy's name as a prefix, the attempt, their limit, and the code or the kind."""
    name = f"{event.name}: " if event.name else ""
    return name, event.attempt, event.max_attempts, event.code or event.kind.value
